package dev.peerage.bgp.speaker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Lets some log lines through at once and then one per interval, so that whoever causes them cannot
 * fill a disk. To be used on the event loop only.
 */
final class LogLimit {
  private static final int BURST = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final InstantSource clock;
  private int credit = BURST;
  private Instant refilled;
  private long heldBack;

  /** By the system's clock. */
  LogLimit() {
    this(InstantSource.system());
  }

  LogLimit(InstantSource clock) {
    this.clock = clock;
    this.refilled = clock.instant();
  }

  /** Writes the line or counts it. It gets what it ends with: how many were held back before it. */
  void log(Consumer<String> line) {
    refill();
    if (credit == 0) {
      heldBack++;
      return;
    }
    credit--;
    line.accept(heldBack == 0 ? "" : " (" + heldBack + " lines like this were held back)");
    heldBack = 0;
  }

  private void refill() {
    Instant now = clock.instant();
    long earned = Duration.between(refilled, now).dividedBy(INTERVAL);
    if (earned != 0) { // negative when the clock was set back
      credit = (int) Math.clamp(credit + Math.max(0, earned), 0, BURST);
      refilled = earned > 0 ? refilled.plus(INTERVAL.multipliedBy(earned)) : now;
    }
  }
}

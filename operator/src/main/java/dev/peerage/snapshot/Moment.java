package dev.peerage.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A point in time that can be told from a later one although somebody has set the clock: within one
 * boot of the machine the time since the boot decides, and the clock only across boots.
 *
 * @param time by the clock
 * @param boot which boot of the machine; empty when that is unknown
 * @param uptime since that boot
 */
public record Moment(Instant time, String boot, Duration uptime) {
  /** Clocks of one machine differ by this much around a reboot without anything being wrong. */
  private static final Duration CLOCK_ERROR = Duration.ofMinutes(5);

  /**
   * How much time has passed since an earlier moment. Empty when nobody can say: the machine has
   * booted since, and its clock stands before that moment.
   */
  public Optional<Duration> since(Moment earlier) {
    boolean sameBoot = !boot.isEmpty() && boot.equals(earlier.boot);
    Duration passed =
        sameBoot ? uptime.minus(earlier.uptime) : Duration.between(earlier.time, time);
    if (!passed.isNegative()) {
      return Optional.of(passed);
    }
    return passed.compareTo(CLOCK_ERROR.negated()) < 0
        ? Optional.empty()
        : Optional.of(Duration.ZERO);
  }
}

package dev.peerage.kube;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that fails again and again. People are told when it begins, once a minute while it
 * lasts, and when it is over; if it comes and goes, at most once a minute as well. Any thread.
 */
public final class Trouble {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Supplier<Duration> elapsed;
  private Duration since = Duration.ZERO;
  private Duration next = Duration.ZERO;
  private long failures;
  private boolean toldOfThis;
  private boolean toldOfAny;

  /** By the clock of the process. */
  public Trouble() {
    this(() -> Duration.ofNanos(System.nanoTime()));
  }

  Trouble(Supplier<Duration> elapsed) {
    this.elapsed = elapsed;
  }

  /**
   * It has failed once more.
   *
   * @param line writes the line if there is to be one; gets what it says of how long it lasts,
   *     which is empty the first time
   */
  public synchronized void lasts(Consumer<String> line) {
    Duration now = elapsed.get();
    if (failures++ == 0) {
      since = now;
    }
    if (!toldOfAny || now.compareTo(next) >= 0) {
      line.accept(failures == 1 ? "" : " (for " + seconds(now) + " s, " + failures + " failures)");
      toldOfAny = true;
      toldOfThis = true;
      next = now.plus(AGAIN);
    }
  }

  /**
   * It works.
   *
   * @param line writes that it does, if it was told that it did not; gets how long that was
   */
  public synchronized void over(Consumer<String> line) {
    if (toldOfThis) {
      line.accept(" after " + seconds(elapsed.get()) + " s and " + failures + " failures");
    }
    failures = 0;
    toldOfThis = false;
  }

  private long seconds(Duration now) {
    return now.minus(since).toSeconds();
  }
}

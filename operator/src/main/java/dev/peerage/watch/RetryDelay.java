package dev.peerage.watch;

import java.time.Duration;

/** How long to wait after failures in a row: a second, then twice as long each time. */
public final class RetryDelay {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private RetryDelay() {}

  /** The delay after so many failures, at least one. */
  public static Duration after(int failures) {
    var delay = FIRST.multipliedBy(1L << Math.clamp(failures - 1, 0, 10));
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }
}

package dev.peerage.kube;

import java.time.Duration;

/**
 * How long to wait until something that failed is tried again: twice as long after each failure in
 * a row, without an end.
 *
 * @param first after the first failure
 * @param longest at most
 */
public record RetryPolicy(Duration first, Duration longest) {
  /** What routes and addresses depend on: planning, reconciling, migrating. 1, 2, 4 … 60 s. */
  public static final RetryPolicy STANDARD =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /**
   * A node's status, which no session waits for and which thousands of nodes write. 5, 10, 20 … 80
   * s.
   */
  public static final RetryPolicy STATUS =
      new RetryPolicy(Duration.ofSeconds(5), Duration.ofSeconds(80));

  /** An Event, which only people read. Every 60 s. */
  public static final RetryPolicy EVENT =
      new RetryPolicy(Duration.ofMinutes(1), Duration.ofMinutes(1));

  /**
   * The delay after some failures in a row.
   *
   * @param failures at least one
   */
  public Duration after(int failures) {
    Duration delay = first;
    for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longest) > 0 ? longest : delay;
  }
}

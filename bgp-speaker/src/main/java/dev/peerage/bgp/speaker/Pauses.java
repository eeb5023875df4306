package dev.peerage.bgp.speaker;

import java.time.Duration;

/**
 * How long a peer that sent too much is refused: each time twice as long as the last time, up to an
 * hour; a session that lasted two hours begins a new count.
 */
final class Pauses {
  static final Duration LONGEST = Duration.ofHours(1);
  static final Duration FORGIVEN = Duration.ofHours(2);

  private final Duration first;
  private Duration last = Duration.ZERO;

  Pauses(Duration first) {
    this.first = first;
  }

  /**
   * The next one.
   *
   * @param lasted how long the session was up
   */
  Duration next(Duration lasted) {
    Duration doubled = last.multipliedBy(2);
    boolean begins = last.isZero() || lasted.compareTo(FORGIVEN) >= 0;
    last = begins ? first : doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return last;
  }
}

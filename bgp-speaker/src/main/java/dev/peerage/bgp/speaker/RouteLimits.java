package dev.peerage.bgp.speaker;

import java.time.Duration;

/**
 * How much of what peers send a speaker keeps in memory.
 *
 * @param bytes what the received routes of all peers together may take of memory. Of peers whose
 *     routes are not used ({@link DesiredPeer.ImportPolicy#REJECT}) nothing is kept that goes
 *     beyond it; of the others the one with most loses its session
 * @param prefixes how many prefixes a peer may send that has no limit of its own; 0 = any number
 * @param pause how long a peer that sent too much is refused for the first time; each time after
 *     that twice as long, up to an hour
 */
public record RouteLimits(long bytes, int prefixes, Duration pause) {
  /** Half of what the heap may become, any number of prefixes, a minute. */
  public static final RouteLimits DEFAULTS = ofHeap(50, 0);

  /** Throws {@link IllegalArgumentException} when a limit is negative or there is no room. */
  public RouteLimits {
    if (bytes < 1 || prefixes < 0 || pause.isNegative() || pause.isZero()) {
      throw new IllegalArgumentException(
          "no limits: " + bytes + " bytes, " + prefixes + " prefixes, a pause of " + pause);
    }
  }

  /**
   * A share of what this process's heap may become; the first pause is a minute.
   *
   * @param percent 1 to 100
   * @param prefixes as in the record
   */
  public static RouteLimits ofHeap(int percent, int prefixes) {
    return new RouteLimits(
        Runtime.getRuntime().maxMemory() / 100 * percent, prefixes, Duration.ofMinutes(1));
  }
}

package dev.peerage.bgp.speaker;

/**
 * How much one peer may send before its session is ended.
 *
 * @param prefixes how many prefixes of all families; 0 = what {@link RouteLimits} says
 * @param bytes what its routes may take of memory; 0 = no limit but that for all peers together
 */
public record ReceiveLimits(int prefixes, long bytes) {
  /** No limits of its own. */
  public static final ReceiveLimits NONE = new ReceiveLimits(0, 0);

  /** Throws {@link IllegalArgumentException} when a limit is negative. */
  public ReceiveLimits {
    if (prefixes < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "a peer cannot be limited to " + prefixes + " prefixes and " + bytes + " bytes");
    }
  }
}

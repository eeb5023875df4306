package dev.peerage.bgp.rib;

/**
 * What is kept of one peer's routes.
 *
 * @param prefixes how many, of all families
 * @param bytes what they take of memory
 * @param notKept how many more came since the session began that were not kept, for want of room;
 *     one that came again counts again
 * @param withoutAttributes whether the attributes of some routes were not kept
 */
public record ReceivedRoutes(int prefixes, long bytes, long notKept, boolean withoutAttributes) {
  /** Nothing. */
  public static final ReceivedRoutes NONE = new ReceivedRoutes(0, 0, 0, false);

  /** Whether all that the peer sent is kept. */
  public boolean complete() {
    return notKept == 0 && !withoutAttributes;
  }
}

package dev.peerage.bgp.speaker;

/**
 * How many messages of each type went one way, over all sessions with a peer since it was
 * configured.
 *
 * @param updates UPDATE, End-of-RIB included
 * @param bytes of all of them, headers included
 */
public record MessageCounts(
    long opens, long updates, long notifications, long keepalives, long refreshes, long bytes) {
  /** No message. */
  public static final MessageCounts NONE = new MessageCounts(0, 0, 0, 0, 0, 0);
}

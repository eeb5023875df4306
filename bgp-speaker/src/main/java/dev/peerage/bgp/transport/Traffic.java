package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.MessageType;

/** Counts the messages of a peer, one way. To be used on the event loop only. */
public final class Traffic {
  private final long[] messages = new long[MessageType.values().length];
  private long bytes;

  /** Counts a message. */
  void add(MessageType type, int length) {
    messages[type.ordinal()]++;
    bytes += length;
  }

  /** The messages of a type. */
  public long messages(MessageType type) {
    return messages[type.ordinal()];
  }

  /** The bytes of all messages, headers included. */
  public long bytes() {
    return bytes;
  }
}

package dev.peerage.bgp.wire;

/** KEEPALIVE (RFC 4271 section 4.4). */
public record Keepalive() implements Message {
  /** The only value. */
  public static final Keepalive KEEPALIVE = new Keepalive();

  @Override
  public MessageType type() {
    return MessageType.KEEPALIVE;
  }
}

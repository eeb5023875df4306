package dev.peerage.bgp.wire;

import java.util.Optional;

/** The message types and their smallest lengths (RFC 4271 section 4, RFC 2918 section 3). */
public enum MessageType {
  OPEN(1, 29),
  UPDATE(2, 23),
  NOTIFICATION(3, 21),
  KEEPALIVE(4, 19),
  ROUTE_REFRESH(5, 23);

  private final int code;
  private final int minimumLength;

  MessageType(int code, int minimumLength) {
    this.code = code;
    this.minimumLength = minimumLength;
  }

  /** The code on the wire. */
  public int code() {
    return code;
  }

  /** The smallest legal message in bytes, header included. */
  public int minimumLength() {
    return minimumLength;
  }

  /** The type with this code. */
  public static Optional<MessageType> of(int code) {
    return code >= 1 && code <= 5 ? Optional.of(values()[code - 1]) : Optional.empty();
  }
}

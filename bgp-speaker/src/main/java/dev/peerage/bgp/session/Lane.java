package dev.peerage.bgp.session;

/**
 * One of the two connections that can exist with a peer at the same time, by who opened it. RFC
 * 4271 section 6.8 leaves one of them.
 */
public enum Lane {
  /** This side opened it. */
  DIALED,
  /** The peer opened it. */
  ACCEPTED;

  /** The other one. */
  public Lane other() {
    return switch (this) {
      case DIALED -> ACCEPTED;
      case ACCEPTED -> DIALED;
    };
  }
}

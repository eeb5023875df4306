package dev.peerage.bgp.session;

import java.util.List;

/**
 * One of the connections that can exist with a peer at the same time, by who opened it. RFC 4271
 * section 6.8 leaves one of them.
 */
public enum Lane {
  /** This side opened it. */
  DIALED,
  /** The peer opened it. */
  ACCEPTED,
  /** The peer opened it while the session runs over {@link #ACCEPTED}, or the other way round. */
  ACCEPTED_AGAIN;

  /** Whether this side opens the connection. */
  public boolean dials() {
    return this == DIALED;
  }

  /** The other ones. */
  public List<Lane> others() {
    return switch (this) {
      case DIALED -> List.of(ACCEPTED, ACCEPTED_AGAIN);
      case ACCEPTED -> List.of(DIALED, ACCEPTED_AGAIN);
      case ACCEPTED_AGAIN -> List.of(DIALED, ACCEPTED);
    };
  }
}

package dev.peerage.bgp.session;

import java.util.List;

/**
 * Which of the connections that can exist with a peer at the same time, by who opened it. Each has
 * an FSM of its own; RFC 4271 section 6.8 leaves one of them.
 */
public enum Direction {
  /** This side opened it. */
  OUTGOING,
  /** The peer opened it. */
  INCOMING,
  /** The peer opened it while the session runs over {@link #INCOMING}, or the other way round. */
  SECOND_INCOMING;

  /** Whether this side opens the connection. */
  public boolean dials() {
    return this == OUTGOING;
  }

  /** The other ones. */
  public List<Direction> others() {
    return switch (this) {
      case OUTGOING -> List.of(INCOMING, SECOND_INCOMING);
      case INCOMING -> List.of(OUTGOING, SECOND_INCOMING);
      case SECOND_INCOMING -> List.of(OUTGOING, INCOMING);
    };
  }
}

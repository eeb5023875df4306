package dev.peerage.bgp.session;

/** The timers of a session (RFC 4271 section 10). */
public enum Timer {
  /** Until the next dial, or until a dial in progress is given up. */
  CONNECT_RETRY,
  /** Until a session that failed starts again (RFC 4271 section 8.1.1, DampPeerOscillations). */
  IDLE_HOLD,
  /** Until a silent peer counts as gone. */
  HOLD,
  /** Until the next KEEPALIVE. */
  KEEPALIVE
}

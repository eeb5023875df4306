package dev.peerage.bgp.speaker;

/** What keeps an instance from accepting connections. */
public enum ListenFault {
  /** Nothing: it accepts them, or shall not. */
  NONE,
  /** The process may not listen on the port: those below 1024 need a right. */
  NOT_PERMITTED,
  /** The address or port cannot be used now: another program has it, or it is not this host's. */
  NOT_POSSIBLE,
  /** This program failed at the instance; it starts again later. */
  INSTANCE_FAILED
}

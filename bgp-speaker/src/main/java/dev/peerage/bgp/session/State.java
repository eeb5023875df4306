package dev.peerage.bgp.session;

/** The state of one connection's FSM (RFC 4271 section 8.2.2), with what is true only in it. */
public sealed interface State {
  /** The state's name as Cilium's status writes it. */
  default String text() {
    return switch (this) {
      case Idle _ -> "idle";
      case Connect _ -> "connect";
      case Active _ -> "active";
      case OpenSent _ -> "open_sent";
      case OpenConfirm _ -> "open_confirm";
      case Established _ -> "established";
    };
  }

  /**
   * No connection, and none is wanted now.
   *
   * @param until what ends it
   * @param failures how often in a row the session did not come up (ConnectRetryCounter)
   * @param parameters what the next OPEN carries
   */
  record Idle(Until until, int failures, OptionalParameters parameters) implements State {
    /** Not started. */
    public static final Idle STOPPED = new Idle(Until.STARTED, 0);

    /** With all capabilities in the next OPEN. */
    public Idle(Until until, int failures) {
      this(until, failures, OptionalParameters.ALL);
    }

    /** What ends an Idle state. */
    public enum Until {
      /** A ManualStart. */
      STARTED,
      /** The end of the session over another connection. */
      OTHER_CONNECTION_DOWN,
      /** IDLE_HOLD. */
      RETRY,
      /** The end of the pause for a peer that sent too much: then all connections start again. */
      PAUSED
    }
  }

  /** A dial is in progress. */
  record Connect(int failures, OptionalParameters parameters) implements State {}

  /** Waits for the next dial, or for the peer's. */
  record Active(int failures, OptionalParameters parameters) implements State {
    /** With all capabilities in the OPEN. */
    public Active(int failures) {
      this(failures, OptionalParameters.ALL);
    }
  }

  /** Connected; this side's OPEN is out. */
  record OpenSent(int failures, OptionalParameters parameters) implements State {}

  /** Both OPENs are exchanged and agreed; the peer's KEEPALIVE is missing. */
  record OpenConfirm(int failures, Negotiated negotiated) implements State {}

  /** Routes flow. */
  record Established(int failures, Negotiated negotiated) implements State {}
}

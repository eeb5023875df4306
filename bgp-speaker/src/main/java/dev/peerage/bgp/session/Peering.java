package dev.peerage.bgp.session;

/**
 * The session with one peer: an FSM for each connection that can exist.
 *
 * @param dialed the FSM of the connection that this side opens
 * @param accepted the FSM of the connection that the peer opens
 */
public record Peering(State dialed, State accepted) {
  /** Before the first start. */
  public static final Peering STOPPED = new Peering(State.Idle.STOPPED, State.Idle.STOPPED);

  /** The state of a lane. */
  public State of(Lane lane) {
    return switch (lane) {
      case DIALED -> dialed;
      case ACCEPTED -> accepted;
    };
  }

  /** This, with the state of one lane replaced. */
  Peering with(Lane lane, State state) {
    return switch (lane) {
      case DIALED -> new Peering(state, accepted);
      case ACCEPTED -> new Peering(dialed, state);
    };
  }

  /** The state nearer to Established: what a person wants to know. */
  public State leading() {
    return rank(accepted) > rank(dialed) ? accepted : dialed;
  }

  private static int rank(State state) {
    return switch (state) {
      case State.Idle _ -> 0;
      case State.Connect _ -> 1;
      case State.Active _ -> 2;
      case State.OpenSent _ -> 3;
      case State.OpenConfirm _ -> 4;
      case State.Established _ -> 5;
    };
  }
}

package dev.peerage.bgp.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The session with one peer: an FSM for each connection that can exist.
 *
 * @param lanes their states, by {@link Lane#ordinal}
 */
public record Peering(List<State> lanes) {
  /** Before the first start. */
  public static final Peering STOPPED =
      new Peering(List.of(State.Idle.STOPPED, State.Idle.STOPPED, State.Idle.STOPPED));

  /** Copies the list. */
  public Peering {
    lanes = List.copyOf(lanes);
  }

  /** The state of a lane. */
  public State of(Lane lane) {
    return lanes.get(lane.ordinal());
  }

  /** This, with the state of one lane replaced. */
  Peering with(Lane lane, State state) {
    List<State> next = new ArrayList<>(lanes);
    next.set(lane.ordinal(), state);
    return new Peering(next);
  }

  /** The state nearest to Established: what a person wants to know. */
  public State leading() {
    State leading = lanes.getFirst();
    for (State state : lanes) {
      if (rank(state) > rank(leading)) {
        leading = state;
      }
    }
    return leading;
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

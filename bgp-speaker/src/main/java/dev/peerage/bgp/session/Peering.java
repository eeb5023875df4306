package dev.peerage.bgp.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The session with one peer: an FSM for each connection that can exist.
 *
 * @param connections the states of their FSMs, by {@link Direction#ordinal}
 */
public record Peering(List<State> connections) {
  /** Before the first start. */
  public static final Peering STOPPED =
      new Peering(List.of(State.Idle.STOPPED, State.Idle.STOPPED, State.Idle.STOPPED));

  public Peering {
    connections = List.copyOf(connections);
  }

  /** The state of the FSM of a connection. */
  public State of(Direction direction) {
    return connections.get(direction.ordinal());
  }

  /** This, with the state of one FSM replaced. */
  Peering with(Direction direction, State state) {
    List<State> next = new ArrayList<>(connections);
    next.set(direction.ordinal(), state);
    return new Peering(next);
  }

  /** The state nearest to Established: what a person wants to know. */
  public State leading() {
    State leading = connections.getFirst();
    for (State state : connections) {
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

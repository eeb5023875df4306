package dev.peerage.bgp.session;

import java.util.List;

/**
 * The answer to an event of a peering.
 *
 * @param next the peering from now on
 * @param steps what happens on which connection, in this order
 */
public record PeeringTransition(Peering next, List<Step> steps) {
  public PeeringTransition {
    steps = List.copyOf(steps);
  }

  /** A transition of the FSM of one connection. */
  public record Step(Direction direction, State from, Transition transition) {}
}

package dev.peerage.bgp.session;

import java.util.List;

/**
 * The answer to an event of a peering.
 *
 * @param next the peering from now on
 * @param steps what happens on which lane, in this order
 */
public record PeeringTransition(Peering next, List<Step> steps) {
  /** Copies the list. */
  public PeeringTransition {
    steps = List.copyOf(steps);
  }

  /** A transition of one lane. */
  public record Step(Lane lane, State from, Transition transition) {}
}

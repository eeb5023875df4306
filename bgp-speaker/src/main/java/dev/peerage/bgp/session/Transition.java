package dev.peerage.bgp.session;

import java.util.List;

/**
 * The answer to an event.
 *
 * @param next the state from now on
 * @param actions what to do, in this order
 * @param reason why, in words for a log
 */
public record Transition(State next, List<Action> actions, String reason) {
  public Transition {
    actions = List.copyOf(actions);
  }
}

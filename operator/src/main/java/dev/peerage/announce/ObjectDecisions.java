package dev.peerage.announce;

import dev.peerage.peering.Problem;
import java.util.List;

/**
 * The decisions about one object, and what is wrong with it. A plan is the sum of these, so that an
 * object that changes costs only its own decisions.
 *
 * @param decisions for every route of the object and every peer
 * @param problems what is wrong with the object
 */
record ObjectDecisions(List<Decision> decisions, List<Problem> problems) {
  ObjectDecisions {
    decisions = List.copyOf(decisions);
    problems = List.copyOf(problems);
  }
}

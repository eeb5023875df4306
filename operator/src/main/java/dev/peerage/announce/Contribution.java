package dev.peerage.announce;

import dev.peerage.peering.Problem;
import java.util.List;

/**
 * What one object adds to a plan. A plan is the fold over these, so that a changed object costs its
 * own contribution only.
 *
 * @param decisions for every prefix of the object and every peer
 * @param problems what is wrong with the object
 */
record Contribution(List<Decision> decisions, List<Problem> problems) {
  Contribution {
    decisions = List.copyOf(decisions);
    problems = List.copyOf(problems);
  }
}

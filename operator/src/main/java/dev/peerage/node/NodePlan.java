package dev.peerage.node;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import java.util.List;

/**
 * What the speaker of a node shall do, and why.
 *
 * @param desired the complete desired state
 * @param problems what in the objects cannot be done as written, each once
 * @param decisions for every PodCIDR and Service address of the node and every configured peer
 */
public record NodePlan(DesiredSpeaker desired, List<Problem> problems, List<Decision> decisions) {
  /** Copies the lists. */
  public NodePlan {
    problems = List.copyOf(problems);
    decisions = List.copyOf(decisions);
  }
}

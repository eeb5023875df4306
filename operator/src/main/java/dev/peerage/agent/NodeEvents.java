package dev.peerage.agent;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Warning;
import dev.peerage.kube.Warning.Subject;
import dev.peerage.peering.Advice;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Scope;
import dev.peerage.peering.Problem.Severity;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The warnings of one node: about its Node, else about its NodeConfig. What every node sees alike
 * is the operator's to say, so that thousands of agents do not. Pure.
 */
final class NodeEvents {
  private NodeEvents() {}

  /**
   * The warnings now.
   *
   * @param config the node's NodeConfig
   * @param node the Node, as far as it is known
   * @param problems of the plan that the speaker has
   * @param state what is on the wire
   */
  static Set<Warning> of(
      CiliumBGPNodeConfig config,
      Optional<Node> node,
      Collection<Problem> problems,
      SpeakerState state) {
    Set<Warning> warnings = new LinkedHashSet<>();
    Subject onConfig = Advice.subject(config);
    problems.stream()
        .filter(problem -> problem.scope() == Scope.NODE && problem.severity() != Severity.NOTE)
        .forEach(problem ->
            warnings.add(
                node.filter(_ -> problem.object().kind().equals("Node"))
                    .map(it -> warning(Advice.subject(it), problem.field(), problem))
                    .orElseGet(() ->
                        warning(onConfig, problem.object() + " " + problem.field(), problem))));
    SpeakerProblems.of(config, state)
        .forEach(problem ->
            warnings.add(warning(onConfig, problem.object() + " " + problem.field(), problem)));
    for (InstanceState instance : state.instances()) {
      for (PeerState peer : instance.peers()) {
        String where = instance.name() + ": peer " + peer.name() + ": ";
        if (!peer.warning().isEmpty()) {
          warnings.add(new Warning(onConfig, Severity.WARNING.reason(), where + peer.warning()));
        }
      }
    }
    return warnings;
  }

  private static Warning warning(Subject subject, String where, Problem problem) {
    return new Warning(
        subject,
        problem.severity().reason(),
        where + ": " + problem.what() + "; " + problem.remedy());
  }
}

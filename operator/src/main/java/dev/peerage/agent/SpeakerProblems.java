package dev.peerage.agent;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Problem.Scope;
import dev.peerage.peering.Problem.Severity;
import dev.peerage.peering.Resolution;
import java.util.ArrayList;
import java.util.List;

/**
 * What the speaker could not do of what it was asked for, as problems of the objects that ask for
 * it. Pure.
 */
final class SpeakerProblems {
  private static final String NO_CONNECTIONS =
      "routers cannot connect to this node, and the sessions that it opens itself are as they were";

  private SpeakerProblems() {}

  /** The problems of one instance, those of its peers among them. */
  static List<Problem> of(CiliumBGPNodeConfig config, InstanceState instance) {
    ObjectRef author = Resolution.author(config);
    String at = "spec.bgpInstances[" + instance.name() + "]";
    List<Problem> problems = new ArrayList<>();
    switch (instance.listenFault()) {
      case NONE -> {}
      case NOT_PERMITTED ->
          problems.add(
              error(
                  author,
                  at + ".localPort",
                  instance.listenProblem() + "; " + NO_CONNECTIONS,
                  "set agent.bindPrivilegedPorts=true of the chart, or a port from 1024 on"));
      case NOT_POSSIBLE ->
          problems.add(
              error(
                  author,
                  at + ".localPort",
                  instance.listenProblem() + "; " + NO_CONNECTIONS,
                  "stop what else uses the port on this node, or set another port"));
      case INSTANCE_FAILED ->
          problems.add(
              error(
                  author,
                  at,
                  instance.listenProblem() + "; until then it has no session",
                  "read the log of the agent on this node, and report what it says"));
    }
    for (PeerState peer : instance.peers()) {
      peer.exceeded()
          .ifPresent(words ->
              problems.add(
                  error(
                      author,
                      at + ".peers[" + peer.name() + "]",
                      words + "; until then nothing is announced to it",
                      "let the router send less, or raise agent.receivedRoutes of the chart")));
    }
    return problems;
  }

  /** The problems of all instances. */
  static List<Problem> of(CiliumBGPNodeConfig config, SpeakerState state) {
    return state.instances().stream().flatMap(each -> of(config, each).stream()).toList();
  }

  private static Problem error(ObjectRef object, String field, String what, String remedy) {
    return new Problem(object, field, what, remedy, Severity.ERROR, Scope.NODE);
  }
}

package dev.peerage.agent;

import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.crd.v2.Condition;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The condition {@code cilium.io/BGPReconcileError}: present, and True, exactly while something
 * that was asked for is not done. Pure.
 */
final class ReconcileErrors {
  static final String TYPE = "cilium.io/BGPReconcileError";

  /** The longest message in octets of UTF-8. */
  static final int LONGEST = 32 * 1024;

  private static final String REASON = "BGPReconcileError";
  private static final int ROOM_FOR_THE_REST = 32;

  private ReconcileErrors() {}

  /** The condition; empty when there is no error. */
  static Optional<Condition> condition(
      CiliumBGPNodeConfig config, SpeakerState state, Collection<Problem> problems, Instant now) {
    List<String> lines = lines(config, state, problems);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Condition(
                TYPE,
                "True",
                config.getMetadata().getGeneration(),
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                REASON,
                message(lines))
            .since(config.getStatus() == null ? List.of() : config.getStatus().conditions()));
  }

  /**
   * One line for each error, in the order of the instances: the instance, then object and field,
   * what is wrong and what follows, and the remedy, as in {@link Problem#toString}.
   */
  static List<String> lines(
      CiliumBGPNodeConfig config, SpeakerState state, Collection<Problem> problems) {
    List<Problem> errors =
        problems.stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    List<String> lines = new ArrayList<>();
    for (Instance instance : config.getSpec().bgpInstances()) {
      errors.stream()
          .filter(error -> concerns(error, instance))
          .forEach(error -> lines.add(instance.name() + ": " + error));
      state.instances().stream()
          .filter(running -> running.name().equals(instance.name()))
          .flatMap(running -> SpeakerProblems.of(config, running).stream())
          .forEach(error -> lines.add(instance.name() + ": " + error));
    }
    return lines.stream().distinct().toList();
  }

  /** Whether a problem keeps something of this instance from being done. */
  static boolean concerns(Problem problem, Instance instance) {
    String kind = problem.object().kind();
    if (kind.equals("CiliumBGPClusterConfig") || kind.equals("CiliumBGPNodeConfig")) {
      return problem.field().startsWith("spec.bgpInstances[" + instance.name() + "]");
    }
    if (kind.equals("CiliumBGPPeerConfig")) {
      return instance.peers().stream()
          .anyMatch(peer ->
              peer.peerConfigRef() != null
                  && peer.peerConfigRef().name().equals(problem.object().name()));
    }
    return true;
  }

  private static String message(List<String> lines) {
    var message = new StringBuilder();
    int octets = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = (i == 0 ? "" : "\n") + lines.get(i);
      octets += line.getBytes(StandardCharsets.UTF_8).length;
      if (octets > LONGEST - ROOM_FOR_THE_REST) {
        return message + (i == 0 ? "" : "\n") + "and " + (lines.size() - i) + " more";
      }
      message.append(line);
    }
    return message.toString();
  }
}

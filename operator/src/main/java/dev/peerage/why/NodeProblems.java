package dev.peerage.why;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.peering.FieldPath;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Resolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The problems of a node, each with the instance and the peer that it concerns. */
public final class NodeProblems {
  private final Collection<Problem> problems;
  private final List<Place> places = new ArrayList<>();

  /** A peer, or a whole instance, and where it is written. */
  private record Place(FieldPath path, Instance instance, Optional<Peer> peer) {}

  /**
   * Finds out whom problems concern.
   *
   * @param configs the node's NodeConfig, if it has one
   */
  public NodeProblems(Collection<CiliumBGPNodeConfig> configs, Collection<Problem> problems) {
    this.problems = problems;
    for (CiliumBGPNodeConfig config : configs) {
      var spec = new FieldPath(Resolution.author(config), "spec");
      for (Instance instance : config.getSpec().bgpInstances()) {
        FieldPath at = spec.entry("bgpInstances", instance.name());
        for (Peer peer : instance.peers()) {
          places.add(new Place(at.entry("peers", peer.name()), instance, Optional.of(peer)));
        }
        places.add(new Place(at, instance, Optional.empty()));
      }
    }
  }

  /**
   * All of them, at most {@link ProblemsAnswer#MOST}, with how the sessions are.
   *
   * @param standing why what is announced is not what the API's objects say; empty when it is
   * @param peers of the node's configuration
   * @param desired what the speaker was told
   * @param state what is on the wire
   */
  public ProblemsAnswer answer(
      String node,
      String standing,
      List<WhyAnswer.Peer> peers,
      DesiredSpeaker desired,
      SpeakerState state) {
    return new ProblemsAnswer(
        node,
        standing,
        peers,
        wanted(desired),
        sent(state),
        problems.stream().limit(ProblemsAnswer.MOST).map(this::answer).toList(),
        Math.max(0, problems.size() - ProblemsAnswer.MOST));
  }

  private static long sent(SpeakerState state) {
    return state.instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .flatMap(peer -> peer.families().stream())
        .mapToLong(PeerState.FamilyCount::advertised)
        .sum();
  }

  private static long wanted(DesiredSpeaker desired) {
    return desired.instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .mapToLong(peer ->
            switch (peer.exportPolicy()) {
              case ExportPolicy.Statements(_, var statements) ->
                  statements.stream().mapToLong(each -> each.prefixes().size()).sum();
              case ExportPolicy.All() -> 0; // never a node's
            })
        .sum();
  }

  private ProblemsAnswer.Problem answer(Problem problem) {
    Optional<Place> place =
        places.stream().filter(each -> isWithin(problem, each.path())).findFirst();
    return new ProblemsAnswer.Problem(
        problem.object().toString(),
        problem.field(),
        problem.what(),
        problem.remedy(),
        problem.severity().name().toLowerCase(Locale.ROOT),
        place.map(each -> each.instance().name()).orElse(null),
        place.flatMap(Place::peer).map(Peer::name).orElse(null));
  }

  /** Those because of which a peer may be left out: its own, its instance's, its peer config's. */
  List<ProblemsAnswer.Problem> of(Instance instance, Peer peer) {
    return problems.stream()
        .filter(problem -> problem.severity() != Problem.Severity.WARNING)
        .filter(problem ->
            places.stream()
                    .filter(place -> place.instance().equals(instance))
                    .filter(place -> place.peer().isEmpty() || place.peer().get().equals(peer))
                    .anyMatch(place -> concerns(problem, place))
                || isOfPeerConfig(problem, peer))
        .map(this::answer)
        .toList();
  }

  /** What concerns another peer of the instance does not concern the instance. */
  private static boolean concerns(Problem problem, Place place) {
    return isWithin(problem, place.path())
        && (place.peer().isPresent()
            || !problem.field().startsWith(place.path().path() + ".peers["));
  }

  private static boolean isWithin(Problem problem, FieldPath place) {
    return problem.object().equals(place.object())
        && (problem.field().equals(place.path()) || problem.field().startsWith(place.path() + "."));
  }

  private static boolean isOfPeerConfig(Problem problem, Peer peer) {
    return peer.peerConfigRef() != null
        && problem.object().kind().equals("CiliumBGPPeerConfig")
        && problem.object().name().equals(peer.peerConfigRef().name());
  }
}

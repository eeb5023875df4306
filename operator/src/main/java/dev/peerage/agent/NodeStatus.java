package dev.peerage.agent;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.Afi;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus.Instance;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus.Peer;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus.RouteCount;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus.Timers;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.Safi;
import dev.peerage.peering.IpLiteral;
import dev.peerage.peering.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a CiliumBGPNodeConfig. Pure. */
public final class NodeStatus {
  /** What Cilium writes of a session that is not Established. */
  private static final Timers NO_TIMERS = new Timers(0, 0);

  private NodeStatus() {}

  /**
   * The status for what is configured and what is on the wire. A peer that is not running keeps its
   * name, ASN and address; a peer without ASN or address is left out. Conditions that others have
   * set are kept.
   *
   * @param problems of the plan that the speaker has
   * @param now for a condition that is new
   */
  public static CiliumBGPNodeConfigStatus of(
      CiliumBGPNodeConfig config, SpeakerState state, Collection<Problem> problems, Instant now) {
    return new CiliumBGPNodeConfigStatus(
        config.getSpec().bgpInstances().stream()
            .map(instance -> instance(instance, state))
            .toList(),
        Stream.concat(
                foreignConditions(config).stream(),
                ReconcileErrors.condition(config, state, problems, now).stream())
            .sorted(Comparator.comparing(Condition::type))
            .toList());
  }

  /** The status where no problem is known. */
  public static CiliumBGPNodeConfigStatus of(CiliumBGPNodeConfig config, SpeakerState state) {
    return of(config, state, List.of(), Instant.EPOCH);
  }

  /** The conditions that an agent does not set. */
  static List<Condition> foreignConditions(CiliumBGPNodeConfig config) {
    return config.getStatus() == null
        ? List.of()
        : config.getStatus().conditions().stream()
            .filter(condition -> !ReconcileErrors.TYPE.equals(condition.type()))
            .toList();
  }

  private static Instance instance(CiliumBGPNodeConfigSpec.Instance instance, SpeakerState state) {
    Optional<InstanceState> runs =
        state.instances().stream()
            .filter(candidate -> candidate.name().equals(instance.name()))
            .findFirst();
    List<PeerState> running = runs.map(InstanceState::peers).orElse(List.of());
    return new Instance(
        instance.name(),
        runs.map(InstanceState::localAsn).orElse(instance.localASN()),
        instance.peers().stream().flatMap(peer -> peer(peer, running).stream()).toList());
  }

  private static Optional<Peer> peer(CiliumBGPNodeConfigSpec.Peer peer, List<PeerState> running) {
    Optional<PeerState> state =
        running.stream().filter(candidate -> candidate.name().equals(peer.name())).findFirst();
    Optional<String> address =
        state.map(it -> address(peer, it)).or(() -> Optional.ofNullable(peer.peerAddress()));
    if (address.isEmpty() || peer.peerASN() == null) {
      return Optional.empty();
    }
    Optional<Phase.Up> up =
        state
            .map(PeerState::phase)
            .flatMap(phase -> phase instanceof Phase.Up it ? Optional.of(it) : Optional.empty());
    return Optional.of(
        new Peer(
            peer.name(),
            address.get(),
            state.map(PeerState::asn).filter(asn -> asn != 0).orElse(peer.peerASN()),
            state.map(it -> it.phase().text()).orElse(null),
            state.map(it -> timers(it.phase())).orElse(null),
            up.map(it -> it.since().truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null),
            state.map(NodeStatus::routeCounts).orElse(List.of())));
  }

  /** As it is written; that of the session when it runs at another one. */
  private static String address(CiliumBGPNodeConfigSpec.Peer peer, PeerState state) {
    @Nullable String written = peer.peerAddress();
    return written != null && IpLiteral.is(written, state.address())
        ? written
        : IpText.of(state.address());
  }

  private static Timers timers(Phase phase) {
    return switch (phase) {
      case Phase.Up up -> new Timers(up.holdSeconds(), up.keepAliveSeconds());
      case Phase.Down _ -> NO_TIMERS;
    };
  }

  private static List<RouteCount> routeCounts(PeerState state) {
    return state.families().stream()
        .map(count ->
            new RouteCount(
                switch (count.family()) {
                  case IPV4_UNICAST -> Afi.IPV4;
                  case IPV6_UNICAST -> Afi.IPV6;
                },
                Safi.UNICAST,
                count.received(),
                count.advertised()))
        .toList();
  }
}

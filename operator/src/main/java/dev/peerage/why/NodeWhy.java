package dev.peerage.why;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.announce.DecisionChange;
import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.why.WhyAnswer.Announced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Joins what one node has decided with its sessions and with what is really on the wire. */
public final class NodeWhy {
  private final String node;
  private final NodePlan plan;
  private final Optional<NodeSnapshot> objects;
  private final SpeakerState state;
  private final Reasons reasons;

  /**
   * Of one node.
   *
   * @param objects what the plan was made of; empty where that is not known
   * @param labels those of a subject, which selectors are matched with
   */
  public NodeWhy(
      String node,
      NodePlan plan,
      Optional<NodeSnapshot> objects,
      SpeakerState state,
      Function<Subject, Map<String, String>> labels) {
    this.node = node;
    this.plan = plan;
    this.objects = objects;
    this.state = state;
    this.reasons = new Reasons(node, labels, objects);
  }

  /** A prefix that a peer may have been sent. */
  public record Told(String instance, String peer, Prefix prefix) {}

  /** What has to be looked up in the adj-ribs-out to answer. */
  public static Set<Told> told(Collection<Decision> decisions) {
    Set<Told> told = new LinkedHashSet<>();
    for (Decision decision : decisions) {
      for (Announcement each : announcements(decision)) {
        told.add(new Told(decision.instance(), decision.peer(), each.prefix()));
      }
    }
    return told;
  }

  private static List<Announcement> announcements(Decision decision) {
    return decision.outcome() instanceof Outcome.Announced(var announcements)
        ? announcements
        : List.of();
  }

  /** The peers of the configuration, those that are left out among them. */
  public List<WhyAnswer.Peer> peers(Collection<CiliumBGPNodeConfig> configs) {
    var problems = new NodeProblems(configs, plan.problems());
    List<WhyAnswer.Peer> peers = new ArrayList<>();
    for (CiliumBGPNodeConfig config : configs) {
      for (CiliumBGPNodeConfigSpec.Instance instance : config.getSpec().bgpInstances()) {
        for (CiliumBGPNodeConfigSpec.Peer peer : instance.peers()) {
          Optional<InstanceState> runs = instance(instance.name());
          Optional<PeerState> session = runs.flatMap(each -> peer(each, peer.name()));
          peers.add(
              session
                  .map(each -> peer(runs.orElseThrow(), each))
                  .orElseGet(() -> leftOut(instance, peer, problems.of(instance, peer))));
        }
      }
    }
    return peers;
  }

  private static WhyAnswer.Peer peer(InstanceState instance, PeerState peer) {
    return new WhyAnswer.Peer(
        instance.name(),
        instance.localAsn(),
        peer.name(),
        IpText.of(peer.address()),
        peer.phase().text(),
        peer.since().toString(),
        peer.lastError(),
        negotiated(peer).stream().map(AddressFamily::toString).toList(),
        List.of());
  }

  private static WhyAnswer.Peer leftOut(
      CiliumBGPNodeConfigSpec.Instance instance,
      CiliumBGPNodeConfigSpec.Peer peer,
      List<ProblemsAnswer.Problem> problems) {
    return new WhyAnswer.Peer(
        instance.name(),
        Optional.ofNullable(instance.localASN()).orElse(0L),
        peer.name(),
        Optional.ofNullable(peer.peerAddress()).orElse(""),
        WhyAnswer.Peer.LEFT_OUT,
        "",
        "",
        List.of(),
        problems);
  }

  private Optional<InstanceState> instance(String name) {
    return state.instances().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private static Optional<PeerState> peer(InstanceState instance, String name) {
    return instance.peers().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** RFC 4760 section 8: what both sides announced; who announces none means IPv4. */
  static Set<AddressFamily> negotiated(PeerState peer) {
    return switch (peer.phase()) {
      case Phase.Down _ -> Set.of();
      case Phase.Up up -> {
        Set<AddressFamily> both = families(up.session().sent());
        both.retainAll(families(up.session().received()));
        yield both;
      }
    };
  }

  private static Set<AddressFamily> families(List<Capability> capabilities) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    boolean multiprotocol = false;
    for (Capability capability : capabilities) {
      if (capability instanceof Capability.Multiprotocol(var family)) {
        multiprotocol = true;
        family.known().ifPresent(families::add);
      }
    }
    return multiprotocol ? families : EnumSet.of(AddressFamily.IPV4_UNICAST);
  }

  /**
   * The decisions, joined with sessions and adj-ribs-out.
   *
   * @param sent since when each of {@link #told} is on the wire, of those that are
   */
  public List<WhyAnswer.Route> routes(Collection<Decision> decisions, Map<Told, Instant> sent) {
    return decisions.stream().map(each -> route(each, sent)).toList();
  }

  private WhyAnswer.Route route(Decision decision, Map<Told, Instant> sent) {
    List<Announced> announced =
        announcements(decision).stream()
            .map(each -> {
              var told = new Told(decision.instance(), decision.peer(), each.prefix());
              return new Announced(
                  each.prefix().toString(),
                  each.advertisements(),
                  sent.containsKey(told) ? sent.get(told).toString() : null);
            })
            .toList();
    return new WhyAnswer.Route(
        decision.instance(),
        decision.peer(),
        Reasons.text(decision.subject()),
        decision.prefix().map(Prefix::toString).orElse(null),
        decision.outcome().getClass().getSimpleName(),
        reasons.of(decision).or(() -> notSent(decision, announced)).orElse(null),
        announced);
  }

  /** Why the peer does not have what is to be announced; empty when it was sent all of it. */
  private Optional<Reason> notSent(Decision decision, List<Announced> announced) {
    Optional<PeerState> peer =
        instance(decision.instance()).flatMap(each -> peer(each, decision.peer()));
    String name = decision.peer();
    if (peer.isEmpty()) {
      return Optional.of(
          new Reason(
              Link.SESSION,
              "instance " + decision.instance() + " is not running",
              "read the log of the agent on node " + node,
              peers()));
    }
    PeerState state = peer.get();
    if (!(state.phase() instanceof Phase.Up)) {
      return Optional.of(
          new Reason(
              Link.SESSION,
              "the session with peer %s at %s is %s%s"
                  .formatted(
                      name,
                      IpText.of(state.address()),
                      state.phase().text(),
                      state.lastError().isEmpty() ? "" : ": " + state.lastError()),
              "see to the session",
              peers()));
    }
    Optional<AddressFamily> refused =
        announcements(decision).stream()
            .map(each -> each.prefix().family())
            .filter(each -> !negotiated(state).contains(each))
            .findFirst();
    if (refused.isPresent()) {
      return Optional.of(
          new Reason(
              Link.FAMILY,
              "peer %s has not agreed on %s: it announced no such multiprotocol capability in its OPEN"
                  .formatted(name, refused.get()),
              "activate the family for this neighbor on the router",
              peers()));
    }
    return announced.stream().allMatch(each -> each.sentSince() != null)
        ? Optional.empty()
        : Optional.of(
            new Reason(
                Link.WIRE,
                "peer " + name + " was not sent it, although it is to be announced",
                "ask once more: it may be on its way; else read the log of the agent on node "
                    + node,
                "peerage routes advertised --node " + node));
  }

  private String peers() {
    return "peerage peers --node " + node;
  }

  /** A change in words. */
  public WhyAnswer.Change change(Instant time, DecisionChange change) {
    return new WhyAnswer.Change(
        time.toString(),
        change.instance(),
        change.peer(),
        change.prefix().map(Prefix::toString).orElse(null),
        words(change));
  }

  private String words(DecisionChange change) {
    boolean was = change.before().filter(Outcome.Announced.class::isInstance).isPresent();
    if (change.after().isEmpty()) {
      return was ? "withdrawn: there is nothing to announce any more" : "gone";
    }
    Outcome now = change.after().get();
    if (now instanceof Outcome.Announced) {
      return was ? "announced with other attributes or prefixes" : "announced";
    }
    Optional<Reason> reason =
        reasons.of(
            new Decision(change.instance(), change.peer(), change.subject(), change.prefix(), now));
    return (was ? "withdrawn: " : "not announced: ") + reason.map(Reason::what).orElse("");
  }
}

package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome.Announced;
import dev.peerage.announce.PolicyGroups.PeerKey;
import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.ResolvedInstance;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The route policies of all peers, and the speaker's desired state that is made of them. Follows
 * the changes of single decisions.
 */
final class RoutePolicies {
  private final List<ResolvedInstance> instances;

  /** By the first peer of each group. */
  private final Map<PeerKey, RoutePolicy> policies = new HashMap<>();

  /** By peer; the peers of a group have the same one. */
  private final Map<PeerKey, RoutePolicy> ofPeers = new HashMap<>();

  /** What each instance originates. */
  private final Map<String, PrefixSet> routes = new HashMap<>();

  private DesiredSpeaker desired;

  private RoutePolicies(
      List<ResolvedInstance> instances, PolicyGroups groups, Optional<RoutePolicies> before) {
    this.instances = instances;
    this.desired = before.map(policies -> policies.desired).orElse(DesiredSpeaker.NOTHING);
    groups
        .firstOfGroup()
        .forEach((peer, first) -> {
          RoutePolicy policy =
              policies.computeIfAbsent(
                  first,
                  _ ->
                      before
                          .map(policies -> policies.ofPeers.get(peer))
                          .map(RoutePolicy::new)
                          .orElseGet(RoutePolicy::new));
          ofPeers.put(peer, policy);
        });
  }

  static RoutePolicies none() {
    return new RoutePolicies(List.of(), PolicyGroups.NONE, Optional.empty());
  }

  /**
   * For other instances, without any decision. The prefixes that stay are not touched: this one's
   * sets are where the next ones are derived from.
   *
   * @param objects all that is decided for them
   */
  RoutePolicies next(
      List<ResolvedInstance> others, PolicyGroups groups, Iterable<ObjectDecisions> objects) {
    settle();
    var next = new RoutePolicies(others, groups, Optional.of(this));
    objects.forEach(next::add);
    next.policies.values().forEach(RoutePolicy::settle);
    for (ResolvedInstance instance : others) {
      next.routes.put(
          instance.name(),
          next.union(instance, routes.getOrDefault(instance.name(), PrefixSet.EMPTY)));
    }
    next.assemble(_ -> Optional.empty());
    return next;
  }

  private PrefixSet union(ResolvedInstance instance, PrefixSet before) {
    List<RoutePolicy> told = policies(instance);
    if (before.isEmpty()) {
      return PrefixSet.of(
          told.stream().flatMap(policy -> policy.prefixes().stream()).collect(Collectors.toSet()));
    }
    PrefixSet union = before;
    for (Prefix prefix : before) {
      if (told.stream().noneMatch(policy -> policy.announces(prefix))) {
        union = union.without(prefix);
      }
    }
    for (RoutePolicy policy : told) {
      for (Prefix prefix : policy.prefixes()) {
        union = union.with(prefix);
      }
    }
    return union;
  }

  /** The policies of an instance's peers, each once. */
  private List<RoutePolicy> policies(ResolvedInstance instance) {
    Set<RoutePolicy> found = new LinkedHashSet<>();
    instance.peers().forEach(peer -> found.add(policy(instance.name(), peer.name())));
    return List.copyOf(found);
  }

  private RoutePolicy policy(String instance, String peer) {
    return Objects.requireNonNull(ofPeers.get(new PeerKey(instance, peer)));
  }

  void add(ObjectDecisions object) {
    object
        .decisions()
        .forEach(decision -> {
          RoutePolicy policy = policy(decision.instance(), decision.peer());
          announcements(decision).forEach(announcement -> policy.add(decision, announcement));
        });
  }

  void remove(ObjectDecisions object) {
    object
        .decisions()
        .forEach(decision -> {
          RoutePolicy policy = policy(decision.instance(), decision.peer());
          announcements(decision).forEach(announcement -> policy.remove(decision, announcement));
        });
  }

  private static List<Announcement> announcements(Decision decision) {
    return decision.outcome() instanceof Announced(var announcements) ? announcements : List.of();
  }

  /** The desired state of what was added and removed; the same object while nothing changed. */
  DesiredSpeaker settle() {
    Map<RoutePolicy, Set<Prefix>> changes = new HashMap<>();
    for (RoutePolicy policy : policies.values()) {
      Set<Prefix> changed = policy.settle();
      if (!changed.isEmpty()) {
        changes.put(policy, changed);
      }
    }
    if (!changes.isEmpty()) {
      Map<String, DesiredInstance> unchanged = new LinkedHashMap<>();
      desired.instances().forEach(instance -> unchanged.put(instance.name(), instance));
      for (ResolvedInstance instance : instances) {
        List<RoutePolicy> told = policies(instance);
        told.stream()
            .flatMap(policy -> changes.getOrDefault(policy, Set.of()).stream())
            .forEach(prefix -> follow(instance.name(), told, prefix));
        if (told.stream().anyMatch(changes::containsKey)) {
          unchanged.remove(instance.name());
        }
      }
      assemble(name -> Optional.ofNullable(unchanged.get(name)));
    }
    return desired;
  }

  private void follow(String instance, List<RoutePolicy> told, Prefix prefix) {
    boolean announced = told.stream().anyMatch(policy -> policy.announces(prefix));
    routes.computeIfPresent(
        instance, (_, set) -> announced ? set.with(prefix) : set.without(prefix));
  }

  private void assemble(Function<String, Optional<DesiredInstance>> unchanged) {
    var next =
        new DesiredSpeaker(
            instances.stream()
                .map(each -> unchanged.apply(each.name()).orElseGet(() -> instance(each)))
                .toList());
    if (!next.equals(desired)) {
      desired = next;
    }
  }

  private DesiredInstance instance(ResolvedInstance instance) {
    return new DesiredInstance(
        instance.name(),
        instance.localAsn(),
        instance.routerId(),
        instance.listen(),
        instance.peers().stream()
            .map(peer -> with(peer.settings(), policy(instance.name(), peer.name()).statements()))
            .toList(),
        routes.getOrDefault(instance.name(), PrefixSet.EMPTY));
  }

  static DesiredInstance with(DesiredInstance instance, List<DesiredPeer> peers) {
    return new DesiredInstance(
        instance.name(),
        instance.localAsn(),
        instance.routerId(),
        instance.listen(),
        peers,
        instance.routes());
  }

  static DesiredPeer with(DesiredPeer peer, List<ExportStatement> statements) {
    return peer.withExportPolicy(
        new ExportPolicy.Statements("peer-" + peer.name() + "-export", statements));
  }
}

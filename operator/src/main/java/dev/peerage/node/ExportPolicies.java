package dev.peerage.node;

import dev.peerage.bgp.rib.ExportPolicy;
import dev.peerage.bgp.rib.ExportStatement;
import dev.peerage.bgp.rib.ExportStatement.Attributes;
import dev.peerage.bgp.rib.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.node.Decision.Announcement;
import dev.peerage.node.Decision.Outcome.Announced;
import dev.peerage.node.Decision.Subject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Turns decisions into the speaker's desired state. */
final class ExportPolicies {
  /** The statements of each peer, by instance and peer. */
  private final Map<String, Map<String, Map<Key, Statement>>> statements = new HashMap<>();

  private ExportPolicies() {}

  static DesiredSpeaker apply(List<ResolvedInstance> instances, List<Decision> decisions) {
    ExportPolicies policies = new ExportPolicies();
    decisions.forEach(policies::add);
    return new DesiredSpeaker(instances.stream().map(policies::instance).toList());
  }

  private void add(Decision decision) {
    if (decision.outcome() instanceof Announced announced) {
      for (Announcement announcement : announced.announcements()) {
        statements
            .computeIfAbsent(decision.instance(), _ -> new HashMap<>())
            .computeIfAbsent(decision.peer(), _ -> new TreeMap<>(Key.ORDER))
            .computeIfAbsent(
                Key.of(decision, announcement),
                _ -> new Statement(announcement.attributes(), new HashSet<>()))
            .prefixes()
            .add(announcement.prefix());
      }
    }
  }

  private DesiredInstance instance(ResolvedInstance instance) {
    var ofInstance = statements.getOrDefault(instance.name(), Map.of());
    Set<Prefix> routes =
        ofInstance.values().stream()
            .flatMap(ofPeer -> ofPeer.values().stream())
            .flatMap(statement -> statement.prefixes().stream())
            .collect(Collectors.toSet());
    return new DesiredInstance(
        instance.name(),
        instance.localAsn(),
        instance.routerId(),
        instance.listen(),
        instance.peers().stream().map(peer -> withPolicy(peer.settings(), ofInstance)).toList(),
        PrefixSet.of(routes));
  }

  private static DesiredPeer withPolicy(
      DesiredPeer peer, Map<String, Map<Key, Statement>> ofInstance) {
    List<ExportStatement> ordered =
        ofInstance.getOrDefault(peer.name(), Map.of()).entrySet().stream()
            .map(e -> e.getValue().named(e.getKey().name()))
            .toList();
    return peer.withExportPolicy(
        new ExportPolicy.Statements("peer-" + peer.name() + "-export", ordered));
  }

  private record Statement(Attributes attributes, Set<Prefix> prefixes) {
    ExportStatement named(String name) {
      return new ExportStatement(name, PrefixSet.of(prefixes), attributes);
    }
  }

  /**
   * Identifies a statement and gives its place. Two Services can yield the same name (a-b in c, a
   * in b-c), so the namespace is part of it.
   */
  private record Key(int priority, String name, String namespace) {
    static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::priority)
            .thenComparing(Key::name)
            .thenComparing(Key::namespace);

    static Key of(Decision decision, Announcement announcement) {
      String family = announcement.prefix().family().afiName();
      return switch (decision.subject()) {
        case Subject.Interface(String name) -> new Key(20, "Interface-" + name + "-" + family, "");
        case Subject.PodCidr() -> new Key(30, "PodCIDR-" + family, "");
        case Subject.ServiceAddress(String namespace, String name, Decision.AddressType type) -> {
          String address = String.join("-", "Service", name, namespace, type.text(), family);
          yield decision.aggregates(announcement)
              ? new Key(41, address + "-agg-" + announcement.prefix().length(), namespace)
              : new Key(40, address, namespace);
        }
        case Subject.PodPool(String pool) ->
            new Key(50, "CiliumPodIPPool-" + pool + "-" + family, "");
      };
    }
  }
}

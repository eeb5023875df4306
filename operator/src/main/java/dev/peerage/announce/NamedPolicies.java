package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome.Announced;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.Prefix;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes a desired state with a statement per object and family, as a person reads policies. */
final class NamedPolicies {
  /** The statements of each peer, by instance and peer. */
  private final Map<String, Map<String, Map<StatementName, Statement>>> statements =
      new HashMap<>();

  private NamedPolicies() {}

  static DesiredSpeaker of(DesiredSpeaker desired, Collection<Decision> decisions) {
    var policies = new NamedPolicies();
    decisions.forEach(policies::add);
    return new DesiredSpeaker(desired.instances().stream().map(policies::instance).toList());
  }

  private void add(Decision decision) {
    if (decision.outcome() instanceof Announced(var announcements)) {
      for (Decision.Announcement announcement : announcements) {
        statements
            .computeIfAbsent(decision.instance(), _ -> new HashMap<>())
            .computeIfAbsent(decision.peer(), _ -> new TreeMap<>())
            .computeIfAbsent(
                StatementName.of(decision, announcement),
                _ -> new Statement(announcement.attributes(), new HashSet<>()))
            .prefixes()
            .add(announcement.prefix());
      }
    }
  }

  private DesiredInstance instance(DesiredInstance instance) {
    Map<String, Map<StatementName, NamedPolicies.Statement>> ofInstance =
        statements.getOrDefault(instance.name(), Map.of());
    return RoutePolicies.with(
        instance,
        instance.peers().stream()
            .map(peer ->
                RoutePolicies.with(
                    peer, statements(ofInstance.getOrDefault(peer.name(), Map.of()))))
            .toList());
  }

  private static List<ExportStatement> statements(Map<StatementName, Statement> ofPeer) {
    return ofPeer.entrySet().stream().map(e -> e.getValue().named(e.getKey().name())).toList();
  }

  private record Statement(Attributes attributes, Set<Prefix> prefixes) {
    ExportStatement named(String name) {
      return new ExportStatement(name, PrefixSet.of(prefixes), attributes);
    }
  }
}

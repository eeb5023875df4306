package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.Condition;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the ClusterConfigs make of each node, kept from change to change: a changed Node,
 * NodeConfigOverride or NodeConfig concerns its node alone, a changed ClusterConfig the nodes that
 * it selected or now selects. Not for several threads.
 */
final class ClusterLedger {
  private static final Comparator<Candidate> PRECEDENCE =
      Comparator.comparing(ClusterLedger::creationTimestamp).thenComparing(Candidate::name);

  private static final Tally NOBODY = new Tally();

  private final Map<String, NodeEntry> nodes = new HashMap<>();
  private final Map<String, Candidate> candidates = new HashMap<>();

  /** By ClusterConfig; also of one that is gone, until its nodes have been decided anew. */
  private final Map<String, Tally> tallies = new HashMap<>();

  private final TreeSet<String> peerConfigs = new TreeSet<>();
  private final TreeSet<String> toDecide = new TreeSet<>();
  private final TreeSet<String> toReport = new TreeSet<>();
  private final Assignment assignment;
  private List<Candidate> inOrder = List.of();

  /**
   * A ledger of an empty cluster.
   *
   * @param pool gives instances their router IDs; empty: the agents derive them
   */
  ClusterLedger(Optional<RouterIdPool> pool) {
    assignment = new Assignment(pool);
  }

  void node(Node node) {
    var labels = node.getMetadata().getLabels();
    var entry = entry(node.getMetadata().getName());
    entry.labels = Optional.of(labels == null ? Map.of() : Map.copyOf(labels));
    toDecide.add(entry.name);
  }

  void nodeGone(String name) {
    entry(name).labels = Optional.empty();
    toDecide.add(name);
  }

  void override(CiliumBGPNodeConfigOverride override) {
    var name = override.getMetadata().getName();
    entry(name).override = Optional.of(override);
    toDecide.add(name);
  }

  void overrideGone(String name) {
    entry(name).override = Optional.empty();
    toDecide.add(name);
  }

  /** A NodeConfig as the API server has it. */
  void nodeConfig(CiliumBGPNodeConfig nodeConfig) {
    var name = nodeConfig.getMetadata().getName();
    entry(name).existing = Optional.of(nodeConfig);
    toDecide.add(name);
  }

  void nodeConfigGone(String name) {
    entry(name).existing = Optional.empty();
    toDecide.add(name);
  }

  void peerConfig(String name) {
    if (peerConfigs.add(name)) {
      toReport.addAll(candidates.keySet());
    }
  }

  void peerConfigGone(String name) {
    if (peerConfigs.remove(name)) {
      toReport.addAll(candidates.keySet());
    }
  }

  void clusterConfig(CiliumBGPClusterConfig config) {
    var name = config.getMetadata().getName();
    toReport.add(name);
    var before = candidates.get(name);
    if (before != null && sameForNodes(before.config, config)) {
      before.config = config; // Only its status differs.
      return;
    }
    var after = new Candidate(config);
    candidates.put(name, after);
    reorder();
    nodes.values().stream()
        .filter(entry -> concerns(before, entry) || concerns(after, entry))
        .forEach(entry -> toDecide.add(entry.name));
  }

  void clusterConfigGone(String name) {
    var before = candidates.remove(name);
    if (before != null) {
      reorder();
      nodes.values().stream()
          .filter(entry -> concerns(before, entry))
          .forEach(entry -> toDecide.add(entry.name));
    }
  }

  private static boolean sameForNodes(CiliumBGPClusterConfig one, CiliumBGPClusterConfig other) {
    return one.getSpec().equals(other.getSpec())
        && Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid())
        && Objects.equals(
            one.getMetadata().getCreationTimestamp(), other.getMetadata().getCreationTimestamp());
  }

  private static boolean concerns(@Nullable Candidate candidate, NodeEntry entry) {
    return candidate != null
        && (entry.votes.stream().anyMatch(vote -> vote.candidate().equals(candidate.name()))
            || candidate.selects(entry)
            || entry.existing.filter(candidate::owns).isPresent());
  }

  private void reorder() {
    inOrder = candidates.values().stream().sorted(PRECEDENCE).toList();
  }

  /** What shall become of the nodes that something has changed for, sorted by name. */
  List<NodeDecision> decide() {
    var decided = new TreeMap<String, NodeDecision>();
    assignment.reserve(nodes, toDecide);
    while (!toDecide.isEmpty()) {
      for (var name : List.copyOf(toDecide)) {
        var entry = entry(name);
        var before = entry.votes;
        decided.put(name, assignment.decide(entry, inOrder));
        count(before, entry.votes);
        if (entry.isEmpty()) {
          nodes.remove(name);
        }
      }
      toDecide.clear();
      toDecide.addAll(assignment.nowPossible());
    }
    return List.copyOf(decided.values());
  }

  private void count(List<Vote> before, List<Vote> after) {
    if (before.equals(after)) {
      return;
    }
    before.forEach(vote -> tally(vote).remove(vote));
    after.forEach(vote -> tally(vote).add(vote));
  }

  private Tally tally(Vote vote) {
    toReport.add(vote.candidate());
    return tallies.computeIfAbsent(vote.candidate(), _ -> new Tally());
  }

  /**
   * The conditions of the ClusterConfigs that may have other ones than when this was last asked, by
   * name.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  Map<String, List<Condition>> conditions(Instant now) {
    var conditions = new TreeMap<String, List<Condition>>();
    for (var name : toReport) {
      var candidate = candidates.get(name);
      if (candidate == null) {
        tallies.remove(name);
      } else {
        conditions.put(
            name,
            ClusterConditions.of(
                candidate.config,
                candidate.missing(peerConfigs),
                tallies.getOrDefault(name, NOBODY),
                now));
      }
    }
    toReport.clear();
    return conditions;
  }

  private NodeEntry entry(String name) {
    return nodes.computeIfAbsent(name, NodeEntry::new);
  }

  /** RFC 3339 in UTC sorts as text; an object without one has not been stored yet. */
  private static String creationTimestamp(Candidate candidate) {
    var timestamp = candidate.config.getMetadata().getCreationTimestamp();
    return timestamp == null ? "~" : timestamp;
  }
}

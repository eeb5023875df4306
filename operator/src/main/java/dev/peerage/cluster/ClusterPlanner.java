package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.Condition;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans for a whole cluster at once, as the operator does node by node: {@link Assignment#decide}
 * for each.
 */
public final class ClusterPlanner {
  private ClusterPlanner() {}

  /**
   * Plans all ClusterConfigs together; the agents derive their router IDs.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static ClusterPlan plan(ClusterSnapshot snapshot, Instant now) {
    return plan(snapshot, Optional.empty(), now);
  }

  /**
   * Plans all ClusterConfigs together.
   *
   * @param pool gives instances their router IDs; empty: the agents derive them
   * @param now what a condition whose status flips gets as its transition time
   */
  static ClusterPlan plan(ClusterSnapshot snapshot, Optional<RouterIdPool> pool, Instant now) {
    TreeMap<String, NodeDecision> decisions = decide(snapshot, pool);
    var tallies = new HashMap<String, Tally>();
    var desired = new ArrayList<CiliumBGPNodeConfig>();
    var deletions = new ArrayList<String>();
    for (NodeDecision decision : decisions.values()) {
      decision.desired().ifPresent(desired::add);
      if (decision.deletes()) {
        deletions.add(decision.node());
      }
      decision
          .votes()
          .forEach(vote -> tallies.computeIfAbsent(vote.candidate(), _ -> new Tally()).add(vote));
    }
    return new ClusterPlan(desired, deletions, conditions(snapshot, tallies, now));
  }

  private static TreeMap<String, NodeDecision> decide(
      ClusterSnapshot snapshot, Optional<RouterIdPool> pool) {
    List<Candidate> inOrder = Candidate.inOrder(snapshot.clusterConfigs());
    TreeMap<String, NodeFacts> facts = facts(snapshot);
    var assignment = new Assignment(pool);
    assignment.reserve(facts.values());
    var decisions = new TreeMap<String, NodeDecision>();
    for (Set<String> next = facts.keySet(); !next.isEmpty(); next = assignment.nowPossible()) {
      for (String name : new TreeSet<>(next)) {
        NodeFacts node = facts.get(name);
        if (node != null) {
          decisions.put(name, assignment.decide(node, inOrder));
        }
      }
    }
    return decisions;
  }

  private static TreeMap<String, NodeFacts> facts(ClusterSnapshot snapshot) {
    Map<String, Node> nodes =
        snapshot.nodes().stream()
            .collect(Collectors.toMap(it -> it.getMetadata().getName(), it -> it));
    Map<String, CiliumBGPNodeConfigOverride> overrides =
        snapshot.overrides().stream()
            .collect(Collectors.toMap(it -> it.getMetadata().getName(), it -> it));
    Map<String, CiliumBGPNodeConfig> existing =
        snapshot.nodeConfigs().stream()
            .collect(Collectors.toMap(it -> it.getMetadata().getName(), it -> it));
    var names = new TreeSet<>(nodes.keySet());
    names.addAll(existing.keySet());
    var facts = new TreeMap<String, NodeFacts>();
    for (String name : names) {
      facts.put(
          name,
          new NodeFacts(
              name,
              Optional.ofNullable(nodes.get(name)).map(NodeConfigs::labels),
              Optional.ofNullable(overrides.get(name)),
              Optional.ofNullable(existing.get(name))));
    }
    return facts;
  }

  private static Map<String, List<Condition>> conditions(
      ClusterSnapshot snapshot, Map<String, Tally> tallies, Instant now) {
    Set<String> peerConfigs =
        snapshot.peerConfigs().stream()
            .map(it -> it.getMetadata().getName())
            .collect(Collectors.toSet());
    return snapshot.clusterConfigs().stream()
        .collect(
            Collectors.toMap(
                it -> it.getMetadata().getName(),
                it ->
                    ClusterConditions.of(
                        it,
                        new Candidate(it).missing(peerConfigs::contains),
                        tallies.getOrDefault(it.getMetadata().getName(), new Tally()),
                        Optional.empty(),
                        now)));
  }
}

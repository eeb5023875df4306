package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is known of all nodes together, for the reconcilers of Nodes and of ClusterConfigs: who
 * holds which router ID, and what the nodes say of each ClusterConfig. Of a ClusterConfig nothing
 * is said before every node it concerns has been decided with its newest spec: what a part of them
 * says would be taken back a moment later. Any thread.
 */
final class ClusterLedger {
  private static final Tally NOBODY = new Tally();

  private final Assignment assignment;
  private final boolean givesRouterIds;
  private final Map<String, List<Vote>> votes = new HashMap<>();
  private final Map<String, Tally> tallies = new HashMap<>();

  /** The newest generation of each ClusterConfig that nodes have been told of, by uid. */
  private final Map<String, Long> told = new HashMap<>();

  /** Nodes that are still to be decided. */
  private final Set<String> pending = new HashSet<>();

  /** Nodes with a new NodeConfigOverride, by which they have not been decided yet. */
  private final Set<String> overridden = new TreeSet<>();

  /** ClusterConfigs whose tally has changed since they were last woken. */
  private final Set<String> changed = new TreeSet<>();

  private boolean started;

  /**
   * A ledger of an empty cluster.
   *
   * @param pool gives instances their router IDs; empty: the agents derive them
   */
  ClusterLedger(Optional<RouterIdPool> pool) {
    assignment = new Assignment(pool);
    givesRouterIds = pool.isPresent();
  }

  /**
   * What a decision brings about.
   *
   * @param decision what shall become of the node's NodeConfig
   * @param clusterConfigs names of those that have to be looked at, as all nodes have now been
   *     decided
   * @param nodes names of those that may now get the router ID that they wait for
   */
  record Outcome(NodeDecision decision, Set<String> clusterConfigs, Set<String> nodes) {}

  /** Whether {@link #start} was called. */
  synchronized boolean started() {
    return started;
  }

  /**
   * Takes note of all nodes before any is decided, so that conditions wait for each of them. Where
   * router IDs are given out, all nodes are decided here in the order of their names, so that who
   * gets which does not depend on which node is reconciled first.
   *
   * @param nodes all, with NodeConfigs as they were listed after this process became the leader
   */
  synchronized void start(Collection<NodeFacts> nodes, List<Candidate> inOrder) {
    if (started) {
      return;
    }
    nodes.stream()
        .filter(node -> node.labels().isPresent())
        .forEach(node -> pending.add(node.name()));
    if (givesRouterIds) {
      assignment.reserve(nodes);
      nodes.stream()
          .sorted(Comparator.comparing(NodeFacts::name))
          .forEach(node -> assignment.decide(node, inOrder));
      var _ = assignment.nowPossible();
    }
    started = true;
  }

  /** Whether a ClusterConfig that has changed, or is gone, may concern a node. */
  synchronized boolean concerns(CiliumBGPClusterConfig config, NodeFacts node) {
    var candidate = new Candidate(config);
    return votes.getOrDefault(node.name(), List.of()).stream()
            .anyMatch(vote -> vote.candidate().equals(candidate.name()))
        || candidate.selects(node)
        || node.existing().filter(candidate::owns).isPresent();
  }

  /** A ClusterConfig is there or has another spec; these nodes will be decided anew. */
  synchronized void told(CiliumBGPClusterConfig config, Collection<String> nodes) {
    told.merge(config.getMetadata().getUid(), generation(config), Math::max);
    changed.add(config.getMetadata().getName());
    pending.addAll(nodes);
  }

  /** A ClusterConfig is gone; these nodes will be decided anew. */
  synchronized void gone(CiliumBGPClusterConfig config, Collection<String> nodes) {
    told.remove(config.getMetadata().getUid());
    pending.addAll(nodes);
  }

  private static long generation(CiliumBGPClusterConfig config) {
    Long generation = config.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  /** A node has a new NodeConfigOverride: the router IDs that it asks for are set aside for it. */
  synchronized void overridden(String node) {
    overridden.add(node);
  }

  /**
   * Decides for one node.
   *
   * @param facts finds what a decision about a node of a name depends on
   */
  synchronized Outcome decide(
      String name, Function<String, NodeFacts> facts, List<Candidate> inOrder) {
    overridden.add(name);
    assignment.reserve(overridden.stream().map(facts).toList());
    overridden.remove(name);
    NodeDecision decision = assignment.decide(facts.apply(name), inOrder);
    pending.remove(name);
    count(name, decision.votes());
    return new Outcome(decision, heard(), assignment.nowPossible());
  }

  /** A node is gone, and its NodeConfig as well. */
  synchronized void forget(String name) {
    var none = new NodeFacts(name, Optional.empty(), Optional.empty(), Optional.empty());
    count(name, assignment.decide(none, List.of()).votes());
    pending.remove(name);
  }

  /** Nodes that may now get the router ID that they wait for. */
  synchronized Set<String> nowPossible() {
    return assignment.nowPossible();
  }

  private void count(String node, List<Vote> after) {
    List<Vote> before = votes.getOrDefault(node, List.of());
    if (before.equals(after)) {
      return;
    }
    before.forEach(vote -> tally(vote).remove(vote));
    after.forEach(vote -> tally(vote).add(vote));
    if (after.isEmpty()) {
      votes.remove(node);
    } else {
      votes.put(node, after);
    }
  }

  private Tally tally(Vote vote) {
    changed.add(vote.candidate());
    return tallies.computeIfAbsent(vote.candidate(), _ -> new Tally());
  }

  /** ClusterConfigs to reconcile, as their tally changed; none before all nodes are decided. */
  synchronized Set<String> heard() {
    if (!started || !pending.isEmpty()) {
      return Set.of();
    }
    var all = Set.copyOf(changed);
    changed.clear();
    return all;
  }

  /**
   * What the nodes say of a ClusterConfig; empty as long as not all of them have been decided with
   * this spec.
   *
   * @param exists whether there is a Node of a name: one that has gone meanwhile is not waited for
   */
  synchronized Optional<Tally> tally(CiliumBGPClusterConfig config, Predicate<String> exists) {
    pending.removeIf(exists.negate());
    Long newest = told.getOrDefault(config.getMetadata().getUid(), -1L);
    return started && pending.isEmpty() && newest >= generation(config)
        ? Optional.of(tallies.getOrDefault(config.getMetadata().getName(), NOBODY).copy())
        : Optional.empty();
  }
}

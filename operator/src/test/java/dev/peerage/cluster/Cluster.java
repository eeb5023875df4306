package dev.peerage.cluster;

import static java.util.Objects.requireNonNull;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.ConditionsStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An API server and garbage collector in memory, and the ledger that is told of each change as the
 * reconcilers tell it.
 */
final class Cluster {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  final Map<String, Node> nodes = new TreeMap<>();
  final Map<String, CiliumBGPClusterConfig> configs = new TreeMap<>();
  final Map<String, CiliumBGPNodeConfigOverride> overrides = new TreeMap<>();
  final Map<String, CiliumBGPPeerConfig> peerConfigs = new TreeMap<>();
  final Map<String, CiliumBGPNodeConfig> nodeConfigs = new TreeMap<>();
  final List<String> written = new ArrayList<>();
  private final Optional<RouterIdPool> pool;
  private ClusterLedger ledger;
  private final TreeSet<String> toDecide = new TreeSet<>();
  private final TreeSet<String> toReport = new TreeSet<>();
  private int uids;

  Cluster() {
    this("");
  }

  Cluster(String pool) {
    this.pool = Optional.of(pool).filter(it -> !it.isEmpty()).map(RouterIdPool::parse);
    this.ledger = new ClusterLedger(this.pool);
  }

  Cluster node(String name, String labels) {
    var node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels.isEmpty() ? Map.of() : Map.of("rack", labels))
            .endMetadata()
            .build();
    nodes.put(name, node);
    toDecide.add(name);
    return this;
  }

  void nodeGone(String name) {
    nodes.remove(name);
    toDecide.add(name);
  }

  /** A ClusterConfig for a rack; empty: all nodes. Replaces the spec of one that exists. */
  Cluster config(String name, String created, String rack, String... instances) {
    var text =
        new StringBuilder(
            "metadata: {name: %s, creationTimestamp: '%s'}\nspec:\n".formatted(name, created));
    if (!rack.isEmpty()) {
      text.append("  nodeSelector: {matchLabels: {rack: '%s'}}\n".formatted(rack));
    }
    text.append("  bgpInstances:\n");
    for (var instance : instances) {
      text.append(
          "  - {name: %s, localASN: 65001, peers: [{name: tor, peerConfigRef: {name: p-%s}}]}\n"
              .formatted(instance, instance));
    }
    var config = Serialization.unmarshal(text.toString(), CiliumBGPClusterConfig.class);
    var before = configs.get(name);
    config
        .getMetadata()
        .setUid(before == null ? name + "-" + uids++ : before.getMetadata().getUid());
    config
        .getMetadata()
        .setGeneration(before == null ? 1L : before.getMetadata().getGeneration() + 1);
    if (before != null) {
      config.getMetadata().setCreationTimestamp(before.getMetadata().getCreationTimestamp());
      config.setStatus(before.getStatus());
    }
    configs.put(name, config);
    var concerned = concerned(config);
    ledger.told(config, concerned);
    toDecide.addAll(concerned);
    toReport.add(name);
    return this;
  }

  void configGone(String name) {
    var config = configs.remove(name);
    if (config != null) {
      var concerned = concerned(config);
      ledger.gone(config, concerned);
      toDecide.addAll(concerned);
    }
  }

  private List<String> concerned(CiliumBGPClusterConfig config) {
    return nodes.keySet().stream().filter(it -> ledger.concerns(config, facts(it))).toList();
  }

  private NodeFacts facts(String name) {
    return new NodeFacts(
        name,
        Optional.ofNullable(nodes.get(name)).map(NodeConfigs::labels),
        Optional.ofNullable(overrides.get(name)),
        Optional.ofNullable(nodeConfigs.get(name)));
  }

  /** Deletes what belongs to ClusterConfigs that are gone. */
  void collectGarbage() {
    for (var nodeConfig : List.copyOf(nodeConfigs.values())) {
      var owners = nodeConfig.getMetadata().getOwnerReferences();
      if (!owners.isEmpty()
          && configs.values().stream().noneMatch(it -> NodeConfigs.isOwnedBy(nodeConfig, it))) {
        nodeConfigGone(nodeConfig.getMetadata().getName());
      }
    }
  }

  Cluster override(String node, String instance, String routerId) {
    var override =
        Serialization.unmarshal(
            "metadata: {name: %s}\nspec: {bgpInstances: [{name: %s, routerID: %s}]}"
                .formatted(node, instance, routerId),
            CiliumBGPNodeConfigOverride.class);
    overrides.put(node, override);
    if (nodes.containsKey(node)) {
      ledger.overridden(node);
      toDecide.add(node);
    }
    return this;
  }

  void overrideGone(String node) {
    overrides.remove(node);
    if (nodes.containsKey(node)) {
      toDecide.add(node);
    }
  }

  void peerConfig(String name) {
    peerConfigs.put(
        name,
        Serialization.unmarshal(
            "metadata: {name: %s}\nspec: {}".formatted(name), CiliumBGPPeerConfig.class));
    toReport.addAll(configs.keySet());
  }

  void peerConfigGone(String name) {
    peerConfigs.remove(name);
    toReport.addAll(configs.keySet());
  }

  /** As a user would write it. */
  void nodeConfig(CiliumBGPNodeConfig nodeConfig) {
    nodeConfigs.put(nodeConfig.getMetadata().getName(), nodeConfig);
    toDecide.add(nodeConfig.getMetadata().getName());
  }

  void nodeConfigGone(String name) {
    nodeConfigs.remove(name);
    toDecide.add(name);
  }

  /** Another process takes over: it knows only what is stored. */
  void restart() {
    ledger = new ClusterLedger(pool);
    toDecide.addAll(nodes.keySet());
    toDecide.addAll(nodeConfigs.keySet());
    configs.values().forEach(it -> ledger.told(it, nodes.keySet()));
    toReport.addAll(configs.keySet());
  }

  /** One round, and all that it writes; returns how many nodes were looked at. */
  int round() {
    written.clear();
    var inOrder = Candidate.inOrder(configs.values());
    ledger.start(
        Stream.concat(nodes.keySet().stream(), nodeConfigs.keySet().stream())
            .distinct()
            .map(this::facts)
            .toList(),
        inOrder);
    var decisions = new TreeMap<String, NodeDecision>();
    while (!toDecide.isEmpty()) {
      var name = requireNonNull(toDecide.pollFirst());
      var outcome = ledger.decide(name, this::facts, inOrder);
      decisions.put(name, outcome.decision());
      toReport.addAll(outcome.clusterConfigs());
      toDecide.addAll(outcome.nodes());
    }
    for (var decision : decisions.values()) {
      if (decision.deletes()) {
        nodeConfigGone(decision.node());
        written.add("delete " + decision.node());
      } else if (decision.writes()) {
        nodeConfig(decision.desired().orElseThrow());
        written.add("apply " + decision.node());
      }
    }
    toReport.retainAll(configs.keySet());
    toReport.forEach(this::report);
    toReport.clear();
    return decisions.size();
  }

  private void report(String name) {
    var config = requireNonNull(configs.get(name));
    var conditions =
        ClusterConditions.of(
            config,
            new Candidate(config).missing(peerConfigs::containsKey),
            ledger.tally(config, nodes::containsKey).orElseThrow(),
            Optional.empty(),
            NOW);
    if (config.getStatus() == null || !config.getStatus().conditions().equals(conditions)) {
      config.setStatus(new ConditionsStatus(conditions));
      written.add("status " + name);
    }
  }

  /** Rounds until nothing is written; returns all that was. */
  List<String> settle() {
    var all = new ArrayList<String>();
    for (var round = 0; round < 10; round++) {
      round();
      if (written.isEmpty()) {
        return all;
      }
      all.addAll(written);
    }
    throw new AssertionError("still writing: " + written);
  }

  /** The plan from what is stored now. */
  ClusterPlan fresh() {
    return ClusterPlanner.plan(
        new ClusterSnapshot(
            List.copyOf(configs.values()),
            List.copyOf(nodes.values()),
            List.copyOf(overrides.values()),
            List.copyOf(peerConfigs.values()),
            List.copyOf(nodeConfigs.values())),
        pool,
        NOW);
  }

  /** Name and value of each router ID, as {@code node/instance=id}. */
  List<String> routerIds() {
    return nodeConfigs.values().stream()
        .flatMap(nodeConfig ->
            nodeConfig.getSpec().bgpInstances().stream()
                .map(it ->
                    nodeConfig.getMetadata().getName() + "/" + it.name() + "=" + it.routerID()))
        .toList();
  }

  /** The conditions of a ClusterConfig whose status is True. */
  List<String> faults(String config) {
    return requireNonNull(configs.get(config)).getStatus().conditions().stream()
        .filter(it -> it.status().equals("True"))
        .map(it -> it.type() + " " + it.reason() + " " + it.message())
        .toList();
  }

  List<Condition> conditions(String config) {
    return requireNonNull(configs.get(config)).getStatus().conditions();
  }
}

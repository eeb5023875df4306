package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides which node runs which ClusterConfig. A node belongs to one ClusterConfig: the one that
 * owns its NodeConfig, else the oldest that selects it, else the first by name. A NodeConfig that
 * no ClusterConfig owns was made by hand and is left alone.
 */
public final class ClusterPlanner {
  private final ClusterSnapshot snapshot;
  private final Map<String, CiliumBGPNodeConfigOverride> overrides;
  private final Map<String, CiliumBGPNodeConfig> existing;
  private final Map<String, CiliumBGPNodeConfig> desired = new TreeMap<>();
  private final Map<String, Verdict> verdicts = new HashMap<>();

  private ClusterPlanner(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
    overrides = byName(snapshot.overrides());
    existing = byName(snapshot.nodeConfigs());
  }

  /**
   * Plans all ClusterConfigs together.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static ClusterPlan plan(ClusterSnapshot snapshot, Instant now) {
    return new ClusterPlanner(snapshot).plan(now);
  }

  private ClusterPlan plan(Instant now) {
    var configs =
        snapshot.clusterConfigs().stream()
            .sorted(
                Comparator.comparing(ClusterPlanner::creationTimestamp)
                    .thenComparing(ClusterPlanner::name))
            .toList();
    for (var node : snapshot.nodes()) {
      assign(node, configs);
    }
    var peerConfigs = snapshot.peerConfigs().stream().map(ClusterPlanner::name).toList();
    var conditions = new HashMap<String, List<Condition>>();
    for (var config : configs) {
      var verdict = verdict(config);
      conditions.put(
          name(config),
          ClusterConditions.of(
              config, verdict.selected, verdict.missing(config, peerConfigs), verdict, now));
    }
    return new ClusterPlan(List.copyOf(desired.values()), deletions(configs), conditions);
  }

  private void assign(Node node, List<CiliumBGPClusterConfig> configs) {
    var name = name(node);
    var candidates = configs.stream().filter(config -> selects(config, node)).toList();
    candidates.forEach(config -> verdict(config).selected++);
    if (candidates.isEmpty()) {
      return;
    }
    var winner = candidates.getFirst();
    var nodeConfig = existing.get(name);
    if (nodeConfig != null) {
      switch (holder(nodeConfig, configs)) {
        case Holder.Known(var owner) -> winner = candidates.contains(owner) ? owner : winner;
        case Holder.Gone(var owner) -> {
          candidates.forEach(config -> verdict(config).rivals.add(owner));
          return;
        }
        case Holder.Nobody() -> {
          candidates.forEach(config -> verdict(config).ownerless.add(name));
          return;
        }
      }
    }
    for (var config : candidates) {
      if (config != winner) {
        verdict(config).rivals.add(name(winner));
      }
    }
    desired.put(name, NodeConfigs.of(name, winner, overrides.get(name)));
  }

  /** Who has an existing NodeConfig. */
  private sealed interface Holder {
    /** A ClusterConfig that exists. */
    record Known(CiliumBGPClusterConfig owner) implements Holder {}

    /** An owner that is gone; Kubernetes is about to collect the NodeConfig. */
    record Gone(String owner) implements Holder {}

    /** It was made by hand. */
    record Nobody() implements Holder {}
  }

  private static Holder holder(
      CiliumBGPNodeConfig nodeConfig, List<CiliumBGPClusterConfig> configs) {
    for (var config : configs) {
      if (NodeConfigs.isOwnedBy(nodeConfig, config)) {
        return new Holder.Known(config);
      }
    }
    var owners = nodeConfig.getMetadata().getOwnerReferences();
    return owners.isEmpty() ? new Holder.Nobody() : new Holder.Gone(owners.getFirst().getName());
  }

  private List<String> deletions(List<CiliumBGPClusterConfig> configs) {
    var deletions = new ArrayList<String>();
    new TreeMap<>(existing)
        .forEach((name, nodeConfig) -> {
          var wanted = desired.get(name);
          if (holder(nodeConfig, configs) instanceof Holder.Known(var owner)
              && (wanted == null || !NodeConfigs.isOwnedBy(wanted, owner))) {
            deletions.add(name);
          }
        });
    return deletions;
  }

  private Verdict verdict(CiliumBGPClusterConfig config) {
    return verdicts.computeIfAbsent(name(config), _ -> new Verdict());
  }

  private static boolean selects(CiliumBGPClusterConfig config, Node node) {
    var selector = config.getSpec().nodeSelector();
    var labels = node.getMetadata().getLabels();
    return selector == null || selector.matches(labels == null ? Map.of() : labels);
  }

  /** RFC 3339 in UTC sorts as text; an object without one has not been stored yet. */
  private static String creationTimestamp(HasMetadata object) {
    var timestamp = object.getMetadata().getCreationTimestamp();
    return timestamp == null ? "~" : timestamp;
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static <T extends HasMetadata> Map<String, T> byName(List<T> objects) {
    return objects.stream()
        .collect(Collectors.toMap(ClusterPlanner::name, Function.identity(), (a, _) -> a));
  }

  /** What came out for one ClusterConfig. */
  static final class Verdict {
    private int selected;
    final SortedSet<String> rivals = new TreeSet<>();
    final SortedSet<String> ownerless = new TreeSet<>();

    private SortedSet<String> missing(CiliumBGPClusterConfig config, List<String> peerConfigs) {
      var missing = new TreeSet<String>();
      for (var instance : config.getSpec().bgpInstances()) {
        for (var peer : instance.peers()) {
          var reference = peer.peerConfigRef();
          if (reference != null && !peerConfigs.contains(reference.name())) {
            missing.add(reference.name());
          }
        }
      }
      return missing;
    }
  }
}

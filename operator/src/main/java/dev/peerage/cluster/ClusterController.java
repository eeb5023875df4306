package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.watch.Patch;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import dev.peerage.watch.Watches;
import dev.peerage.watch.Writes;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the NodeConfigs and the ClusterConfigs' conditions as planned. */
public final class ClusterController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterController.class);
  private static final String FIELD_MANAGER = "peerage-operator";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final boolean statusReport;
  private final Watches watches;
  private final ReconcileLoop loop;
  private final Watched<CiliumBGPClusterConfig> clusterConfigs;
  private final Watched<Node> nodes;
  private final Watched<CiliumBGPNodeConfigOverride> overrides;
  private final Watched<CiliumBGPPeerConfig> peerConfigs;
  private final Watched<CiliumBGPNodeConfig> nodeConfigs;

  /**
   * A controller that does nothing yet.
   *
   * @param statusReport whether ClusterConfigs get conditions; false removes them
   */
  public ClusterController(
      KubernetesClient client, InstantSource clock, boolean statusReport, MeterRegistry metrics) {
    this.client = client;
    this.clock = clock;
    this.statusReport = statusReport;
    this.loop = new ReconcileLoop("cluster", () -> {}, this::reconcile, metrics);
    this.watches = new Watches(loop::signal);
    clusterConfigs = watches.add(client.resources(CiliumBGPClusterConfig.class), it -> it);
    nodes = watches.add(client.nodes(), node -> node.getMetadata().getLabels());
    overrides =
        watches.add(
            client.resources(CiliumBGPNodeConfigOverride.class),
            CiliumBGPNodeConfigOverride::getSpec);
    peerConfigs = watches.add(client.resources(CiliumBGPPeerConfig.class), _ -> true);
    nodeConfigs =
        watches.add(
            client.resources(CiliumBGPNodeConfig.class),
            it -> Arrays.asList(it.getSpec(), it.getMetadata().getOwnerReferences()));
    metrics.gauge("peerage.operator.nodeconfigs", this, it -> it.nodeConfigs.all().size());
  }

  /** Starts to watch; nothing is written yet. */
  public void watch() {
    watches.start();
  }

  /** Starts to write: this process is the leader. */
  public void lead() {
    loop.start();
  }

  /** The kinds that have not been listed yet. */
  public List<String> missing() {
    return watches.missing();
  }

  /** Whether the loop runs or waits to be started. */
  public boolean alive() {
    return loop.alive();
  }

  @Override
  public void close() {
    loop.close();
    watches.close();
  }

  private Duration reconcile() {
    if (!watches.missing().isEmpty()) {
      return ReconcileLoop.RESYNC;
    }
    var configs = clusterConfigs.all();
    var nodeConfigsNow = nodeConfigs.all();
    var existing = byName(nodeConfigsNow);
    var plan =
        ClusterPlanner.plan(
            new ClusterSnapshot(
                configs, nodes.all(), overrides.all(), peerConfigs.all(), nodeConfigsNow),
            clock.instant());
    try (var writes = new Writes()) {
      for (var name : plan.deletions()) {
        var nodeConfig = existing.get(name);
        if (nodeConfig != null) {
          writes.add("deleting CiliumBGPNodeConfig " + name, () -> delete(nodeConfig));
        }
      }
      writes.await();
      for (var desired : plan.desired()) {
        var name = desired.getMetadata().getName();
        var before = existing.get(name);
        if (before == null || plan.deletions().contains(name) || differs(before, desired)) {
          writes.add("writing CiliumBGPNodeConfig " + name, () -> apply(desired));
        }
      }
      for (var config : configs) {
        var conditions = plan.clusterConfigConditions().get(config.getMetadata().getName());
        if (conditions != null) {
          report(config, statusReport ? conditions : List.of(), writes);
        }
      }
      writes.await();
    }
    return ReconcileLoop.RESYNC;
  }

  private static boolean differs(CiliumBGPNodeConfig existing, CiliumBGPNodeConfig desired) {
    return !desired.getSpec().equals(existing.getSpec())
        || !owners(existing).containsAll(owners(desired));
  }

  private static List<OwnerReference> owners(CiliumBGPNodeConfig nodeConfig) {
    return nodeConfig.getMetadata().getOwnerReferences();
  }

  private void delete(CiliumBGPNodeConfig nodeConfig) {
    var deleted = client.resource(nodeConfig).delete();
    nodeConfigs.forget(nodeConfig);
    if (deleted.isEmpty()) {
      return;
    }
    log.info(
        "Deleted CiliumBGPNodeConfig {}: its ClusterConfig no longer selects the node, or the node"
            + " is gone; its agent ends the sessions",
        nodeConfig.getMetadata().getName());
  }

  private void apply(CiliumBGPNodeConfig desired) {
    var name = desired.getMetadata().getName();
    var applied =
        client.resource(desired).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    if (!desired.getSpec().equals(applied.getSpec())) {
      // Fields that somebody else has added are theirs for server-side apply.
      applied =
          Patch.OPERATIONS.send(
              client,
              desired,
              FIELD_MANAGER,
              List.of(Map.of("op", "replace", "path", "/spec", "value", desired.getSpec())));
      log.warn("CiliumBGPNodeConfig {} was edited by hand; put back", name);
    }
    nodeConfigs.remember(applied);
    log.info(
        "Wrote CiliumBGPNodeConfig {} for CiliumBGPClusterConfig {}",
        name,
        desired.getMetadata().getOwnerReferences().getFirst().getName());
  }

  private void report(CiliumBGPClusterConfig config, List<Condition> ours, Writes writes) {
    var before =
        config.getStatus() == null ? List.<Condition>of() : config.getStatus().conditions();
    var after =
        Stream.concat(
                before.stream().filter(it -> !ClusterConditions.TYPES.contains(it.type())),
                ours.stream())
            .sorted(Comparator.comparing(Condition::type))
            .toList();
    if (after.equals(before)) {
      return;
    }
    var name = config.getMetadata().getName();
    var status = new HashMap<String, Object>();
    status.put("conditions", after.isEmpty() ? null : after);
    var patch =
        Map.of(
            "metadata",
            Map.of("resourceVersion", config.getMetadata().getResourceVersion()),
            "status",
            status);
    writes.add(
        "writing the conditions of CiliumBGPClusterConfig " + name,
        () -> {
          clusterConfigs.remember(Patch.MERGE.sendStatus(client, config, FIELD_MANAGER, patch));
          for (var condition : ours) {
            if (condition.status().equals("True") && !before.contains(condition)) {
              log.warn(
                  "CiliumBGPClusterConfig {}: {}: {}",
                  name,
                  condition.reason(),
                  condition.message());
            }
          }
        });
  }

  private static Map<String, CiliumBGPNodeConfig> byName(List<CiliumBGPNodeConfig> list) {
    return list.stream()
        .collect(Collectors.toMap(it -> it.getMetadata().getName(), Function.identity()));
  }
}

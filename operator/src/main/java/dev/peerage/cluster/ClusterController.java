package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.watch.Controller;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the NodeConfigs and the ClusterConfigs' conditions as the ledger decides. A changed node
 * costs work for this node alone.
 */
public final class ClusterController extends Controller {
  private static final Logger log = LoggerFactory.getLogger(ClusterController.class);
  private static final int NAMED = 5;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final boolean statusReport;
  private final ClusterMetrics metrics;
  private final Watched<CiliumBGPClusterConfig> clusterConfigs;
  private final Watched<Node> nodes;
  private final Watched<CiliumBGPNodeConfigOverride> overrides;
  private final Watched<CiliumBGPPeerConfig> peerConfigs;
  private final Watched<CiliumBGPNodeConfig> nodeConfigs;
  private final ClusterLedger ledger;
  private final ClusterRequests requests;
  private final boolean givesRouterIds;
  private boolean started;

  /**
   * A controller that does nothing yet.
   *
   * @param statusReport whether ClusterConfigs get conditions; false removes them
   * @param routerIds gives instances their router IDs; empty: the agents derive them
   */
  public ClusterController(
      KubernetesClient client,
      InstantSource clock,
      boolean statusReport,
      Optional<RouterIdPool> routerIds,
      MeterRegistry registry) {
    super("cluster", registry);
    this.client = client;
    this.clock = clock;
    this.givesRouterIds = routerIds.isPresent();
    this.statusReport = statusReport;
    this.metrics = new ClusterMetrics(registry);
    this.ledger = new ClusterLedger(routerIds);
    clusterConfigs = watches.add(client.resources(CiliumBGPClusterConfig.class), it -> it);
    nodes = watches.add(client.nodes(), it -> it.getMetadata().getLabels(), Trim::node);
    overrides =
        watches.add(
            client.resources(CiliumBGPNodeConfigOverride.class),
            CiliumBGPNodeConfigOverride::getSpec);
    peerConfigs = watches.add(client.resources(CiliumBGPPeerConfig.class), _ -> true);
    nodeConfigs =
        watches.add(
            client.resources(CiliumBGPNodeConfig.class),
            it ->
                Arrays.asList(
                    it.getSpec(),
                    it.getMetadata().getOwnerReferences(),
                    it.getMetadata().getDeletionTimestamp()),
            Trim::nodeConfig);
    requests = new ClusterRequests(client, nodeConfigs, clusterConfigs);
    registry.gauge("peerage.operator.nodeconfigs", this, it -> it.nodeConfigs.count());
  }

  @Override
  protected Duration reconcile() {
    metrics.round(() -> {
      if (!started) {
        everything(); // The stores are full before all handlers have been called.
        catchUp();
        started = true;
      }
      read();
      carryOut(ledger.decide());
      ledger.conditions(clock.instant()).forEach(this::report);
    });
    return ReconcileLoop.RESYNC;
  }

  /** A watch may lag behind what the leader before this one wrote, router IDs among it. */
  private void catchUp() {
    if (givesRouterIds) {
      client.resources(CiliumBGPNodeConfig.class).list().getItems().forEach(nodeConfigs::remember);
    }
  }

  private void read() {
    nodes.changes((_, name, now) -> now.ifPresentOrElse(ledger::node, () -> ledger.nodeGone(name)));
    overrides.changes(
        (_, name, now) -> now.ifPresentOrElse(ledger::override, () -> ledger.overrideGone(name)));
    nodeConfigs.changes((_, name, now) ->
        now.ifPresentOrElse(ledger::nodeConfig, () -> ledger.nodeConfigGone(name)));
    peerConfigs.changes((_, name, now) -> {
      if (now.isPresent()) {
        ledger.peerConfig(name);
      } else {
        ledger.peerConfigGone(name);
      }
    });
    clusterConfigs.changes((_, name, now) ->
        now.ifPresentOrElse(ledger::clusterConfig, () -> ledger.clusterConfigGone(name)));
  }

  private void carryOut(List<NodeDecision> decisions) {
    var written = new ArrayList<String>();
    for (var decision : decisions) {
      var key = "CiliumBGPNodeConfig " + decision.node();
      if (decision.deletes() || decision.writes()) {
        var owner = decision.owner();
        writes.submit(
            key,
            decision,
            "writing " + key,
            () ->
                metrics.counted(
                    "CiliumBGPClusterConfig", owner, () -> requests.carryOut(decision)));
        written.add(decision.node());
      } else {
        writes.cancel(key);
      }
    }
    if (!written.isEmpty()) {
      log.info(
          "Writing {} CiliumBGPNodeConfig(s): {}{}",
          written.size(),
          String.join(", ", written.subList(0, Math.min(NAMED, written.size()))),
          written.size() > NAMED ? ", …" : "");
    }
  }

  private void report(String name, List<Condition> conditions) {
    var key = "CiliumBGPClusterConfig " + name;
    clusterConfigs
        .get("", name)
        .flatMap(config ->
            StatusConditions.change(
                config,
                config.getStatus() == null ? List.of() : config.getStatus().conditions(),
                ClusterConditions.TYPES,
                statusReport ? conditions : List.of()))
        .ifPresentOrElse(
            patch ->
                writes.submit(
                    key,
                    patch,
                    "writing the conditions of " + key,
                    () ->
                        metrics.counted(
                            "CiliumBGPClusterConfig", name, () -> requests.report(name, patch))),
            () -> writes.cancel(key));
  }
}

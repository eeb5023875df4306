package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The operator's half that turns ClusterConfigs into NodeConfigs and tells people of what is wrong:
 * five reconcilers, and what they know together. As long as this process is not the leader no
 * reconciler is called by the SDK.
 */
public final class BgpCluster {
  private final ClusterMetrics metrics;
  private final ClusterLedger ledger;
  private final Writes writes;
  private final NodeConfigDeletions deletions;
  private final NodeReconciler nodes;
  private final ClusterConfigReconciler clusterConfigs;
  private final PeerConfigReconciler peerConfigs;
  private final AdvertisementReconciler advertisements;
  private final AnnouncementReconciler services;

  /** NodeConfigs for which there was no Node when they were heard of. */
  private final Set<String> suspects = ConcurrentHashMap.newKeySet();

  /**
   * What is set for the whole half.
   *
   * @param statusReport whether ClusterConfigs and PeerConfigs get conditions; false removes them
   * @param routerIds gives instances their router IDs; empty: the agents derive them
   * @param secretsNamespace where the Secrets of PeerConfigs are; empty: nowhere
   * @param secretsReadable whether they may be read; PeerConfigs say nothing of them otherwise
   */
  public record Settings(
      boolean statusReport,
      Optional<RouterIdPool> routerIds,
      String secretsNamespace,
      boolean secretsReadable) {}

  /**
   * Reconcilers that do nothing before they are registered.
   *
   * @param clock for transition times and for how long something has been wrong
   * @param leads whether this process may write, asked before each write: one that was cut off must
   *     neither delete a NodeConfig nor give a router ID twice
   */
  public BgpCluster(
      KubernetesClient client,
      InstantSource clock,
      Settings settings,
      EventWriter events,
      MeterRegistry registry,
      BooleanSupplier leads) {
    metrics = new ClusterMetrics(registry);
    ledger = new ClusterLedger(settings.routerIds());
    writes = new Writes(leads);
    deletions = new NodeConfigDeletions(client, clock, writes);
    var conditions = new ConditionWrites(client, clock, settings.statusReport(), writes, metrics);
    nodes = new NodeReconciler(client, this, settings.routerIds().isPresent());
    clusterConfigs = new ClusterConfigReconciler(clock, this, conditions, events);
    peerConfigs = new PeerConfigReconciler(clock, settings, conditions, events);
    advertisements = new AdvertisementReconciler(events);
    services = new AnnouncementReconciler(this::view, events, clock);
    registry.gauge("peerage.operator.nodeconfigs.deletions.held", deletions, it -> it.held());
  }

  /**
   * Registers the reconcilers.
   *
   * @param common what all reconcilers of the process are configured with, such as the retry
   */
  public void register(
      Operator operator, Consumer<? super ControllerConfigurationOverrider<?>> common) {
    Stream.of(nodes, clusterConfigs, peerConfigs, advertisements, services)
        .forEach(it -> it.register(operator, common));
  }

  /**
   * Waits until all writes under way have been answered or given up, for some time at most. Returns
   * whether that is so.
   */
  public boolean finish(Duration longest) throws InterruptedException {
    return writes.finish(longest);
  }

  /** How many NodeConfigs there are. */
  public int nodeConfigs() {
    return nodes.view().count();
  }

  ClusterMetrics metrics() {
    return metrics;
  }

  Writes writes() {
    return writes;
  }

  ClusterLedger ledger() {
    return ledger;
  }

  ClusterView view() {
    return nodes.view();
  }

  /** Before anything is decided or said. */
  void start() {
    nodes.start();
  }

  /** Decides for a node, and has those reconciled whom that concerns. */
  NodeDecision decide(String node) {
    ClusterView view = nodes.view();
    ClusterLedger.Outcome outcome = ledger.decide(node, view::facts, view.candidates());
    NodeDecision decision = outcome.decision();
    deletions.note(decision);
    if (decision.deletes()) {
      clusterConfigs.wake(List.of(decision.holder()));
    }
    clusterConfigs.wake(outcome.clusterConfigs());
    nodes.wake(outcome.nodes());
    return decision;
  }

  /** A ClusterConfig has come, changed or gone; these nodes will be decided anew. */
  void told(CiliumBGPClusterConfig config, Collection<String> concerned) {
    boolean there =
        view().candidates().stream()
            .anyMatch(
                it -> it.config().getMetadata().getUid().equals(config.getMetadata().getUid()));
    if (there) {
      ledger.told(config, concerned);
    } else {
      ledger.gone(config, concerned);
    }
    clusterConfigs.wake(ledger.heard());
  }

  /** There is a NodeConfig for which no Node has been heard of, which says little. */
  void suspect(CiliumBGPNodeConfig nodeConfig) {
    suspects.add(nodeConfig.getMetadata().getName());
    nodeConfig
        .getMetadata()
        .getOwnerReferences()
        .forEach(owner -> clusterConfigs.wake(List.of(owner.getName())));
  }

  /** Of Nodes that went while nobody led only their NodeConfigs are left. */
  void suspectThoseWithoutNode() {
    view()
        .nodeConfigs()
        .list()
        .filter(it -> !view().hasNode(it.getMetadata().getName()))
        .forEach(this::suspect);
  }

  /** Those of the suspects that still have no Node are decided as nodes without labels. */
  private void question() {
    for (String name : suspects) {
      suspects.remove(name);
      if (!view().hasNode(name)) {
        var _ = decide(name);
      }
    }
  }

  /**
   * Deletes those NodeConfigs of a ClusterConfig that have to go and may go now.
   *
   * @return whether others have to wait
   */
  boolean deleteWhatMayGo(CiliumBGPClusterConfig owner) {
    question();
    if (!deletions.isDue(owner)) {
      return false;
    }
    List<String> allowed = deletions.allowed(owner, view().count());
    Parallel.each(
        allowed,
        node -> {
          metrics.counted(
              "CiliumBGPClusterConfig",
              owner.getMetadata().getName(),
              () -> deletions.delete(node, owner.getMetadata().getName()));
          if (!view().hasNode(node)) {
            // Nobody else will: what it held is free.
            ledger.forget(node);
            nodes.wake(ledger.nowPossible());
          }
        });
    return deletions.isDue(owner);
  }

  Optional<DeletionBudget.Hold> hold(CiliumBGPClusterConfig owner) {
    return deletions.hold(owner);
  }
}

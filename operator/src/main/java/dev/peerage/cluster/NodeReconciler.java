package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.kube.FreshList;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Wake;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the NodeConfig of one Node, as {@link Assignment} decides with all ClusterConfigs in view.
 * It deletes none: that a NodeConfig has to go is noted, and its owner's reconciler sees to it.
 */
final class NodeReconciler implements Reconciler<Node>, OperatorReconciler<Node> {
  private static final Logger log = LoggerFactory.getLogger(NodeReconciler.class);

  private final KubernetesClient client;
  private final BgpCluster cluster;
  private final boolean givesRouterIds;
  private final NodeConfigWrites writes;
  private final Wake<Node> wake = new Wake<>("router IDs");
  private @Nullable Watched watched;

  NodeReconciler(KubernetesClient client, BgpCluster cluster, boolean givesRouterIds) {
    this.client = client;
    this.cluster = cluster;
    this.givesRouterIds = givesRouterIds;
    this.writes = new NodeConfigWrites(client);
  }

  private record Watched(
      ClusterView view, InformerEventSource<CiliumBGPNodeConfig, Node> nodeConfigs) {}

  /** A Node's labels, and its end. */
  @Override
  public void configure(ControllerConfigurationOverrider<Node> configuration) {
    configuration
        .withName("nodes")
        .withItemStore(new TrimmedStore<>(Trim::node))
        .withOnUpdateFilter((now, before) ->
            !Objects.equals(now.getMetadata().getLabels(), before.getMetadata().getLabels())
                || !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid()));
  }

  /**
   * Besides its labels a Node is woken by: a ClusterConfig with another spec that concerns it, its
   * NodeConfigOverride, its NodeConfig where it is not what was written, and a router ID that has
   * become free.
   */
  @Override
  public List<EventSource<?, Node>> prepareEventSources(EventSourceContext<Node> context) {
    IndexerResourceCache<Node> nodes = context.getPrimaryCache();
    InformerEventSource<CiliumBGPNodeConfigOverride, Node> overrides =
        Watches.of(
            context,
            CiliumBGPNodeConfigOverride.class,
            it ->
                it.withSecondaryToPrimaryMapper(override -> {
                  String name = override.getMetadata().getName();
                  if (nodes.get(new ResourceID(name)).isPresent()) {
                    cluster.ledger().overridden(name);
                  }
                  return sameName(override);
                }));
    InformerEventSource<CiliumBGPNodeConfig, Node> nodeConfigs =
        Watches.of(
            context,
            CiliumBGPNodeConfig.class,
            it ->
                it.withItemStore(new TrimmedStore<>(Trim::nodeConfig))
                    .withInformerListLimit(FreshList.PAGE)
                    .withOnUpdateFilter((now, before) -> !essence(now).equals(essence(before)))
                    .withSecondaryToPrimaryMapper(nodeConfig -> {
                      if (nodes.get(ResourceID.fromResource(nodeConfig)).isEmpty()) {
                        cluster.suspect(nodeConfig);
                      }
                      return sameName(nodeConfig);
                    }));
    InformerEventSource<CiliumBGPClusterConfig, Node> clusterConfigs =
        Watches.of(
            context,
            CiliumBGPClusterConfig.class,
            it ->
                it.withOnUpdateFilter(Watches::isNewSpec)
                    .withSecondaryToPrimaryMapper(config -> concerned(config, nodes)));
    watched =
        new Watched(new ClusterView(nodes, clusterConfigs, overrides, nodeConfigs), nodeConfigs);
    return List.of(clusterConfigs, overrides, nodeConfigs, wake.in(context.getPrimaryCache()));
  }

  private static Set<ResourceID> sameName(HasMetadata object) {
    return Set.of(new ResourceID(object.getMetadata().getName()));
  }

  /** What a hand may have changed. */
  private static List<Object> essence(CiliumBGPNodeConfig nodeConfig) {
    ObjectMeta metadata = nodeConfig.getMetadata();
    return List.of(
        Optional.ofNullable(nodeConfig.getSpec()),
        Optional.ofNullable(metadata.getUid()),
        metadata.getOwnerReferences(),
        Optional.ofNullable(metadata.getDeletionTimestamp()));
  }

  private Set<ResourceID> concerned(
      CiliumBGPClusterConfig config, IndexerResourceCache<Node> nodes) {
    Set<String> names =
        nodes
            .keys()
            .map(ResourceID::getName)
            .filter(name -> cluster.ledger().concerns(config, view().facts(name)))
            .collect(Collectors.toSet());
    cluster.told(config, names);
    return names.stream().map(ResourceID::new).collect(Collectors.toSet());
  }

  /** What its watches hold; not before the SDK has asked for its event sources. */
  ClusterView view() {
    return watched().view();
  }

  private Watched watched() {
    return Objects.requireNonNull(watched, "not registered yet");
  }

  /** Has Nodes reconciled. */
  void wake(Collection<String> nodes) {
    wake.up(nodes);
  }

  @Override
  public UpdateControl<Node> decide(Node object, Context<Node> context) {
    start();
    String name = object.getMetadata().getName();
    if (cluster.decide(name).writes()) {
      // Much may have changed until its turn came.
      cluster.writes().run(() -> write(cluster.decide(name)));
    }
    return UpdateControl.noUpdate();
  }

  private void write(NodeDecision decision) {
    if (!decision.writes() || decision.deletes()) {
      return;
    }
    CiliumBGPNodeConfig desired = decision.desired().orElseThrow();
    cluster
        .metrics()
        .counted(
            "CiliumBGPClusterConfig",
            decision.owner(),
            () ->
                watched()
                    .nodeConfigs()
                    .eventFilteringUpdateAndCacheResource(desired, writes::apply));
    log.debug("Wrote CiliumBGPNodeConfig {}", decision.node());
  }

  /** Before the first decision of a leader: all that there is, complete. */
  void start() {
    if (!cluster.ledger().started()) {
      cluster.ledger().start(everything(), view().candidates());
      cluster.suspectThoseWithoutNode();
    }
  }

  /** A watch may lag behind what the leader before this one wrote, router IDs among it. */
  private List<NodeFacts> everything() {
    Set<String> names = view().names();
    if (!givesRouterIds) {
      return names.stream().map(view()::facts).toList();
    }
    var fresh = new HashMap<String, CiliumBGPNodeConfig>();
    FreshList.of(client.resources(CiliumBGPNodeConfig.class), Trim::nodeConfig)
        .items()
        .forEach(it -> fresh.put(it.getMetadata().getName(), it));
    names.addAll(fresh.keySet());
    return names.stream()
        .map(name -> view().facts(name, Optional.ofNullable(fresh.get(name))))
        .toList();
  }
}

package dev.peerage.node;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches of an agent: its own Node and NodeConfig by name, and the peer configs,
 * advertisements, Services and EndpointSlices of the cluster. Never a pod. While the API server is
 * away the last known objects stay.
 */
final class Inputs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Inputs.class);

  private final Runnable planInput;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final SharedIndexInformer<Node> node;
  private final SharedIndexInformer<CiliumBGPNodeConfig> nodeConfig;
  private final SharedIndexInformer<CiliumBGPPeerConfig> peerConfigs;
  private final SharedIndexInformer<CiliumBGPAdvertisement> advertisements;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<EndpointSlice> endpointSlices;

  /**
   * Prepares the watches.
   *
   * @param planInput called when something changed that a plan reads, and after each sync
   * @param nodeConfigChanged called when anything in the NodeConfig changed, also its status
   */
  Inputs(KubernetesClient client, String nodeName, Runnable planInput, Runnable nodeConfigChanged) {
    this.planInput = planInput;
    this.node =
        trimmed(
            client.nodes().withName(nodeName),
            Trimmed::node,
            trimmed -> Arrays.asList(trimmed.getSpec(), trimmed.getStatus()));
    this.nodeConfig =
        informer(
            client.resources(CiliumBGPNodeConfig.class).withName(nodeName),
            CiliumBGPNodeConfig::getSpec);
    nodeConfig.addEventHandler(new Signal<>(nodeConfigChanged, _ -> new Object()));
    this.peerConfigs =
        informer(client.resources(CiliumBGPPeerConfig.class), CiliumBGPPeerConfig::getSpec);
    this.advertisements =
        informer(
            client.resources(CiliumBGPAdvertisement.class),
            advertisement ->
                Arrays.asList(advertisement.getMetadata().getLabels(), advertisement.getSpec()));
    this.services =
        trimmed(
            client.services().inAnyNamespace(),
            Trimmed::service,
            trimmed ->
                Arrays.asList(
                    trimmed.getMetadata().getLabels(), trimmed.getSpec(), trimmed.getStatus()));
    this.endpointSlices =
        trimmed(
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .withLabel(NodePlanner.SERVICE_NAME),
            slice -> Trimmed.slice(slice, nodeName),
            trimmed -> Arrays.asList(trimmed.getMetadata().getLabels(), trimmed.getEndpoints()));
  }

  private <T extends HasMetadata> SharedIndexInformer<T> informer(
      Informable<T> source, Function<T, ?> used) {
    SharedIndexInformer<T> informer = source.runnableInformer(0);
    informer.removeNamespaceIndex();
    informer.exceptionHandler((_, failure) -> {
      log.warn(
          "Watching {} failed; the last known objects stay in use; trying again: {}",
          informer.getApiTypeClass().getSimpleName(),
          reason(failure));
      return true;
    });
    informer.addEventHandler(new Signal<>(planInput, used));
    informers.add(informer);
    return informer;
  }

  private <T extends HasMetadata> SharedIndexInformer<T> trimmed(
      Informable<T> source, UnaryOperator<T> trim, Function<T, ?> used) {
    SharedIndexInformer<T> informer = informer(source, object -> used.apply(trim.apply(object)));
    informer.itemStore(new Trimmed.Store<>(trim));
    return informer;
  }

  private static String reason(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause().toString()
        : failure.toString();
  }

  void start() {
    for (SharedIndexInformer<?> informer : informers) {
      informer.start().thenRun(planInput);
    }
  }

  /** The kinds that have not been listed yet. */
  List<String> missing() {
    return informers.stream()
        .filter(informer -> !informer.hasSynced())
        .map(informer -> informer.getApiTypeClass().getSimpleName())
        .toList();
  }

  /** The objects now, or empty as long as one kind is not known or the Node does not exist. */
  Optional<NodeSnapshot> snapshot() {
    if (!missing().isEmpty()) {
      return Optional.empty();
    }
    return node.getStore().list().stream()
        .findFirst()
        .map(own ->
            new NodeSnapshot(
                own,
                nodeConfig.getStore().list(),
                peerConfigs.getStore().list(),
                advertisements.getStore().list(),
                services.getStore().list(),
                endpointSlices.getStore().list()));
  }

  /** The node's own NodeConfig, if it exists. */
  Optional<CiliumBGPNodeConfig> nodeConfig() {
    return nodeConfig.getStore().list().stream().findFirst();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  /** Calls on additions, deletions, and updates of what is used. */
  private record Signal<T>(Runnable target, Function<T, ?> used)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      target.run();
    }

    @Override
    public void onUpdate(T before, T after) {
      if (!used.apply(before).equals(used.apply(after))) {
        target.run();
      }
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      target.run();
    }
  }
}

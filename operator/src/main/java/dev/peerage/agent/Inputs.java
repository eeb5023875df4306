package dev.peerage.agent;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.host.HostWatch;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.CiliumConfig;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.PodIpPool;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The watches of an agent: its own Node and NodeConfig by name, the peer configs, advertisements,
 * Services and EndpointSlices of the cluster, the Secrets that its peers need, Cilium's own IPAM
 * where there is one with the setting that has Cilium speak BGP itself, and the host's network.
 * Never a pod. While the API server is away the last known objects stay.
 */
final class Inputs implements AutoCloseable {
  private final AgentSettings settings;
  private final Changes changes;
  private final Runnable wake;
  private final List<Watch<?>> watches = new ArrayList<>();
  private final Watch<Node> node;
  private final Watch<CiliumBGPNodeConfig> nodeConfig;
  private final Watch<CiliumBGPPeerConfig> peerConfigs;
  private final Watch<CiliumBGPAdvertisement> advertisements;
  private final Watch<Service> services;
  private final Trimmed.Slices slices;
  private final NamedSecrets secrets;
  private final Optional<Watch<ConfigMap>> ciliumConfig;
  private final CiliumKinds cilium;
  private final HostWatch host;

  /**
   * Prepares the watches.
   *
   * @param wake called when {@link #changes} has more, and after each first list
   * @param nodeConfigChanged called when anything in the NodeConfig changed, also its status
   */
  Inputs(
      KubernetesClient client, AgentSettings settings, Runnable wake, Runnable nodeConfigChanged) {
    this.settings = settings;
    this.wake = wake;
    this.changes = new Changes(wake);
    String nodeName = settings.nodeName();
    this.node =
        configuration(
            "Node",
            Watch.Need.REQUIRED,
            client.nodes().withName(nodeName),
            Trimmed::node,
            Trimmed::used);
    this.nodeConfig =
        configuration(
            "CiliumBGPNodeConfig",
            Watch.Need.REQUIRED,
            client.resources(CiliumBGPNodeConfig.class).withName(nodeName),
            UnaryOperator.identity(),
            Trimmed::used);
    nodeConfig.alsoTell(nodeConfigChanged);
    this.peerConfigs =
        configuration(
            "CiliumBGPPeerConfig",
            Watch.Need.REQUIRED,
            client.resources(CiliumBGPPeerConfig.class),
            UnaryOperator.identity(),
            Trimmed::used);
    this.advertisements =
        configuration(
            "CiliumBGPAdvertisement",
            Watch.Need.REQUIRED,
            client.resources(CiliumBGPAdvertisement.class),
            UnaryOperator.identity(),
            Trimmed::used);
    this.services =
        watch(
            "Service",
            Watch.Need.REQUIRED,
            client.services().inAnyNamespace(),
            new TrimmedStore<>(Trimmed::service),
            Trimmed::used,
            service -> changes.service(ServiceKey.of(service)));
    this.slices = new Trimmed.Slices(nodeName);
    watch(
        "EndpointSlice",
        Watch.Need.REQUIRED,
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inAnyNamespace()
            .withLabel(ServiceKey.SERVICE_NAME),
        slices,
        Trimmed::used,
        slice -> changes.service(ServiceKey.ofOwner(slice)));
    this.secrets = new NamedSecrets(client, settings.secretsNamespace(), changes::configuration);
    this.ciliumConfig =
        Optional.of(settings.ciliumNamespace())
            .filter(namespace -> !namespace.isEmpty())
            .map(namespace ->
                configuration(
                    "ConfigMap " + CiliumConfig.NAME,
                    Watch.Need.OPTIONAL,
                    client.configMaps().inNamespace(namespace).withName(CiliumConfig.NAME),
                    UnaryOperator.identity(),
                    CiliumConfig::of));
    this.cilium = new CiliumKinds(client, nodeName, changes::configuration);
    this.host = new HostWatch(changes::configuration);
  }

  /** A watch of objects of which every change means that all is decided anew. */
  private <T extends HasMetadata> Watch<T> configuration(
      String kind,
      Watch.Need need,
      Informable<T> source,
      UnaryOperator<T> trim,
      Function<T, ?> used) {
    return watch(kind, need, source, new TrimmedStore<>(trim), used, _ -> changes.configuration());
  }

  private <T extends HasMetadata> Watch<T> watch(
      String kind,
      Watch.Need need,
      Informable<T> source,
      TrimmedStore<T> store,
      Function<T, ?> used,
      Consumer<T> touched) {
    Watch<T> watch = new Watch<>(kind, need, source, store, used, touched);
    watches.add(watch);
    return watch;
  }

  void start() {
    host.start();
    watches.forEach(watch ->
        // Plans are made without an optional kind, so that its first list is a change.
        watch.start(watch.isRequired() ? wake : changes::configuration));
    cilium.start();
  }

  /** The kinds that have not been listed yet, the Secrets that the peers need among them. */
  List<String> missing() {
    List<String> missing =
        watches.stream()
            .filter(watch -> !watch.isKnown())
            .map(Watch::kind)
            .collect(Collectors.toCollection(ArrayList::new));
    missing.addAll(cilium.missing());
    if (missing.isEmpty()) {
      missing.addAll(secrets.missing(nodeConfig.list(), peerConfigs.list()));
    }
    return missing;
  }

  /** Whether what is required is known, and every change of it would be told at present. */
  boolean areCurrent() {
    return watches.stream().filter(Watch::isRequired).allMatch(Watch::isCurrent);
  }

  /** The node as it is, and of the API server's what was known before: all but passwords. */
  NodeContext contextAround(NodeContext before) {
    String namespace = settings.secretsNamespace();
    return new NodeContext(
        settings.planning(),
        host.current(),
        namespace.isEmpty() ? Passwords.NONE : Passwords.unknown(namespace),
        before.podIpPools(),
        before.ciliumNode());
  }

  /** What changed since the plan before. */
  Changes changes() {
    return changes;
  }

  /**
   * Everything but Services and EndpointSlices, now; empty as long as the Node does not exist, or a
   * Secret has come to be needed that is not known yet.
   */
  Optional<NodeSnapshot> configuration() {
    List<CiliumBGPNodeConfig> nodeConfigs = nodeConfig.list();
    List<CiliumBGPPeerConfig> peers = peerConfigs.list();
    return node()
        .filter(_ -> secrets.missing(nodeConfigs, peers).isEmpty())
        .map(own ->
            new NodeSnapshot(
                own,
                nodeConfigs,
                peers,
                advertisements.list(),
                List.of(),
                List.of(),
                new NodeContext(
                    settings.planning(),
                    host.current(),
                    secrets.passwords(),
                    cilium.pools().stream().map(PodIpPool::of).toList(),
                    cilium.node().map(CiliumNodeIpam::of))));
  }

  Set<ServiceKey> services() {
    return services.list().stream().map(ServiceKey::of).collect(Collectors.toSet());
  }

  /** A Service as it is now, trimmed. */
  Optional<Service> service(ServiceKey key) {
    return Optional.ofNullable(services.objects().getByKey(key.namespace() + "/" + key.name()));
  }

  /** The EndpointSlices of a Service as they are now, trimmed. */
  List<EndpointSlice> slices(ServiceKey key) {
    return slices.of(key);
  }

  /** Whether Cilium's own agents hold the sessions, so that this one must not. */
  boolean ciliumSpeaks() {
    return ciliumConfig.stream()
        .flatMap(watch -> watch.list().stream())
        .anyMatch(map -> CiliumConfig.of(map).bgp());
  }

  /** The Node, trimmed, if it exists. */
  Optional<Node> node() {
    return node.list().stream().findFirst();
  }

  /** The node's own NodeConfig, if it exists. */
  Optional<CiliumBGPNodeConfig> nodeConfig() {
    return nodeConfig.list().stream().findFirst();
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    cilium.close();
    secrets.close();
    host.close();
  }

  /**
   * What the watches have told since the last plan. Any thread may add; the loop takes it all
   * before it reads the stores, so that nothing is missed.
   */
  static final class Changes {
    private final Runnable wake;
    private Set<ServiceKey> services = new LinkedHashSet<>();
    private boolean configuration;

    /**
     * Nothing yet.
     *
     * @param wake called after each addition; must not block
     */
    Changes(Runnable wake) {
      this.wake = wake;
    }

    /** A Service or one of its EndpointSlices. */
    void service(ServiceKey key) {
      synchronized (this) {
        services.add(key);
      }
      wake.run();
    }

    /** Anything else. */
    void configuration() {
      synchronized (this) {
        configuration = true;
      }
      wake.run();
    }

    /** All that was added and not taken before. */
    synchronized Taken take() {
      var taken = new Taken(configuration, services);
      services = new LinkedHashSet<>();
      configuration = false;
      return taken;
    }

    /**
     * Changes of some time.
     *
     * @param configuration whether anything but Services changed
     * @param services the Services that changed, or whose EndpointSlices did
     */
    record Taken(boolean configuration, Set<ServiceKey> services) {}
  }
}

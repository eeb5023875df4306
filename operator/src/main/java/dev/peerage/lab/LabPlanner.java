package dev.peerage.lab;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredPeer.Source;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.cluster.ClusterPlan;
import dev.peerage.cluster.ClusterPlanner;
import dev.peerage.cluster.ClusterSnapshot;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.IpamPlan;
import dev.peerage.lbipam.IpamPlanner;
import dev.peerage.lbipam.IpamSnapshot;
import dev.peerage.lbipam.ServiceKey;
import dev.peerage.lint.Manifests;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs the planners of operator and agents over a folder's manifests. Pure. */
public final class LabPlanner {
  private static final long DEFAULT_ROUTER_ASN = 65000;

  private final Manifests manifests;
  private final LabPlan previous;
  private final Set<Prefix> networks;
  private final Instant now;
  private final List<Node> nodes;
  private final List<String> warnings = new ArrayList<>();

  private LabPlanner(Manifests manifests, LabPlan previous, Set<Prefix> networks, Instant now) {
    this.manifests = manifests;
    this.previous = previous;
    this.networks = networks;
    this.now = now;
    this.nodes = manifests.all(Node.class);
  }

  /**
   * Plans everything.
   *
   * @param previous the plan that runs: its NodeConfigs exist, its Services have addresses
   * @param networks what the routers originate
   * @param now for conditions and creation times
   */
  public static LabPlan plan(
      Manifests manifests, LabPlan previous, Set<Prefix> networks, Instant now) {
    return new LabPlanner(manifests, previous, networks, now).plan();
  }

  private LabPlan plan() {
    SortedMap<String, CiliumBGPNodeConfig> nodeConfigs = nodeConfigs();
    List<Service> services = services();
    SortedMap<String, DesiredSpeaker> speakers = new TreeMap<>();
    Map<InetAddress, Long> routers = routers();
    for (Node node : nodes) {
      String name = node.getMetadata().getName();
      NodePlan plan =
          NodePlanner.plan(
              new NodeSnapshot(
                  node,
                  Optional.ofNullable(nodeConfigs.get(name)).stream().toList(),
                  manifests.all(CiliumBGPPeerConfig.class),
                  manifests.all(CiliumBGPAdvertisement.class),
                  services,
                  manifests.all(EndpointSlice.class)));
      plan.problems().forEach(problem -> warnings.add(name + ": " + problem));
      speakers.put(name, placed(plan.named(), addresses(node), routers.keySet()));
    }
    return new LabPlan(
        manifests,
        services,
        nodeConfigs,
        speakers,
        routers.entrySet().stream()
            .map(router -> router(router.getKey(), router.getValue(), speakers))
            .toList(),
        List.copyOf(warnings));
  }

  private SortedMap<String, CiliumBGPNodeConfig> nodeConfigs() {
    List<CiliumBGPClusterConfig> configs = manifests.all(CiliumBGPClusterConfig.class);
    Set<String> owners =
        configs.stream().map(config -> config.getMetadata().getUid()).collect(Collectors.toSet());
    // What Kubernetes' garbage collection does: without its owner a NodeConfig is gone.
    List<CiliumBGPNodeConfig> existing =
        previous.nodeConfigs().values().stream()
            .filter(config ->
                config.getMetadata().getOwnerReferences().stream()
                    .allMatch(owner -> owners.contains(owner.getUid())))
            .toList();
    ClusterPlan plan =
        ClusterPlanner.plan(
            new ClusterSnapshot(
                configs,
                nodes,
                manifests.all(CiliumBGPNodeConfigOverride.class),
                manifests.all(CiliumBGPPeerConfig.class),
                existing),
            now);
    new TreeMap<>(plan.clusterConfigConditions())
        .forEach((name, conditions) ->
            conditions.stream()
                .filter(condition -> "True".equals(condition.status()))
                .forEach(c -> warnings.add("CiliumBGPClusterConfig " + name + ": " + text(c))));
    SortedMap<String, CiliumBGPNodeConfig> byNode = new TreeMap<>();
    for (CiliumBGPNodeConfig config : plan.desired()) {
      String name = config.getMetadata().getName();
      CiliumBGPNodeConfig old = previous.nodeConfigs().get(name);
      config
          .getMetadata()
          .setCreationTimestamp(
              old == null || plan.deletions().contains(name)
                  ? now.truncatedTo(ChronoUnit.SECONDS).toString()
                  : old.getMetadata().getCreationTimestamp());
      byNode.put(name, config);
    }
    return byNode;
  }

  private static String text(Condition condition) {
    return condition.type() + ": " + condition.message();
  }

  private List<Service> services() {
    Map<ServiceKey, Service> services = new LinkedHashMap<>();
    Map<ServiceKey, Service> before = new HashMap<>();
    previous.services().forEach(service -> before.put(ServiceKey.of(service), service));
    for (Service service : manifests.all(Service.class)) {
      Service old = before.get(ServiceKey.of(service));
      // As behind an API server: applying a manifest does not touch the status.
      services.put(
          ServiceKey.of(service),
          old == null ? service : new ServiceBuilder(service).withStatus(old.getStatus()).build());
    }
    IpamPlan plan =
        IpamPlanner.plan(
            new IpamSnapshot(
                manifests.all(CiliumLoadBalancerIPPool.class), List.copyOf(services.values())),
            now);
    plan.services()
        .forEach((key, change) -> {
          services.computeIfPresent(key, (_, service) -> withAddresses(service, change));
          Condition condition = change.condition();
          if (condition != null && "False".equals(condition.status())) {
            warnings.add("Service " + key + ": " + text(condition));
          }
        });
    return List.copyOf(services.values());
  }

  private static Service withAddresses(Service service, IpamPlan.ServiceChange change) {
    List<LoadBalancerIngress> ingress = new ArrayList<>();
    for (String address : change.addresses()) {
      LoadBalancerIngress entry = new LoadBalancerIngress();
      entry.setIp(address);
      ingress.add(entry);
    }
    return new ServiceBuilder(service)
        .editOrNewStatus()
        .withNewLoadBalancer()
        .withIngress(ingress)
        .endLoadBalancer()
        .endStatus()
        .build();
  }

  private static List<InetAddress> addresses(Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(address -> address.getType().equals("InternalIP"))
        .map(NodeAddress::getAddress)
        .map(InetAddress::ofLiteral)
        .toList();
  }

  // The peers that are no nodes.
  private Map<InetAddress, Long> routers() {
    Set<InetAddress> own =
        nodes.stream().flatMap(node -> addresses(node).stream()).collect(Collectors.toSet());
    Map<InetAddress, Long> routers = new LinkedHashMap<>();
    for (CiliumBGPClusterConfig config : manifests.all(CiliumBGPClusterConfig.class)) {
      for (CiliumBGPClusterConfigSpec.Instance instance : config.getSpec().bgpInstances()) {
        for (CiliumBGPClusterConfigSpec.Peer peer : instance.peers()) {
          String address = peer.peerAddress();
          if (address != null && !own.contains(InetAddress.ofLiteral(address.strip()))) {
            long asn = peer.peerASN() == 0 ? DEFAULT_ROUTER_ASN : peer.peerASN();
            Long other = routers.putIfAbsent(InetAddress.ofLiteral(address.strip()), asn);
            if (other != null && other != asn) {
              warnings.add(
                  "router "
                      + address
                      + " is wanted with AS "
                      + other
                      + " and AS "
                      + asn
                      + "; it runs as AS "
                      + other);
            }
          }
        }
      }
    }
    return routers;
  }

  private RouterPlan router(
      InetAddress address, long asn, SortedMap<String, DesiredSpeaker> speakers) {
    SortedMap<String, InetAddress> neighbors = new TreeMap<>();
    Map<InetAddress, String> known = new HashMap<>();
    for (Node node : nodes) {
      for (InetAddress own : addresses(node)) {
        if (sameFamily(own, address)) {
          neighbor(neighbors, known, node.getMetadata().getName(), own);
        }
      }
    }
    speakers.forEach((node, speaker) ->
        speaker.instances().stream()
            .flatMap(instance -> instance.peers().stream())
            .filter(peer -> peer.address().equals(address))
            .forEach(peer -> {
              switch (peer.source()) {
                case Source.Address(InetAddress own) -> neighbor(neighbors, known, node, own);
                case Source.Any(), Source.Interface(_) -> {}
              }
            }));
    return new RouterPlan(address, asn, networks, neighbors);
  }

  private static void neighbor(
      SortedMap<String, InetAddress> neighbors,
      Map<InetAddress, String> known,
      String node,
      InetAddress address) {
    if (known.putIfAbsent(address, node) == null) {
      neighbors.put(
          neighbors.containsKey(node) ? node + " " + address.getHostAddress() : node, address);
    }
  }

  private static boolean sameFamily(InetAddress one, InetAddress other) {
    return one.getAddress().length == other.getAddress().length;
  }

  // Sessions start from the node's own address, as the kernel's routes would have it.
  private static DesiredSpeaker placed(
      DesiredSpeaker desired, List<InetAddress> addresses, Set<InetAddress> routers) {
    return new DesiredSpeaker(
        desired.instances().stream()
            .map(instance ->
                new DesiredInstance(
                    instance.name(),
                    instance.localAsn(),
                    instance.routerId(),
                    listen(instance.listen(), addresses),
                    instance.peers().stream()
                        .map(peer -> placed(peer, addresses, routers))
                        .toList(),
                    instance.routes()))
            .toList());
  }

  // All addresses of a node are those of its own, not all of the host that the lab runs on.
  private static DesiredInstance.Listen listen(
      DesiredInstance.Listen listen, List<InetAddress> addresses) {
    return switch (listen) {
      case DesiredInstance.Listen.On(InetAddress address, int port)
          when address.isAnyLocalAddress() ->
          new DesiredInstance.Listen.On(addresses.getFirst(), port);
      case DesiredInstance.Listen.On on -> on;
      case DesiredInstance.Listen.Off off -> off;
    };
  }

  private static DesiredPeer placed(
      DesiredPeer peer, List<InetAddress> addresses, Set<InetAddress> routers) {
    Source source =
        switch (peer.source()) {
          case Source.Any _, Source.Interface _ ->
              addresses.stream()
                  .filter(address -> sameFamily(address, peer.address()))
                  .findFirst()
                  .<Source>map(Source.Address::new)
                  .orElse(peer.source());
          case Source.Address address -> address;
        };
    return peer.withPort(routers.contains(peer.address()) ? RouterPlan.PORT : peer.port())
        .withSource(source);
  }
}

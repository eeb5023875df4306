package dev.peerage.lab;

import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.lint.ManifestPlan;
import dev.peerage.lint.ManifestPlanner;
import dev.peerage.lint.Manifests;
import dev.peerage.peering.Problem.Severity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plans a lab: what operator and agents would do with the manifests, with the routers that the
 * nodes talk to, and every session from an address of its node. Pure.
 */
final class LabPlanner {
  private static final long DEFAULT_ROUTER_ASN = 65000;

  private final Manifests manifests;
  private final Set<Prefix> networks;
  private final List<Node> nodes;
  private final List<String> warnings = new ArrayList<>();

  private LabPlanner(Manifests manifests, Set<Prefix> networks) {
    this.manifests = manifests;
    this.networks = networks;
    this.nodes = manifests.all(Node.class);
  }

  /**
   * Plans everything.
   *
   * @param previous the plan that runs: its NodeConfigs exist, its Services have addresses
   * @param networks what the routers originate
   * @param now for conditions and creation times
   */
  static LabPlan plan(Manifests manifests, LabPlan previous, Set<Prefix> networks, Instant now) {
    return new LabPlanner(manifests, networks)
        .plan(
            ManifestPlanner.plan(
                manifests, previous.services(), previous.nodeConfigs(), previous.usable(), now));
  }

  private LabPlan plan(ManifestPlan plan) {
    plan.warnings().forEach(warning -> warnings.add(warning.toString()));
    Map<InetAddress, Long> routers = routers();
    SortedMap<String, DesiredSpeaker> speakers = new TreeMap<>();
    for (Node node : nodes) {
      String name = node.getMetadata().getName();
      NodePlan planned = Objects.requireNonNull(plan.nodes().get(name));
      planned.problems().stream()
          .filter(problem -> problem.severity() != Severity.NOTE)
          .forEach(problem -> warnings.add(name + ": " + problem));
      speakers.put(name, placed(planned.named(), addresses(node), routers.keySet()));
    }
    return new LabPlan(
        manifests,
        plan.services(),
        plan.nodeConfigs(),
        speakers,
        plan.usable(),
        routers.entrySet().stream()
            .map(router -> router(router.getKey(), router.getValue(), speakers))
            .toList(),
        List.copyOf(warnings));
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
              warnings.add(RouterPlan.twice(address, other, asn));
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
              switch (peer.endpoint().source()) {
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
      neighbors.put(neighbors.containsKey(node) ? node + " " + IpText.of(address) : node, address);
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
        switch (peer.endpoint().source()) {
          case Source.Any _, Source.Interface _ ->
              addresses.stream()
                  .filter(address -> sameFamily(address, peer.address()))
                  .findFirst()
                  .<Source>map(Source.Address::new)
                  .orElse(peer.endpoint().source());
          case Source.Address address -> address;
        };
    int port = routers.contains(peer.address()) ? RouterPlan.PORT : peer.endpoint().port();
    return peer.withEndpoint(endpoint -> endpoint.withPort(port).withSource(source));
  }
}

package dev.peerage.lint;

import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Looks at what is said of Nodes, where the files have some. */
final class NodeChecks {
  private final AssumedCluster cluster;
  private final ManifestPlan plan;
  private final PlanFindings.Sink sink;

  NodeChecks(AssumedCluster cluster, ManifestPlan plan, PlanFindings.Sink sink) {
    this.cluster = cluster;
    this.plan = plan;
    this.sink = sink;
  }

  void look() {
    SortedMap<String, Node> nodes = cluster.nodes();
    if (nodes.isEmpty()) {
      return;
    }
    for (CiliumBGPNodeConfigOverride override :
        cluster.manifests().all(CiliumBGPNodeConfigOverride.class)) {
      String name = override.getMetadata().getName();
      if (!nodes.containsKey(name)) {
        sink.add(
            new PlanWarning(
                FindingCode.OVERRIDE_WITHOUT_NODE,
                ObjectRef.ofCluster("CiliumBGPNodeConfigOverride", name),
                "metadata.name",
                "there is no Node of this name, so that nothing is overridden",
                "name the override after its Node"));
      }
    }
    Map<InetAddress, String> owners = owners(nodes);
    Set<String> listening = listening();
    for (CiliumBGPClusterConfig config : cluster.manifests().all(CiliumBGPClusterConfig.class)) {
      for (Instance instance : config.getSpec().bgpInstances()) {
        for (Peer peer : instance.peers()) {
          address(peer)
              .map(owners::get)
              .ifPresent(node -> peerIsNode(config, instance, peer, node, listening));
        }
      }
    }
  }

  private static Map<InetAddress, String> owners(SortedMap<String, Node> nodes) {
    Map<InetAddress, String> owners = new HashMap<>();
    nodes.forEach((name, node) -> {
      for (NodeAddress address : node.getStatus().getAddresses()) {
        if (address.getType().equals("InternalIP")) {
          owners.put(InetAddress.ofLiteral(address.getAddress()), name);
        }
      }
    });
    return owners;
  }

  private static Optional<InetAddress> address(Peer peer) {
    return Optional.ofNullable(peer.peerAddress())
        .map(address -> InetAddress.ofLiteral(address.strip()));
  }

  /** The nodes of which an instance listens. */
  private Set<String> listening() {
    Set<String> listening = new HashSet<>();
    for (CiliumBGPNodeConfig config : plan.nodeConfigs().values()) {
      if (config.getSpec().bgpInstances().stream().anyMatch(it -> it.localPort() != null)) {
        listening.add(config.getMetadata().getName());
      }
    }
    return listening;
  }

  /** Nodes may be each other's peers; but one of the two has to listen, and none is its own. */
  private void peerIsNode(
      CiliumBGPClusterConfig config,
      Instance instance,
      Peer peer,
      String node,
      Set<String> listening) {
    List<String> selected =
        plan.nodeConfigs().values().stream()
            .filter(each ->
                each.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getName().equals(config.getMetadata().getName())))
            .map(each -> each.getMetadata().getName())
            .toList();
    boolean onlyItself = selected.equals(List.of(node));
    if (!onlyItself && listening.contains(node)) {
      return;
    }
    String address = address(peer).map(IpText::of).orElse("");
    sink.add(
        new PlanWarning(
            FindingCode.PEER_IS_A_NODE,
            ObjectRef.ofCluster("CiliumBGPClusterConfig", config.getMetadata().getName()),
            "spec.bgpInstances[%s].peers[%s].peerAddress".formatted(instance.name(), peer.name()),
            onlyItself
                ? "%s is the address of node %s, the only one that is selected: it does not dial itself"
                    .formatted(address, node)
                : "%s is the address of node %s, on which no instance listens: no session comes up"
                    .formatted(address, node),
            "write the router's address; where nodes are meant to be each other's peers, set"
                + " localPort"));
  }
}

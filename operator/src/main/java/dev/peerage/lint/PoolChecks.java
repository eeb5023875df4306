package dev.peerage.lint;

import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.Block;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at what pools would give out that is somebody else's, and at pools that nobody uses. */
final class PoolChecks {
  private final Manifests manifests;
  private final PlanFindings.Sink sink;
  private final Map<String, AddressRange> podCidrs = new LinkedHashMap<>();
  private final Map<InetAddress, String> taken = new LinkedHashMap<>();

  PoolChecks(Manifests manifests, PlanFindings.Sink sink) {
    this.manifests = manifests;
    this.sink = sink;
  }

  void look() {
    for (Node node : manifests.all(Node.class)) {
      String name = "node " + node.getMetadata().getName();
      podCidrs(node)
          .forEach(cidr ->
              AddressRange.ofCidr(cidr)
                  .ifPresent(range -> podCidrs.put(cidr + ", the PodCIDR of " + name, range)));
      for (NodeAddress address : node.getStatus().getAddresses()) {
        if (address.getType().equals("InternalIP")) {
          taken.put(InetAddress.ofLiteral(address.getAddress()), name);
        }
      }
    }
    manifests.all(CiliumBGPClusterConfig.class).stream()
        .flatMap(config -> config.getSpec().bgpInstances().stream())
        .flatMap(instance -> instance.peers().stream())
        .forEach(this::router);
    List<Service> services =
        manifests.all(Service.class).stream()
            .filter(service -> "LoadBalancer".equals(service.getSpec().getType()))
            .toList();
    for (CiliumLoadBalancerIPPool pool : manifests.all(CiliumLoadBalancerIPPool.class)) {
      blocks(pool);
      selector(pool, services);
    }
  }

  private static List<String> podCidrs(Node node) {
    return node.getSpec() == null
        ? List.of()
        : Stream.concat(
                Stream.ofNullable(node.getSpec().getPodCIDR()),
                Stream.ofNullable(node.getSpec().getPodCIDRs()).flatMap(List::stream))
            .distinct()
            .toList();
  }

  private void router(Peer peer) {
    Optional.ofNullable(peer.peerAddress())
        .map(address -> InetAddress.ofLiteral(address.strip()))
        .ifPresent(address -> taken.putIfAbsent(address, "peer " + peer.name()));
  }

  private void blocks(CiliumLoadBalancerIPPool pool) {
    List<Block> blocks = pool.getSpec().blocks();
    for (int i = 0; i < blocks.size(); i++) {
      String field = "spec.blocks[" + i + "]";
      Optional<AddressRange> block = AddressRange.of(blocks.get(i));
      if (block.isEmpty()) {
        continue;
      }
      AddressRange range = block.get();
      podCidrs.entrySet().stream()
          .filter(cidr -> cidr.getValue().overlaps(range))
          .findFirst()
          .ifPresent(cidr ->
              add(
                  FindingCode.POOL_OVER_POD_CIDR,
                  pool,
                  field,
                  "it overlaps "
                      + cidr.getKey()
                      + ": a Service may get the address of a Pod, which is then out of reach",
                  "give the pool a range that nothing else in the network uses"));
      taken.entrySet().stream()
          .filter(address -> range.contains(address.getKey()))
          .findFirst()
          .ifPresent(address ->
              add(
                  FindingCode.POOL_OVER_NETWORK,
                  pool,
                  field,
                  "it holds "
                      + IpText.of(address.getKey())
                      + ", the address of "
                      + address.getValue()
                      + ": a Service that gets it takes it away from there",
                  "give the pool a range that is not the network of nodes and routers"));
    }
  }

  private void selector(CiliumLoadBalancerIPPool pool, List<Service> services) {
    @Nullable LabelSelector selector = pool.getSpec().serviceSelector();
    if (selector == null || services.isEmpty() || pool.getSpec().disabled()) {
      return;
    }
    if (services.stream().noneMatch(service -> selector.matches(labels(service)))) {
      add(
          FindingCode.POOL_UNUSED,
          pool,
          "spec.serviceSelector",
          "it selects none of the Services of type LoadBalancer in these files",
          "correct the selector or the labels of the Services");
    }
  }

  /** With the labels that every Service has for selectors. */
  private static Map<String, String> labels(Service service) {
    Map<String, String> labels = new HashMap<>();
    if (service.getMetadata().getLabels() != null) {
      labels.putAll(service.getMetadata().getLabels());
    }
    labels.put("io.kubernetes.service.name", service.getMetadata().getName());
    labels.put("io.kubernetes.service.namespace", ServiceKey.namespaceOf(service));
    return labels;
  }

  private void add(
      FindingCode code, CiliumLoadBalancerIPPool pool, String field, String what, String remedy) {
    sink.add(
        new PlanWarning(
            code,
            ObjectRef.ofCluster("CiliumLoadBalancerIPPool", pool.getMetadata().getName()),
            field,
            what,
            remedy));
  }
}

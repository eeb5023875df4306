package dev.peerage.why;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/**
 * What the API server says about the question: what no agent knows.
 *
 * @param service the Service that is meant, if there is one
 * @param gateway the Gateway that is asked about, if it is one
 * @param slices the EndpointSlices of the Service
 * @param pools all
 * @param nodes all
 * @param clusterConfigs all
 * @param nodeConfigs all
 * @param unread what could not be read, and why; nothing is concluded from its absence
 */
public record ClusterFacts(
    Optional<Service> service,
    Optional<Gateway> gateway,
    List<EndpointSlice> slices,
    List<CiliumLoadBalancerIPPool> pools,
    List<Node> nodes,
    List<CiliumBGPClusterConfig> clusterConfigs,
    List<CiliumBGPNodeConfig> nodeConfigs,
    List<String> unread) {
  public ClusterFacts {
    slices = List.copyOf(slices);
    pools = List.copyOf(pools);
    nodes = List.copyOf(nodes);
    clusterConfigs = List.copyOf(clusterConfigs);
    nodeConfigs = List.copyOf(nodeConfigs);
    unread = List.copyOf(unread);
  }

  /** The same, of the nodes only this one. */
  public ClusterFacts ofNode(String name) {
    return new ClusterFacts(
        service,
        gateway,
        slices,
        pools,
        nodes.stream().filter(each -> name.equals(each.getMetadata().getName())).toList(),
        clusterConfigs,
        nodeConfigs,
        unread);
  }

  /**
   * A Gateway.
   *
   * @param gatewayClass who serves it
   * @param conditions those that are not True, in words
   */
  public record Gateway(
      String namespace, String name, String gatewayClass, List<String> conditions) {
    public Gateway {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }
}

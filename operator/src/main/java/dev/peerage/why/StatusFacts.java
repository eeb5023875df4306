package dev.peerage.why;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/**
 * What the API server says about the whole cluster.
 *
 * @param unread what could not be read, and why
 */
public record StatusFacts(
    List<Node> nodes,
    List<CiliumBGPClusterConfig> clusterConfigs,
    List<CiliumBGPNodeConfig> nodeConfigs,
    List<CiliumLoadBalancerIPPool> pools,
    List<Service> services,
    List<String> unread) {
  public StatusFacts {
    nodes = List.copyOf(nodes);
    clusterConfigs = List.copyOf(clusterConfigs);
    nodeConfigs = List.copyOf(nodeConfigs);
    pools = List.copyOf(pools);
    services = List.copyOf(services);
    unread = List.copyOf(unread);
  }

  /** The same, of the nodes only this one. */
  public StatusFacts ofNode(String name) {
    return new StatusFacts(
        nodes.stream().filter(each -> name.equals(each.getMetadata().getName())).toList(),
        clusterConfigs,
        nodeConfigs.stream().filter(each -> name.equals(each.getMetadata().getName())).toList(),
        pools,
        services,
        unread);
  }
}

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;

/**
 * Everything that decides which NodeConfigs there are. Complete: a plan from a part of the cluster
 * would delete what it does not see.
 *
 * @param nodeConfigs those that exist
 */
public record ClusterSnapshot(
    List<CiliumBGPClusterConfig> clusterConfigs,
    List<Node> nodes,
    List<CiliumBGPNodeConfigOverride> overrides,
    List<CiliumBGPPeerConfig> peerConfigs,
    List<CiliumBGPNodeConfig> nodeConfigs) {
  public ClusterSnapshot {
    clusterConfigs = List.copyOf(clusterConfigs);
    nodes = List.copyOf(nodes);
    overrides = List.copyOf(overrides);
    peerConfigs = List.copyOf(peerConfigs);
    nodeConfigs = List.copyOf(nodeConfigs);
  }
}

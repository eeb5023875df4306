package dev.peerage.peering;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/**
 * All objects that decide what one node announces. It is complete: an object that is not in it does
 * not exist. The order of the lists does not matter.
 *
 * @param nodeConfigs the node's own CiliumBGPNodeConfig, or none
 * @param peerConfigs all
 * @param advertisements all
 * @param services all, of all namespaces
 * @param endpointSlices all that belong to Services; endpoints of other nodes may be left out
 * @param context the agent's options, the host, Secrets, Cilium's own IPAM
 */
public record NodeSnapshot(
    Node node,
    List<CiliumBGPNodeConfig> nodeConfigs,
    List<CiliumBGPPeerConfig> peerConfigs,
    List<CiliumBGPAdvertisement> advertisements,
    List<Service> services,
    List<EndpointSlice> endpointSlices,
    NodeContext context) {
  public NodeSnapshot {
    nodeConfigs = List.copyOf(nodeConfigs);
    peerConfigs = List.copyOf(peerConfigs);
    advertisements = List.copyOf(advertisements);
    services = List.copyOf(services);
    endpointSlices = List.copyOf(endpointSlices);
  }

  /** With an empty context. */
  public NodeSnapshot(
      Node node,
      List<CiliumBGPNodeConfig> nodeConfigs,
      List<CiliumBGPPeerConfig> peerConfigs,
      List<CiliumBGPAdvertisement> advertisements,
      List<Service> services,
      List<EndpointSlice> endpointSlices) {
    this(
        node, nodeConfigs, peerConfigs, advertisements, services, endpointSlices, NodeContext.NONE);
  }
}

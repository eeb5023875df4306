package dev.peerage.peering;

import dev.peerage.host.HostNetwork;
import java.util.List;
import java.util.Optional;

/**
 * What a plan reads besides Kubernetes objects and those of the BGP API: options, host, Secrets and
 * Cilium's IPAM.
 *
 * @param settings the agent's options
 * @param host the node's links, addresses and default routes
 * @param passwords what the Secrets of the BGP secrets namespace hold
 * @param podIpPools all CiliumPodIPPools; none when that kind is not served
 * @param ciliumNode the node's CiliumNode; empty when there is none
 */
public record NodeContext(
    NodeSettings settings,
    HostNetwork host,
    Passwords passwords,
    List<PodIpPool> podIpPools,
    Optional<CiliumNodeIpam> ciliumNode) {
  /** Default options, an unknown host, no Secrets, nothing of Cilium's own IPAM. */
  public static final NodeContext NONE =
      new NodeContext(
          NodeSettings.DEFAULT, HostNetwork.NONE, Passwords.NONE, List.of(), Optional.empty());

  public NodeContext {
    podIpPools = List.copyOf(podIpPools);
  }
}

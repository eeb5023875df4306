package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/**
 * All pools and all Services. The addresses in the Services' status are the only memory of what has
 * been given out, so a Service that is missing here loses its address to another one.
 */
public record IpamSnapshot(List<CiliumLoadBalancerIPPool> pools, List<Service> services) {
  public IpamSnapshot {
    pools = List.copyOf(pools);
    services = List.copyOf(services);
  }
}

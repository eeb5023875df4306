package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.Set;

/**
 * Which Services of type LoadBalancer get addresses from pools.
 *
 * @param withoutClass what happens to Services without loadBalancerClass
 * @param classes the loadBalancerClasses that are ours
 * @param foreign what becomes of addresses that somebody else has written
 */
public record Responsibility(
    DefaultIpam withoutClass, Set<String> classes, ForeignAddresses foreign) {
  /** Services without class and those of {@code io.cilium/bgp-control-plane}. */
  public static final Responsibility DEFAULT = of(DefaultIpam.LBIPAM, ForeignAddresses.KEEP);

  /** Copies the set. */
  public Responsibility {
    classes = Set.copyOf(classes);
  }

  /** The class of the BGP control plane, and Services without class as told. */
  public static Responsibility of(DefaultIpam withoutClass, ForeignAddresses foreign) {
    return new Responsibility(withoutClass, Set.of("io.cilium/bgp-control-plane"), foreign);
  }

  boolean includes(Service service) {
    ServiceSpec spec = service.getSpec();
    String loadBalancerClass = spec.getLoadBalancerClass();
    return "LoadBalancer".equals(spec.getType())
        && (loadBalancerClass == null
            ? withoutClass == DefaultIpam.LBIPAM
            : classes.contains(loadBalancerClass));
  }

  /** Who gives addresses to Services without loadBalancerClass. */
  public enum DefaultIpam {
    /** The pools. */
    LBIPAM,
    /** Somebody who writes the addresses of nodes. */
    NODEIPAM,
    /** Nobody. */
    NONE
  }

  /**
   * What becomes of addresses and host names in a status that Peerage has not written, where no
   * pool that gives addresses selects the Service, or it is not ours any more.
   */
  public enum ForeignAddresses {
    /** They stay: another load balancer serves the Service. */
    KEEP,
    /** They are removed, as by Cilium. */
    REMOVE
  }
}

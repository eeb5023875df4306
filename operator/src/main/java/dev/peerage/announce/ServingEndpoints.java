package dev.peerage.announce;

import dev.peerage.bgp.wire.AddressFamily;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The families in which a Service has endpoints to which kube-proxy forwards.
 *
 * @param local with one on this node, for traffic policy Local
 * @param anywhere with one on any node
 */
public record ServingEndpoints(Set<AddressFamily> local, Set<AddressFamily> anywhere) {
  public ServingEndpoints {
    local = Set.copyOf(local);
    anywhere = Set.copyOf(anywhere);
  }

  /** Those of a Service's slices, seen from a node. */
  static ServingEndpoints of(List<EndpointSlice> slices, String node) {
    Set<AddressFamily> local = EnumSet.noneOf(AddressFamily.class);
    Set<AddressFamily> anywhere = EnumSet.noneOf(AddressFamily.class);
    for (EndpointSlice slice : slices) {
      Optional<AddressFamily> family = family(slice.getAddressType());
      if (family.isEmpty() || slice.getEndpoints() == null) {
        continue;
      }
      for (Endpoint endpoint : slice.getEndpoints()) {
        if (takesTraffic(endpoint)) {
          anywhere.add(family.get());
          if (node.equals(endpoint.getNodeName())) {
            local.add(family.get());
          }
        }
      }
    }
    return new ServingEndpoints(local, anywhere);
  }

  private static Optional<AddressFamily> family(String addressType) {
    return switch (addressType) {
      case "IPv4" -> Optional.of(AddressFamily.IPV4_UNICAST);
      case "IPv6" -> Optional.of(AddressFamily.IPV6_UNICAST);
      default -> Optional.empty(); // FQDN, which no proxy serves
    };
  }

  /**
   * Whether kube-proxy forwards to an endpoint. Conditions that are not set: ready means true,
   * serving means as ready, terminating means false.
   */
  public static boolean takesTraffic(Endpoint endpoint) {
    EndpointConditions conditions = endpoint.getConditions();
    if (conditions == null || conditions.getReady() == null || conditions.getReady()) {
      return true;
    }
    // While it shuts down it still serves, and kube-proxy forwards to it as the last resort.
    return Boolean.TRUE.equals(conditions.getServing())
        && Boolean.TRUE.equals(conditions.getTerminating());
  }
}

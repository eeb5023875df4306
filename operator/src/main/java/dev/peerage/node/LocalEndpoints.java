package dev.peerage.node;

import dev.peerage.bgp.wire.AddressFamily;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which families of a Service have an endpoint on a node, for traffic policy Local. */
final class LocalEndpoints {
  private LocalEndpoints() {}

  /** The families with at least one endpoint on the node to which kube-proxy forwards. */
  static Set<AddressFamily> families(List<EndpointSlice> slices, String node) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (EndpointSlice slice : slices) {
      Optional<AddressFamily> family = family(slice.getAddressType());
      if (family.isPresent()
          && slice.getEndpoints() != null
          && slice.getEndpoints().stream().anyMatch(endpoint -> takesTraffic(endpoint, node))) {
        families.add(family.get());
      }
    }
    return families;
  }

  private static Optional<AddressFamily> family(String addressType) {
    return switch (addressType) {
      case "IPv4" -> Optional.of(AddressFamily.IPV4_UNICAST);
      case "IPv6" -> Optional.of(AddressFamily.IPV6_UNICAST);
      default -> Optional.empty(); // FQDN, which no proxy serves
    };
  }

  // Conditions that are not set: ready means true, serving means as ready, terminating means false.
  private static boolean takesTraffic(Endpoint endpoint, String node) {
    if (!node.equals(endpoint.getNodeName())) {
      return false;
    }
    EndpointConditions conditions = endpoint.getConditions();
    if (conditions == null || conditions.getReady() == null || conditions.getReady()) {
      return true;
    }
    // While it shuts down it still serves, and kube-proxy forwards to it as the last resort.
    return Boolean.TRUE.equals(conditions.getServing())
        && Boolean.TRUE.equals(conditions.getTerminating());
  }
}

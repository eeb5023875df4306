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
 * The families in which a Service has endpoints that a node shall attract traffic for.
 *
 * @param local with one on this node, for traffic policy Local: a ready one; one that still serves
 *     while it terminates only as long as no endpoint of the family is ready on any node
 * @param anywhere with one that takes traffic on any node
 */
public record ServingEndpoints(Set<AddressFamily> local, Set<AddressFamily> anywhere) {
  public ServingEndpoints {
    local = Set.copyOf(local);
    anywhere = Set.copyOf(anywhere);
  }

  /** Whether kube-proxy forwards to an endpoint. */
  public enum Use {
    /** It does. */
    READY,
    /** It does where there is no ready one: the endpoint shuts down and still serves. */
    LAST_RESORT,
    /** It does not. */
    NONE
  }

  /** Those of a Service's slices, seen from a node. */
  static ServingEndpoints of(List<EndpointSlice> slices, String node) {
    Set<AddressFamily> readyHere = EnumSet.noneOf(AddressFamily.class);
    Set<AddressFamily> readyAnywhere = EnumSet.noneOf(AddressFamily.class);
    Set<AddressFamily> lastHere = EnumSet.noneOf(AddressFamily.class);
    Set<AddressFamily> lastAnywhere = EnumSet.noneOf(AddressFamily.class);
    for (EndpointSlice slice : slices) {
      Optional<AddressFamily> family = family(slice.getAddressType());
      if (family.isEmpty() || slice.getEndpoints() == null) {
        continue;
      }
      for (Endpoint endpoint : slice.getEndpoints()) {
        boolean here = node.equals(endpoint.getNodeName());
        switch (use(endpoint)) {
          case READY -> {
            readyAnywhere.add(family.get());
            if (here) {
              readyHere.add(family.get());
            }
          }
          case LAST_RESORT -> {
            lastAnywhere.add(family.get());
            if (here) {
              lastHere.add(family.get());
            }
          }
          case NONE -> {}
        }
      }
    }
    // The last ones of the cluster stay; while others are ready, no new connection shall come here.
    lastHere.removeAll(readyAnywhere);
    lastHere.addAll(readyHere);
    lastAnywhere.addAll(readyAnywhere);
    return new ServingEndpoints(lastHere, lastAnywhere);
  }

  /** The family of a slice; empty for one of names. */
  static Optional<AddressFamily> family(String addressType) {
    return switch (addressType) {
      case "IPv4" -> Optional.of(AddressFamily.IPV4_UNICAST);
      case "IPv6" -> Optional.of(AddressFamily.IPV6_UNICAST);
      default -> Optional.empty(); // FQDN, which no proxy serves
    };
  }

  /**
   * What kube-proxy does with an endpoint. Conditions that are not set: ready means true, serving
   * means as ready, terminating means false.
   */
  public static Use use(Endpoint endpoint) {
    EndpointConditions conditions = endpoint.getConditions();
    if (conditions == null || conditions.getReady() == null || conditions.getReady()) {
      return Use.READY;
    }
    return Boolean.TRUE.equals(conditions.getServing())
            && Boolean.TRUE.equals(conditions.getTerminating())
        ? Use.LAST_RESORT
        : Use.NONE;
  }
}

package dev.peerage.node;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pod prefixes that a CiliumNode holds.
 *
 * @param podCidrs {@code spec.ipam.podCIDRs}
 * @param allocatedByPool {@code spec.ipam.pools.allocated[].cidrs} by the name of the pool
 */
public record CiliumNodeIpam(List<String> podCidrs, Map<String, List<String>> allocatedByPool) {
  /** Copies the collections. */
  public CiliumNodeIpam {
    podCidrs = List.copyOf(podCidrs);
    allocatedByPool =
        allocatedByPool.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, pool -> List.copyOf(pool.getValue())));
  }
}

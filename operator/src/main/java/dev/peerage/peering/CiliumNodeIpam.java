package dev.peerage.peering;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pod prefixes that a CiliumNode holds.
 *
 * @param podCidrs {@code spec.ipam.podCIDRs}
 * @param allocatedByPool {@code spec.ipam.pools.allocated[].cidrs} by the name of the pool
 */
public record CiliumNodeIpam(List<String> podCidrs, Map<String, List<String>> allocatedByPool) {
  public CiliumNodeIpam {
    podCidrs = List.copyOf(podCidrs);
    allocatedByPool =
        allocatedByPool.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, pool -> List.copyOf(pool.getValue())));
  }

  /**
   * Reads a CiliumNode (cilium.io/v2). What has another form than known is passed over: a newer
   * Cilium may have changed it.
   */
  public static CiliumNodeIpam of(GenericKubernetesResource node) {
    Map<String, List<String>> allocated = new TreeMap<>();
    for (Object each : list(node.get("spec", "ipam", "pools", "allocated"))) {
      if (each instanceof Map<?, ?> entry && entry.get("pool") instanceof String pool) {
        allocated.computeIfAbsent(pool, _ -> new ArrayList<>()).addAll(texts(entry.get("cidrs")));
      }
    }
    return new CiliumNodeIpam(texts(node.get("spec", "ipam", "podCIDRs")), allocated);
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}

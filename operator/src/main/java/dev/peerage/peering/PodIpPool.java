package dev.peerage.peering;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A CiliumPodIPPool, as far as announcements read it.
 *
 * @param name its name
 * @param labels its labels
 * @param ipv4MaskSize the length of the IPv4 prefixes that nodes get from it
 * @param ipv6MaskSize the length of the IPv6 prefixes that nodes get from it
 */
public record PodIpPool(
    String name, Map<String, String> labels, OptionalInt ipv4MaskSize, OptionalInt ipv6MaskSize) {
  public PodIpPool {
    labels = Map.copyOf(labels);
  }

  /** Reads a CiliumPodIPPool (cilium.io/v2alpha1 or v2). */
  public static PodIpPool of(GenericKubernetesResource pool) {
    Map<String, String> labels = pool.getMetadata().getLabels();
    return new PodIpPool(
        pool.getMetadata().getName(),
        labels == null ? Map.of() : labels,
        maskSize(pool.get("spec", "ipv4", "maskSize")),
        maskSize(pool.get("spec", "ipv6", "maskSize")));
  }

  private static OptionalInt maskSize(@Nullable Object value) {
    return value instanceof Number number ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
  }
}

package dev.peerage.peering;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;

/** A CiliumPodIPPool, as far as announcements read it. */
public record PodIpPool(String name, Map<String, String> labels) {
  public PodIpPool {
    labels = Map.copyOf(labels);
  }

  /** Reads a CiliumPodIPPool (cilium.io/v2alpha1 or v2). */
  public static PodIpPool of(GenericKubernetesResource pool) {
    Map<String, String> labels = pool.getMetadata().getLabels();
    return new PodIpPool(pool.getMetadata().getName(), labels == null ? Map.of() : labels);
  }
}

package dev.peerage.announce;

import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.Service;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The labels that selectors of advertisements are matched with. */
public final class ServiceLabels {
  private ServiceLabels() {}

  /** The Service's own ones, and the virtual ones that tell its name and namespace. */
  public static Map<String, String> of(Service service) {
    Map<String, String> labels =
        new HashMap<>(Objects.requireNonNullElse(service.getMetadata().getLabels(), Map.of()));
    labels.put("io.kubernetes.service.name", service.getMetadata().getName());
    labels.put("io.kubernetes.service.namespace", ServiceKey.namespaceOf(service));
    return labels;
  }
}

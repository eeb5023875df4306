package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/**
 * Names a Service, in the order of namespace and name.
 *
 * @param namespace its namespace
 * @param name its name; empty for EndpointSlices that belong to none
 */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
  /** The label of an EndpointSlice that names its Service. */
  public static final String SERVICE_NAME = "kubernetes.io/service-name";

  private static final Comparator<ServiceKey> ORDER =
      Comparator.comparing(ServiceKey::namespace).thenComparing(ServiceKey::name);

  /** The key of a Service; manifests outside a cluster may leave out the namespace. */
  public static ServiceKey of(HasMetadata service) {
    return new ServiceKey(namespaceOf(service), service.getMetadata().getName());
  }

  /** The key of the Service that an EndpointSlice belongs to. */
  public static ServiceKey ofOwner(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return new ServiceKey(
        namespaceOf(slice), labels == null ? "" : labels.getOrDefault(SERVICE_NAME, ""));
  }

  /** The namespace of an object; manifests outside a cluster may leave it out. */
  public static String namespaceOf(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getNamespace(), "default");
  }

  @Override
  public int compareTo(ServiceKey other) {
    return ORDER.compare(this, other);
  }

  /** Namespace and name with a slash between, as kubectl and logs write it. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

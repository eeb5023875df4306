package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Comparator;

/** Names a Service. */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
  private static final Comparator<ServiceKey> ORDER =
      Comparator.comparing(ServiceKey::namespace).thenComparing(ServiceKey::name);

  public static ServiceKey of(Service service) {
    return new ServiceKey(service.getMetadata().getNamespace(), service.getMetadata().getName());
  }

  @Override
  public int compareTo(ServiceKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

package dev.peerage.why;

import dev.peerage.bgp.wire.Prefix;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Collection;
import java.util.Optional;

/** Finds a Service by its address. */
public final class Services {
  private Services() {}

  /**
   * The Service that has an address, be it given, external or its own. An address may be shared:
   * then the first by name.
   */
  public static Optional<Service> having(Collection<Service> services, Prefix prefix) {
    return services.stream().filter(each -> ServiceLinks.has(each, prefix)).findFirst();
  }
}

package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * With whom a Service shares its addresses.
 *
 * @param key Services with the same key may share; empty = never
 * @param namespace the Service's
 * @param namespaces further namespaces that may share, or {@code *}
 * @param ports protocol and number
 * @param local whether externalTrafficPolicy is Local
 * @param pods the Service's selector
 */
record Sharing(
    String key,
    String namespace,
    Set<String> namespaces,
    Set<String> ports,
    boolean local,
    Map<String, String> pods) {

  static Sharing of(Service service) {
    ObjectMeta metadata = service.getMetadata();
    ServiceSpec spec = service.getSpec();
    return new Sharing(
        Claim.annotation(service, "lbipam.cilium.io/sharing-key", "io.cilium/lb-ipam-sharing-key"),
        Objects.requireNonNullElse(metadata.getNamespace(), ""),
        Arrays.stream(
                Claim.annotation(
                        service,
                        "lbipam.cilium.io/sharing-cross-namespace",
                        "io.cilium/lb-ipam-sharing-cross-namespace")
                    .split(","))
            .map(String::trim)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        spec.getPorts() == null
            ? Set.of()
            : spec.getPorts().stream()
                .map(port ->
                    Objects.requireNonNullElse(port.getProtocol(), "TCP") + "/" + port.getPort())
                .collect(Collectors.toUnmodifiableSet()),
        "Local".equals(spec.getExternalTrafficPolicy()),
        spec.getSelector() == null ? Map.of() : Map.copyOf(spec.getSelector()));
  }

  /** Why two Services cannot have the same address; empty when they can. */
  Optional<String> obstacle(Sharing other) {
    if (key.isEmpty() || !key.equals(other.key)) {
      return Optional.of("it has another sharing key, or none");
    }
    if (!allows(other) || !other.allows(this)) {
      return Optional.of("sharing between the two namespaces is not allowed by both");
    }
    var both = new HashSet<>(ports);
    both.retainAll(other.ports);
    if (!both.isEmpty()) {
      return Optional.of("both use port " + String.join(", ", new TreeSet<>(both)));
    }
    if (local != other.local) {
      return Optional.of("externalTrafficPolicy differs");
    }
    if (local && (pods.isEmpty() || !pods.equals(other.pods))) {
      return Optional.of("externalTrafficPolicy is Local and the selectors differ or are empty");
    }
    return Optional.empty();
  }

  private boolean allows(Sharing other) {
    return namespace.equals(other.namespace)
        || namespaces.contains(other.namespace)
        || namespaces.contains("*");
  }
}

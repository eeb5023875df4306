package dev.peerage.lbipam;

import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * With whom a Service shares its addresses.
 *
 * @param service whose this is
 * @param key Services with the same key may share; empty = never
 * @param namespaces further namespaces that may share, or {@code *}
 * @param ports protocol and number
 * @param local whether externalTrafficPolicy is Local
 * @param pods the Service's selector
 * @param differentPods whether it may share under Local with one of another selector
 */
record Sharing(
    ServiceKey service,
    String key,
    Set<String> namespaces,
    Set<String> ports,
    boolean local,
    Map<String, String> pods,
    boolean differentPods) {
  private static final String DIFFERENT_PODS = "lbipam.cilium.io/sharing-permit-different-pods";

  /** The words of Go's {@code strconv.ParseBool}, which Cilium reads the annotation with. */
  private static final Set<String> YES = Set.of("1", "t", "T", "TRUE", "true", "True");

  private static final Set<String> NO = Set.of("0", "f", "F", "FALSE", "false", "False");

  static Sharing of(Service service) {
    ServiceSpec spec = service.getSpec();
    return new Sharing(
        ServiceKey.of(service),
        Claim.annotation(service, "lbipam.cilium.io/sharing-key", "io.cilium/lb-ipam-sharing-key"),
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
        spec.getSelector() == null ? Map.of() : Map.copyOf(spec.getSelector()),
        YES.contains(Claim.annotation(service, DIFFERENT_PODS, DIFFERENT_PODS)));
  }

  /** What is wrong with the annotations; they count as missing then. */
  static Optional<String> fault(Service service) {
    String value = Claim.annotation(service, DIFFERENT_PODS, DIFFERENT_PODS);
    return value.isEmpty() || YES.contains(value) || NO.contains(value)
        ? Optional.empty()
        : Optional.of(
            "metadata.annotations[%s]: %s is neither true nor false and counts as false; write true or"
                    .formatted(DIFFERENT_PODS, value)
                + " false");
  }

  /** Why two Services cannot have the same address; empty when they can. */
  Optional<String> obstacle(Sharing other) {
    if (key.isEmpty() || other.key.isEmpty()) {
      return Optional.of(
          key.equals(other.key)
              ? "neither %s nor %s has a sharing key".formatted(service, other.service)
              : (key.isEmpty() ? service : other.service) + " has no sharing key");
    }
    if (!key.equals(other.key)) {
      return Optional.of(
          "%s has the sharing key %s, and %s has %s"
              .formatted(service, key, other.service, other.key));
    }
    if (!allows(other) || !other.allows(this)) {
      Sharing one = allows(other) ? other : this;
      return Optional.of(
          "%s does not name the namespace %s in %s"
              .formatted(
                  one.service,
                  (one == this ? other : this).service.namespace(),
                  "lbipam.cilium.io/sharing-cross-namespace"));
    }
    var both = new HashSet<>(ports);
    both.retainAll(other.ports);
    if (!both.isEmpty()) {
      return Optional.of("both use port " + String.join(", ", new TreeSet<>(both)));
    }
    if (local != other.local) {
      return Optional.of(
          "externalTrafficPolicy is %s for %s and %s for %s"
              .formatted(policy(), service, other.policy(), other.service));
    }
    return local ? differentPods(other) : Optional.empty();
  }

  /** Under Local only nodes with an endpoint announce: the nodes must be the same for both. */
  private Optional<String> differentPods(Sharing other) {
    if (pods.isEmpty() || other.pods.isEmpty()) {
      return Optional.of(
          "externalTrafficPolicy is Local and %s has no selector"
              .formatted(pods.isEmpty() ? service : other.service));
    }
    if (pods.equals(other.pods) || differentPods && other.differentPods) {
      return Optional.empty();
    }
    return Optional.of(
        "externalTrafficPolicy is Local and the selectors differ: %s of %s, %s of %s"
            .formatted(new TreeMap<>(pods), service, new TreeMap<>(other.pods), other.service));
  }

  private String policy() {
    return local ? "Local" : "Cluster";
  }

  private boolean allows(Sharing other) {
    return service.namespace().equals(other.service.namespace())
        || namespaces.contains(other.service.namespace())
        || namespaces.contains("*");
  }
}

package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Service wants from the pools, and what it has in its status. */
final class Claim {
  static final String SATISFIED = "cilium.io/IPAMRequestSatisfied";

  private final Service service;
  private final boolean ours;
  private final Map<String, String> labels = new HashMap<>();

  Claim(Service service, Responsibility responsibility) {
    this.service = service;
    this.ours = responsibility.includes(service);
    ObjectMeta metadata = service.getMetadata();
    if (metadata.getLabels() != null) {
      labels.putAll(metadata.getLabels());
    }
    labels.put("io.kubernetes.service.name", metadata.getName());
    labels.put("io.kubernetes.service.namespace", metadata.getNamespace());
  }

  Service service() {
    return service;
  }

  ServiceKey key() {
    return ServiceKey.of(service);
  }

  /** The Service's resourceVersion; empty for one that no API server has stored. */
  String version() {
    return Objects.requireNonNullElse(service.getMetadata().getResourceVersion(), "");
  }

  /** Whether this was read from the same version of the Service. */
  boolean isVersion(Service other) {
    return !version().isEmpty() && version().equals(other.getMetadata().getResourceVersion());
  }

  /** Older Services first: RFC 3339 in UTC sorts as text. */
  String age() {
    String timestamp = service.getMetadata().getCreationTimestamp();
    return timestamp == null ? "~" : timestamp;
  }

  /** The Service's labels and the virtual ones that pools may select by. */
  Map<String, String> labels() {
    return labels;
  }

  /** Whether addresses for it are our business. */
  boolean isOurs() {
    return ours;
  }

  /** With whom it shares. */
  Sharing sharing() {
    return Sharing.of(service);
  }

  /** Whether it has been our business before. */
  boolean wasOurs() {
    return condition().isPresent();
  }

  /** Addresses that the user asks for; when there are any, no others are given. */
  Set<Ip> requested() {
    var requested = new LinkedHashSet<Ip>();
    requests().forEach(text -> Ip.parse(text).ifPresent(requested::add));
    return requested;
  }

  /** What the user asks for and what is no address; it is passed over. */
  List<String> unreadable() {
    return requests().filter(text -> Ip.parse(text).isEmpty()).toList();
  }

  private Stream<String> requests() {
    String field = Optional.ofNullable(service.getSpec().getLoadBalancerIP()).orElse("");
    String list = annotation(service, "lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips");
    return Stream.concat(Stream.of(field), Arrays.stream(list.split(",")))
        .map(String::trim)
        .filter(text -> !text.isEmpty());
  }

  /** An annotation under its name or its older one, trimmed; empty when it is missing. */
  static String annotation(Service service, String name, String older) {
    Map<String, String> annotations =
        Optional.ofNullable(service.getMetadata().getAnnotations()).orElse(Map.of());
    return annotations.getOrDefault(name, annotations.getOrDefault(older, "")).trim();
  }

  /** The families to give one address of each: false IPv4, true IPv6, in this order. */
  SortedSet<Boolean> families() {
    ServiceSpec spec = service.getSpec();
    var families = new LinkedHashSet<Boolean>();
    Optional.ofNullable(spec.getIpFamilies())
        .orElse(List.of())
        .forEach(family -> families.add(family.equals("IPv6")));
    String policy = Optional.ofNullable(spec.getIpFamilyPolicy()).orElse("SingleStack");
    if (policy.equals("RequireDualStack")
        || policy.equals("PreferDualStack") && families.isEmpty()) {
      families.add(false);
      families.add(true);
    }
    if (families.isEmpty()) {
      families.add(false);
    }
    return policy.endsWith("DualStack")
        ? new TreeSet<>(families)
        : new TreeSet<>(Set.of(families.getFirst()));
  }

  /** The status' ingress entries. */
  List<LoadBalancerIngress> ingress() {
    ServiceStatus status = service.getStatus();
    if (status == null
        || status.getLoadBalancer() == null
        || status.getLoadBalancer().getIngress() == null) {
      return List.of();
    }
    return status.getLoadBalancer().getIngress();
  }

  /** The addresses among the ingress entries, without duplicates. */
  List<Ip> held() {
    var held = new ArrayList<Ip>();
    for (LoadBalancerIngress entry : ingress()) {
      if (entry.getIp() != null) {
        Ip.parse(entry.getIp()).filter(ip -> !held.contains(ip)).ifPresent(held::add);
      }
    }
    return held;
  }

  /** Whether the status says these addresses and nothing else. */
  boolean says(List<String> addresses) {
    return ingress().stream()
        .map(entry -> entry.getHostname() == null ? entry.getIp() : entry.getHostname())
        .toList()
        .equals(addresses);
  }

  /** Our condition in the status. */
  Optional<Condition> condition() {
    ServiceStatus status = service.getStatus();
    if (status == null || status.getConditions() == null) {
      return Optional.empty();
    }
    return status.getConditions().stream()
        .filter(it -> SATISFIED.equals(it.getType()))
        .findFirst()
        .map(it ->
            new Condition(
                it.getType(),
                it.getStatus(),
                it.getObservedGeneration(),
                it.getLastTransitionTime(),
                it.getReason(),
                Optional.ofNullable(it.getMessage()).orElse("")));
  }

  /** The condition to store. */
  Condition verdict(@Nullable Refusal refusal, Instant now) {
    return new Condition(
            SATISFIED,
            refusal == null ? "True" : "False",
            service.getMetadata().getGeneration(),
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            refusal == null ? "satisfied" : refusal.reason(),
            refusal == null ? "" : refusal.message())
        .since(condition().stream().toList());
  }

  /** Why a Service does not have all it wants. */
  record Refusal(String reason, String message) {}
}

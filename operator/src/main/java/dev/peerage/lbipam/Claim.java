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

  /** The annotation in which a Service's addresses are kept, as others can write its status. */
  static final String MEMORY = "peerage.dev/lbipam-addresses";

  private static final String REQUEST_FIELDS =
      "spec.loadBalancerIP, metadata.annotations[lbipam.cilium.io/ips]";

  /** The conditions that Peerage writes. */
  static final Set<String> CONDITIONS = Set.of(SATISFIED, Contest.CONDITION);

  private final Service service;
  private final boolean ours;
  private final Map<String, String> labels = new HashMap<>();
  private final Set<Ip> requested = new LinkedHashSet<>();

  Claim(Service service, Responsibility responsibility) {
    this.service = service;
    this.ours = responsibility.includes(service);
    ObjectMeta metadata = service.getMetadata();
    if (metadata.getLabels() != null) {
      labels.putAll(metadata.getLabels());
    }
    labels.put("io.kubernetes.service.name", metadata.getName());
    labels.put("io.kubernetes.service.namespace", metadata.getNamespace());
    requests().flatMap(text -> Ip.parse(text).stream()).forEach(requested::add);
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

  /** Whether this is the same Service as another one, and not one of the same name after it. */
  boolean isLaterOf(Claim other) {
    return Objects.equals(service.getMetadata().getUid(), other.service.getMetadata().getUid());
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
    return !conditions().isEmpty() || !remembered().isEmpty();
  }

  /** The addresses that Peerage gave it, whatever its status says. */
  List<Ip> remembered() {
    return addresses(annotation(service, MEMORY, MEMORY)).distinct().toList();
  }

  /**
   * What the pools gave it, of what it holds or held. Where the annotation is missing, as on a
   * Service that Cilium or an older version served, the status tells: condition and addresses were
   * written together, unless the API server knows somebody else to have written the addresses
   * since.
   */
  Set<Ip> given() {
    var given = new LinkedHashSet<>(remembered());
    FieldManagers managers = managers();
    boolean told =
        condition().isPresent()
            && (given.isEmpty() && !managers.isForeign() || managers.isOfPools());
    if (told || managers.ofIngress().filter(LbIpam.FIELD_MANAGER::equals).isPresent()) {
      given.addAll(held());
    }
    return given;
  }

  /** Who writes it. */
  FieldManagers managers() {
    return FieldManagers.of(service);
  }

  /** Addresses that the user asks for; when there are any, no others are given. */
  Set<Ip> requested() {
    return requested;
  }

  /** What the user has written and what is passed over as it cannot be read: field and remedy. */
  List<Notice> faults() {
    List<String> unreadable = requests().filter(text -> Ip.parse(text).isEmpty()).toList();
    Stream<String> requests =
        unreadable.isEmpty()
            ? Stream.of()
            : Stream.of(
                "%s: no IP address: %s; passed over; write addresses with commas between"
                    .formatted(REQUEST_FIELDS, String.join(", ", unreadable)));
    return Stream.concat(requests, Sharing.fault(service).stream())
        .map(text -> new Notice("UnreadableAnnotation", text))
        .toList();
  }

  private Stream<String> requests() {
    String field = Optional.ofNullable(service.getSpec().getLoadBalancerIP()).orElse("");
    String list = annotation(service, "lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips");
    return Stream.concat(Stream.of(field), Arrays.stream(list.split(",")))
        .map(String::trim)
        .filter(text -> !text.isEmpty());
  }

  private static Stream<Ip> addresses(String list) {
    return Arrays.stream(list.split(",")).flatMap(text -> Ip.parse(text).stream());
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
      // A manifest: the API server would put the cluster's own family there, which may be either.
      families.add(!requested.isEmpty() && requested.stream().allMatch(Ip::v6));
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
    return ingress().stream().flatMap(entry -> Ip.of(entry).stream()).distinct().toList();
  }

  /** Whether the status says these entries and nothing else. */
  boolean says(List<LoadBalancerIngress> entries) {
    return texts(ingress()).equals(texts(entries));
  }

  /** Whether the status says these addresses, and of them what these conditions say. */
  boolean isAsWritten(List<String> addresses, List<Condition> conditions) {
    return texts(ingress()).equals(addresses)
        && conditions.stream()
            .allMatch(it ->
                conditions().stream()
                    .anyMatch(stored ->
                        stored.type().equals(it.type())
                            && stored.status().equals(it.status())
                            && stored.reason().equals(it.reason())));
  }

  /** Addresses and host names of entries. */
  static List<String> texts(List<LoadBalancerIngress> entries) {
    return entries.stream()
        .map(entry -> entry.getHostname() == null ? entry.getIp() : entry.getHostname())
        .toList();
  }

  /** Our condition about the addresses. */
  Optional<Condition> condition() {
    return conditions().stream().filter(it -> it.type().equals(SATISFIED)).findFirst();
  }

  /** Our conditions in the status. */
  List<Condition> conditions() {
    ServiceStatus status = service.getStatus();
    if (status == null || status.getConditions() == null) {
      return List.of();
    }
    return status.getConditions().stream()
        .filter(it -> CONDITIONS.contains(it.getType()))
        .map(it ->
            new Condition(
                it.getType(),
                it.getStatus(),
                it.getObservedGeneration(),
                it.getLastTransitionTime(),
                it.getReason(),
                Optional.ofNullable(it.getMessage()).orElse("")))
        .toList();
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
        .since(conditions());
  }

  /**
   * Why a Service does not have all it wants.
   *
   * @param passes whether it is over once what is written just now has arrived; nothing is said of
   *     it then
   */
  record Refusal(String reason, String message, boolean passes) {
    Refusal(String reason, String message) {
      this(reason, message, false);
    }
  }
}

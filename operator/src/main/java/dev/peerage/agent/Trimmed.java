package dev.peerage.agent;

import dev.peerage.announce.OwnNode;
import dev.peerage.announce.ServingEndpoints;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of objects with only the fields that the planner reads: less memory, and updates of other
 * fields (heartbeats, ports, pods of other nodes) change nothing.
 */
final class Trimmed {
  /** Stands for all endpoints of other nodes that take traffic; has no conditions: is ready. */
  private static final Endpoint ELSEWHERE = new Endpoint();

  private static final Map<Local, Endpoint> LOCAL = new ConcurrentHashMap<>();

  /** There are five such lists, and many Services. */
  private static final Map<List<String>, List<String>> FAMILIES = new ConcurrentHashMap<>();

  private Trimmed() {}

  static Node node(Node node) {
    ObjectMeta metadata = metadata(node);
    metadata.setLabels(OwnNode.labelsRead(metadata.getLabels()));
    var trimmed = new NodeBuilder().withMetadata(metadata);
    if (node.getSpec() != null) {
      trimmed
          .withNewSpec()
          .withPodCIDR(node.getSpec().getPodCIDR())
          .withPodCIDRs(node.getSpec().getPodCIDRs())
          .endSpec();
    }
    if (node.getStatus() != null) {
      trimmed.withNewStatus().withAddresses(node.getStatus().getAddresses()).endStatus();
    }
    return trimmed.build();
  }

  // Of Services there are very many: no builders, which make a map and lists for each empty field.
  static Service service(Service service) {
    var trimmed = new Service();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setMetadata(compact(service, service.getMetadata().getLabels()));
    if (service.getSpec() != null) {
      trimmed.setSpec(spec(service.getSpec()));
    }
    if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
      trimmed.setStatus(status(service.getStatus().getLoadBalancer()));
    }
    return trimmed;
  }

  private static ServiceSpec spec(ServiceSpec spec) {
    List<String> clusterIps = orEmpty(spec.getClusterIPs());
    var trimmed = new ServiceSpec();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setType(shared(spec.getType()));
    trimmed.setClusterIP(clusterIps.isEmpty() ? spec.getClusterIP() : null);
    trimmed.setClusterIPs(List.copyOf(clusterIps));
    trimmed.setExternalIPs(List.copyOf(orEmpty(spec.getExternalIPs())));
    trimmed.setLoadBalancerClass(shared(spec.getLoadBalancerClass()));
    trimmed.setInternalTrafficPolicy(shared(spec.getInternalTrafficPolicy()));
    trimmed.setExternalTrafficPolicy(shared(spec.getExternalTrafficPolicy()));
    trimmed.setIpFamilies(
        FAMILIES.computeIfAbsent(List.copyOf(orEmpty(spec.getIpFamilies())), it -> it));
    trimmed.setLoadBalancerSourceRanges(List.of());
    trimmed.setPorts(List.of());
    trimmed.setSelector(Map.of());
    return trimmed;
  }

  private static ServiceStatus status(LoadBalancerStatus loadBalancer) {
    var addresses = new LoadBalancerStatus();
    addresses.setAdditionalProperties(Map.of());
    addresses.setIngress(
        orEmpty(loadBalancer.getIngress()).stream().map(Trimmed::ingress).toList());
    var trimmed = new ServiceStatus();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setConditions(List.of());
    trimmed.setLoadBalancer(addresses);
    return trimmed;
  }

  private static LoadBalancerIngress ingress(LoadBalancerIngress ingress) {
    var trimmed = new LoadBalancerIngress();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setIp(ingress.getIp());
    trimmed.setHostname(ingress.getHostname());
    trimmed.setPorts(List.of());
    return trimmed;
  }

  /**
   * Keeps the endpoints of one node, without their addresses. Those of other nodes become one that
   * takes traffic, or none, so that they are a change only when the first comes or the last goes.
   */
  static EndpointSlice slice(EndpointSlice slice, String node) {
    List<Endpoint> endpoints = new ArrayList<>();
    boolean elsewhere = false;
    for (Endpoint endpoint : orEmpty(slice.getEndpoints())) {
      if (node.equals(endpoint.getNodeName())) {
        endpoints.add(
            LOCAL.computeIfAbsent(new Local(node, endpoint.getConditions()), Local::endpoint));
      } else {
        elsewhere |= ServingEndpoints.takesTraffic(endpoint);
      }
    }
    if (elsewhere) {
      endpoints.add(ELSEWHERE);
    }
    var trimmed = new EndpointSlice();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setMetadata(compact(slice, owner(slice)));
    trimmed.setAddressType(shared(slice.getAddressType()));
    trimmed.setEndpoints(List.copyOf(endpoints));
    trimmed.setPorts(List.of());
    return trimmed;
  }

  /** The label that names the Service, if there is one. */
  private static Map<String, String> owner(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    @Nullable String owner = labels == null ? null : labels.get(ServiceKey.SERVICE_NAME);
    return owner == null ? Map.of() : Map.of(ServiceKey.SERVICE_NAME, owner);
  }

  /** An endpoint of this node: a few of them stand for all. */
  private record Local(String node, @Nullable EndpointConditions conditions) {
    Endpoint endpoint() {
      return new EndpointBuilder().withNodeName(node).withConditions(conditions).build();
    }
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /** Keeps the password alone. */
  static Secret secret(Secret secret) {
    var trimmed = new SecretBuilder().withMetadata(metadata(secret));
    if (secret.getData() != null && secret.getData().containsKey(Passwords.KEY)) {
      trimmed.withData(Map.of(Passwords.KEY, secret.getData().get(Passwords.KEY)));
    }
    return trimmed.build();
  }

  /** The metadata of one of very many objects. */
  private static ObjectMeta compact(HasMetadata object, @Nullable Map<String, String> labels) {
    var compact = new ObjectMeta();
    compact.setAdditionalProperties(Map.of());
    compact.setNamespace(shared(object.getMetadata().getNamespace()));
    compact.setName(object.getMetadata().getName());
    compact.setResourceVersion(object.getMetadata().getResourceVersion());
    compact.setLabels(labels == null ? Map.of() : Map.copyOf(labels));
    compact.setAnnotations(Map.of());
    compact.setFinalizers(List.of());
    compact.setManagedFields(List.of());
    compact.setOwnerReferences(List.of());
    return compact;
  }

  /** One of a few values, kept once. */
  private static @Nullable String shared(@Nullable String text) {
    return text == null ? null : text.intern();
  }

  // The informer needs the resource version to tell a change from a repetition.
  static ObjectMeta metadata(HasMetadata object) {
    return new ObjectMetaBuilder()
        .withNamespace(object.getMetadata().getNamespace())
        .withName(object.getMetadata().getName())
        .withUid(object.getMetadata().getUid())
        .withResourceVersion(object.getMetadata().getResourceVersion())
        .withLabels(object.getMetadata().getLabels())
        .build();
  }

  /** The store of EndpointSlices, which finds those of a Service. */
  static final class Slices extends TrimmedStore<EndpointSlice> {
    private final Map<ServiceKey, List<EndpointSlice>> byService = new ConcurrentHashMap<>();

    Slices(String node) {
      super(slice -> slice(slice, node));
    }

    List<EndpointSlice> of(ServiceKey service) {
      return byService.getOrDefault(service, List.of());
    }

    @Override
    public @Nullable EndpointSlice put(String key, EndpointSlice slice) {
      @Nullable EndpointSlice before = super.put(key, slice);
      forget(before);
      EndpointSlice now = Objects.requireNonNull(get(key));
      byService.merge(ServiceKey.ofOwner(now), List.of(now), Slices::joined);
      return before;
    }

    @Override
    public @Nullable EndpointSlice remove(String key) {
      @Nullable EndpointSlice before = super.remove(key);
      forget(before);
      return before;
    }

    private void forget(@Nullable EndpointSlice gone) {
      if (gone != null) {
        byService.computeIfPresent(
            ServiceKey.ofOwner(gone),
            (_, slices) -> {
              List<EndpointSlice> left = slices.stream().filter(each -> each != gone).toList();
              return left.isEmpty() ? null : List.copyOf(left);
            });
      }
    }

    private static List<EndpointSlice> joined(List<EndpointSlice> some, List<EndpointSlice> more) {
      return Stream.concat(some.stream(), more.stream()).toList();
    }
  }
}

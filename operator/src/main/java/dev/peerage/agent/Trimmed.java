package dev.peerage.agent;

import dev.peerage.announce.OwnNode;
import dev.peerage.announce.ServingEndpoints;
import dev.peerage.announce.ServingEndpoints.Use;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceCopy;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** Stands for all endpoints of other nodes that are ready; it has no conditions. */
  private static final Endpoint READY_ELSEWHERE = new Endpoint();

  /** Stands for all endpoints of other nodes that still serve, where none of them is ready. */
  private static final Endpoint LAST_ELSEWHERE =
      new EndpointBuilder()
          .withConditions(new EndpointConditions(false, true, /* terminating= */ true))
          .build();

  private static final Map<Local, Endpoint> LOCAL = new ConcurrentHashMap<>();

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

  static Service service(Service service) {
    return ServiceCopy.of(service);
  }

  /**
   * Keeps the endpoints of one node, without their addresses. Those of other nodes become one, of
   * those that take most: they are a change only when the first comes or the last goes.
   */
  static EndpointSlice slice(EndpointSlice slice, String node) {
    List<Endpoint> endpoints = new ArrayList<>();
    Use elsewhere = Use.NONE;
    for (Endpoint endpoint : orEmpty(slice.getEndpoints())) {
      if (node.equals(endpoint.getNodeName())) {
        endpoints.add(
            LOCAL.computeIfAbsent(new Local(node, endpoint.getConditions()), Local::endpoint));
      } else {
        elsewhere = stronger(elsewhere, ServingEndpoints.use(endpoint));
      }
    }
    switch (elsewhere) {
      case READY -> endpoints.add(READY_ELSEWHERE);
      case LAST_RESORT -> endpoints.add(LAST_ELSEWHERE);
      case NONE -> {}
    }
    var trimmed = new EndpointSlice();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setMetadata(ServiceCopy.metadata(slice, owner(slice)));
    trimmed.setAddressType(ServiceCopy.shared(slice.getAddressType()));
    trimmed.setEndpoints(List.copyOf(endpoints));
    trimmed.setPorts(List.of());
    return trimmed;
  }

  private static Use stronger(Use one, Use other) {
    return one.compareTo(other) < 0 ? one : other;
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

  // Of a stored object that which a plan can depend on. An update that leaves it equal costs none;
  // TrimmedFieldsTest holds that nothing else decides.

  static Object used(Node node) {
    return Arrays.asList(node.getMetadata().getLabels(), node.getSpec(), node.getStatus());
  }

  static Object used(Service service) {
    return Arrays.asList(service.getMetadata().getLabels(), service.getSpec(), service.getStatus());
  }

  static Object used(EndpointSlice slice) {
    return Arrays.asList(
        slice.getMetadata().getLabels(), slice.getAddressType(), slice.getEndpoints());
  }

  /** The owner is who problems are told about. */
  static Object used(CiliumBGPNodeConfig config) {
    return Arrays.asList(config.getMetadata().getOwnerReferences(), config.getSpec());
  }

  static Object used(CiliumBGPPeerConfig config) {
    return config.getSpec();
  }

  static Object used(CiliumBGPAdvertisement advertisement) {
    return Arrays.asList(advertisement.getMetadata().getLabels(), advertisement.getSpec());
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

package dev.peerage.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Copies of objects with only the fields that the planner reads: less memory, and updates of other
 * fields (heartbeats, ports, pods of other nodes) change nothing.
 */
final class Trimmed {
  /** Stands for all endpoints of other nodes that take traffic; has no conditions: is ready. */
  private static final Endpoint ELSEWHERE = new Endpoint();

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
    var trimmed = new ServiceBuilder().withMetadata(metadata(service));
    ServiceSpec spec = service.getSpec();
    if (spec != null) {
      trimmed
          .withNewSpec()
          .withType(spec.getType())
          .withClusterIP(spec.getClusterIP())
          .withClusterIPs(spec.getClusterIPs())
          .withExternalIPs(spec.getExternalIPs())
          .withLoadBalancerClass(spec.getLoadBalancerClass())
          .withInternalTrafficPolicy(spec.getInternalTrafficPolicy())
          .withExternalTrafficPolicy(spec.getExternalTrafficPolicy())
          .endSpec();
    }
    if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
      trimmed.withNewStatus().withLoadBalancer(service.getStatus().getLoadBalancer()).endStatus();
    }
    return trimmed.build();
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
            new EndpointBuilder()
                .withNodeName(endpoint.getNodeName())
                .withConditions(endpoint.getConditions())
                .build());
      } else {
        elsewhere |= ServingEndpoints.takesTraffic(endpoint);
      }
    }
    if (elsewhere) {
      endpoints.add(ELSEWHERE);
    }
    EndpointSlice trimmed =
        new EndpointSliceBuilder()
            .withMetadata(metadata(slice))
            .withAddressType(slice.getAddressType())
            .build();
    trimmed.setEndpoints(endpoints); // not by the builder, which would copy them
    return trimmed;
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

  /** An informer's store that keeps trimmed copies. */
  static final class Store<T extends HasMetadata> extends BasicItemStore<T> {
    private final UnaryOperator<T> trim;

    Store(UnaryOperator<T> trim) {
      super(Cache::metaNamespaceKeyFunc);
      this.trim = trim;
    }

    @Override
    public T put(String key, T object) {
      return super.put(key, trim.apply(object));
    }
  }
}

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceCopy;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Copies with only what is used: there may be thousands, with long statuses. */
final class Trim {
  private Trim() {}

  static Node node(Node node) {
    return new NodeBuilder().withMetadata(metadata(node)).build();
  }

  static CiliumBGPNodeConfig nodeConfig(CiliumBGPNodeConfig nodeConfig) {
    var trimmed = new CiliumBGPNodeConfig();
    trimmed.setMetadata(metadata(nodeConfig));
    trimmed.setSpec(nodeConfig.getSpec());
    return trimmed;
  }

  static CiliumBGPPeerConfig peerConfig(CiliumBGPPeerConfig peerConfig) {
    var trimmed = new CiliumBGPPeerConfig();
    trimmed.setMetadata(metadata(peerConfig));
    return trimmed;
  }

  /** Of Services that are no load balancers no more than their names. */
  static Service service(Service service) {
    if (!isBalanced(service)) {
      return new ServiceBuilder().withMetadata(ServiceCopy.metadata(service, null)).build();
    }
    Service copy = ServiceCopy.of(service);
    copy.getMetadata().setUid(service.getMetadata().getUid());
    return copy;
  }

  static boolean isBalanced(Service service) {
    return service.getSpec() != null && "LoadBalancer".equals(service.getSpec().getType());
  }

  /** Endpoints without addresses, each kind of a node once. */
  static EndpointSlice slice(EndpointSlice slice) {
    List<Endpoint> endpoints =
        Optional.ofNullable(slice.getEndpoints()).orElse(List.of()).stream()
            .map(each ->
                new EndpointBuilder()
                    .withNodeName(ServiceCopy.shared(each.getNodeName()))
                    .withConditions(each.getConditions())
                    .build())
            .distinct()
            .toList();
    return new EndpointSliceBuilder()
        .withMetadata(
            ServiceCopy.metadata(
                slice, Map.of(ServiceKey.SERVICE_NAME, ServiceKey.ofOwner(slice).name())))
        .withAddressType(ServiceCopy.shared(slice.getAddressType()))
        .withEndpoints(endpoints)
        .build();
  }

  private static ObjectMeta metadata(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .withDeletionTimestamp(metadata.getDeletionTimestamp())
        .withLabels(metadata.getLabels())
        .withOwnerReferences(metadata.getOwnerReferences())
        .build();
  }
}

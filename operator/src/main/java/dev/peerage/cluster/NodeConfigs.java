package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverrideSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Renders the NodeConfig of one node. Pure. */
final class NodeConfigs {
  private NodeConfigs() {}

  /**
   * The ClusterConfig's instances and peers in their order, with the node's overrides.
   *
   * @param routerIds from the pool, by instance; those of the override take precedence
   */
  static CiliumBGPNodeConfig of(
      String node,
      CiliumBGPClusterConfig owner,
      @Nullable CiliumBGPNodeConfigOverride override,
      Map<String, String> routerIds) {
    List<CiliumBGPNodeConfigOverrideSpec.Instance> overrides =
        override == null
            ? List.<CiliumBGPNodeConfigOverrideSpec.Instance>of()
            : override.getSpec().bgpInstances();
    var nodeConfig = new CiliumBGPNodeConfig();
    nodeConfig.setMetadata(
        new ObjectMetaBuilder()
            .withName(node)
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion(owner.getApiVersion())
                    .withKind(owner.getKind())
                    .withName(owner.getMetadata().getName())
                    .withUid(owner.getMetadata().getUid())
                    .withController(true)
                    .build())
            .build());
    nodeConfig.setSpec(
        new CiliumBGPNodeConfigSpec(
            owner.getSpec().bgpInstances().stream()
                .map(instance ->
                    instance(
                        instance,
                        first(overrides, it -> it.name().equals(instance.name())),
                        routerIds.get(instance.name())))
                .toList()));
    return nodeConfig;
  }

  /** The labels of a Node. */
  static Map<String, String> labels(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /** The ClusterConfig that owns it; empty for one that was made by hand. */
  static Optional<OwnerReference> owner(CiliumBGPNodeConfig nodeConfig) {
    return nodeConfig.getMetadata().getOwnerReferences().stream()
        .filter(it -> it.getKind().equals("CiliumBGPClusterConfig"))
        .findFirst();
  }

  static boolean isOwnedBy(CiliumBGPNodeConfig nodeConfig, CiliumBGPClusterConfig owner) {
    return nodeConfig.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }

  private static CiliumBGPNodeConfigSpec.Instance instance(
      CiliumBGPClusterConfigSpec.Instance instance,
      CiliumBGPNodeConfigOverrideSpec.@Nullable Instance override,
      @Nullable String routerId) {
    List<CiliumBGPNodeConfigOverrideSpec.Peer> peers =
        override == null ? List.<CiliumBGPNodeConfigOverrideSpec.Peer>of() : override.peers();
    return new CiliumBGPNodeConfigSpec.Instance(
        instance.name(),
        or(override == null ? null : override.localASN(), instance.localASN()),
        or(override == null ? null : override.routerID(), routerId),
        or(override == null ? null : override.localPort(), instance.localPort()),
        instance.peers().stream()
            .map(peer -> peer(peer, first(peers, it -> it.name().equals(peer.name()))))
            .toList());
  }

  private static CiliumBGPNodeConfigSpec.Peer peer(
      CiliumBGPClusterConfigSpec.Peer peer,
      CiliumBGPNodeConfigOverrideSpec.@Nullable Peer override) {
    return new CiliumBGPNodeConfigSpec.Peer(
        peer.name(),
        peer.peerAddress(),
        peer.peerASN(),
        peer.autoDiscovery(),
        override == null ? null : override.localAddress(),
        peer.peerConfigRef());
  }

  private static <T> @Nullable T first(List<T> list, Predicate<T> wanted) {
    return list.stream().filter(wanted).findFirst().orElse(null);
  }

  private static <T> @Nullable T or(@Nullable T value, @Nullable T otherwise) {
    return value == null ? otherwise : value;
  }
}

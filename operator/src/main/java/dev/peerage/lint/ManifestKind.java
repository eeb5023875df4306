package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A kind of object that the lab reads. */
enum ManifestKind {
  NODE("Node", Node.class, false, "v1"),
  SERVICE("Service", Service.class, true, "v1"),
  ENDPOINT_SLICE("EndpointSlice", EndpointSlice.class, true, "discovery.k8s.io/v1"),
  CLUSTER_CONFIG(CiliumBGPClusterConfig.class),
  PEER_CONFIG(CiliumBGPPeerConfig.class),
  ADVERTISEMENT(CiliumBGPAdvertisement.class),
  OVERRIDE(CiliumBGPNodeConfigOverride.class),
  POOL(CiliumLoadBalancerIPPool.class);

  private final String kind;
  private final Class<? extends HasMetadata> type;
  private final boolean namespaced;
  private final List<String> apiVersions;

  ManifestKind(
      String kind, Class<? extends HasMetadata> type, boolean namespaced, String... apiVersions) {
    this.kind = kind;
    this.type = type;
    this.namespaced = namespaced;
    this.apiVersions = List.of(apiVersions);
  }

  ManifestKind(Class<? extends HasMetadata> custom) {
    this(custom.getSimpleName(), custom, false, "cilium.io/v2", "cilium.io/v2alpha1");
  }

  String kind() {
    return kind;
  }

  Class<? extends HasMetadata> type() {
    return type;
  }

  boolean namespaced() {
    return namespaced;
  }

  List<String> apiVersions() {
    return apiVersions;
  }

  /** Whether a custom resource definition describes it. */
  boolean custom() {
    return apiVersions.getFirst().startsWith("cilium.io/");
  }

  static Optional<ManifestKind> of(String kind) {
    return Arrays.stream(values()).filter(known -> known.kind.equals(kind)).findFirst();
  }

  static List<String> kinds() {
    return Arrays.stream(values()).map(ManifestKind::kind).toList();
  }
}

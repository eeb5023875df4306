package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

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

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is known under the name of a node. */
final class NodeEntry {
  final String name;

  /** Empty when there is no Node. */
  Optional<Map<String, String>> labels = Optional.empty();

  Optional<CiliumBGPNodeConfigOverride> override = Optional.empty();
  Optional<CiliumBGPNodeConfig> existing = Optional.empty();

  /** What was last decided says of the ClusterConfigs that select the node, in their order. */
  List<Vote> votes = List.of();

  NodeEntry(String name) {
    this.name = name;
  }

  boolean isEmpty() {
    return labels.isEmpty() && override.isEmpty() && existing.isEmpty();
  }
}

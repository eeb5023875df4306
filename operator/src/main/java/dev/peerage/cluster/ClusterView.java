package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import io.fabric8.kubernetes.api.model.Node;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the watches of the reconciler of Nodes hold. Read by reconcilers only, which run when all
 * watches are complete: what is not in here does not exist, as far as the watch has told.
 *
 * @param nodes with names and labels only
 * @param nodeConfigs without status
 */
record ClusterView(
    Cache<Node> nodes,
    Cache<CiliumBGPClusterConfig> clusterConfigs,
    Cache<CiliumBGPNodeConfigOverride> overrides,
    Cache<CiliumBGPNodeConfig> nodeConfigs) {

  /** All that decides about a node. */
  NodeFacts facts(String name) {
    return facts(name, nodeConfig(name));
  }

  /** All that decides about a node whose NodeConfig is known better. */
  NodeFacts facts(String name, Optional<CiliumBGPNodeConfig> existing) {
    var id = new ResourceID(name);
    return new NodeFacts(name, nodes.get(id).map(NodeConfigs::labels), overrides.get(id), existing);
  }

  /** The names of all Nodes, and of all NodeConfigs without Node. */
  Set<String> names() {
    return Stream.concat(nodes.keys(), nodeConfigs.keys())
        .map(ResourceID::getName)
        .collect(Collectors.toSet());
  }

  /** The ClusterConfigs, the oldest first. */
  List<Candidate> candidates() {
    return Candidate.inOrder(clusterConfigs.list().toList());
  }

  boolean hasNode(String name) {
    return nodes.get(new ResourceID(name)).isPresent();
  }

  Optional<CiliumBGPNodeConfig> nodeConfig(String name) {
    return nodeConfigs.get(new ResourceID(name));
  }

  /** How many NodeConfigs there are. */
  int count() {
    return (int) nodeConfigs.keys().count();
  }
}

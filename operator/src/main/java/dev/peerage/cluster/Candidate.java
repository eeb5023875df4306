package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A ClusterConfig that nodes may run. */
final class Candidate {
  /** With its newest status. */
  CiliumBGPClusterConfig config;

  Candidate(CiliumBGPClusterConfig config) {
    this.config = config;
  }

  String name() {
    return config.getMetadata().getName();
  }

  /** Absent selectors select every node. */
  boolean selects(NodeEntry node) {
    var selector = config.getSpec().nodeSelector();
    return node.labels.filter(labels -> selector == null || selector.matches(labels)).isPresent();
  }

  boolean owns(CiliumBGPNodeConfig nodeConfig) {
    return NodeConfigs.isOwnedBy(nodeConfig, config);
  }

  /** The referenced CiliumBGPPeerConfigs that do not exist. */
  SortedSet<String> missing(Set<String> peerConfigs) {
    var missing = new TreeSet<String>();
    for (var instance : config.getSpec().bgpInstances()) {
      for (var peer : instance.peers()) {
        var reference = peer.peerConfigRef();
        if (reference != null && !peerConfigs.contains(reference.name())) {
          missing.add(reference.name());
        }
      }
    }
    return missing;
  }
}

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.PeerConfigRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A ClusterConfig that nodes may run. */
record Candidate(CiliumBGPClusterConfig config) {
  private static final Comparator<Candidate> PRECEDENCE =
      Comparator.comparing(Candidate::creationTimestamp).thenComparing(Candidate::name);

  /** The ClusterConfigs as those that nodes may run, the oldest first. */
  static List<Candidate> inOrder(Collection<CiliumBGPClusterConfig> configs) {
    return configs.stream().map(Candidate::new).sorted(PRECEDENCE).toList();
  }

  String name() {
    return config.getMetadata().getName();
  }

  /** Absent selectors select every node. */
  boolean selects(NodeFacts node) {
    LabelSelector selector = config.getSpec().nodeSelector();
    return node.labels().filter(labels -> selector == null || selector.matches(labels)).isPresent();
  }

  boolean owns(CiliumBGPNodeConfig nodeConfig) {
    return NodeConfigs.isOwnedBy(nodeConfig, config);
  }

  /** The referenced CiliumBGPPeerConfigs that do not exist. */
  SortedSet<String> missing(Predicate<String> exists) {
    var missing = new TreeSet<String>();
    for (CiliumBGPClusterConfigSpec.Instance instance : config.getSpec().bgpInstances()) {
      for (CiliumBGPClusterConfigSpec.Peer peer : instance.peers()) {
        PeerConfigRef reference = peer.peerConfigRef();
        if (reference != null && !exists.test(reference.name())) {
          missing.add(reference.name());
        }
      }
    }
    return missing;
  }

  /** RFC 3339 in UTC sorts as text; an object without one has not been stored yet. */
  private String creationTimestamp() {
    String timestamp = config.getMetadata().getCreationTimestamp();
    return timestamp == null ? "~" : timestamp;
  }
}

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Optional;

/**
 * What shall become of the NodeConfig of a node.
 *
 * @param existing the NodeConfig as it is
 * @param deletes whether the existing one is deleted first
 * @param desired as it shall be, with name, owner reference and spec; empty: there shall be none of
 *     ours, and an existing one that is not deleted stays as it is
 * @param votes what the node says of the ClusterConfigs that select it, in their order
 */
record NodeDecision(
    String node,
    Optional<CiliumBGPNodeConfig> existing,
    boolean deletes,
    Optional<CiliumBGPNodeConfig> desired,
    List<Vote> votes) {
  NodeDecision {
    votes = List.copyOf(votes);
  }

  /** The same with other votes. */
  NodeDecision voting(List<Vote> others) {
    return new NodeDecision(node, existing, deletes, desired, others);
  }

  /** Whether anything has to be written for the desired one to be there. */
  boolean writes() {
    return desired.isPresent()
        && (deletes || existing.isEmpty() || differs(existing.get(), desired.get()));
  }

  /** The name of the ClusterConfig that owns the desired NodeConfig, else the existing one. */
  String owner() {
    return desired
        .or(() -> existing)
        .flatMap(it -> it.getMetadata().getOwnerReferences().stream().findFirst())
        .map(OwnerReference::getName)
        .orElse("");
  }

  /** The name of the ClusterConfig that owns the existing NodeConfig; empty when there is none. */
  String holder() {
    return existing.flatMap(NodeConfigs::owner).map(OwnerReference::getName).orElse("");
  }

  private static boolean differs(CiliumBGPNodeConfig existing, CiliumBGPNodeConfig desired) {
    return !desired.getSpec().equals(existing.getSpec())
        || !existing
            .getMetadata()
            .getOwnerReferences()
            .containsAll(desired.getMetadata().getOwnerReferences());
  }
}

package dev.peerage.snapshot;

import dev.peerage.peering.NodeSnapshot;

/**
 * What an agent knew when all its watches were complete, as far as it decides what the node
 * announces. What the node itself says of its network and options is not part of it, and neither
 * are Secrets: they are never written.
 *
 * @param taken when it was last certain to be true
 * @param objects with a context of which only Cilium's IPAM means anything
 */
public record Snapshot(Moment taken, NodeSnapshot objects) {
  /** The node that it is of. */
  public String nodeName() {
    return objects.node().getMetadata().getName();
  }
}

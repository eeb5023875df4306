package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.Condition;
import java.util.List;
import java.util.Map;

/**
 * What there shall be.
 *
 * @param desired the NodeConfigs with name, owner reference and spec, sorted by name
 * @param deletions names of existing NodeConfigs that go first; one may come back in {@code
 *     desired} with another owner
 * @param clusterConfigConditions the conditions of each ClusterConfig by its name, sorted by type
 */
public record ClusterPlan(
    List<CiliumBGPNodeConfig> desired,
    List<String> deletions,
    Map<String, List<Condition>> clusterConfigConditions) {
  public ClusterPlan {
    desired = List.copyOf(desired);
    deletions = List.copyOf(deletions);
    clusterConfigConditions = Map.copyOf(clusterConfigConditions);
  }
}

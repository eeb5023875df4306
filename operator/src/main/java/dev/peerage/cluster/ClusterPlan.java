package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.Condition;
import java.util.List;
import java.util.Map;

/**
 * The NodeConfigs of a whole cluster as they shall be, and the conditions of the ClusterConfigs.
 *
 * @param desired the NodeConfigs with name, owner reference and spec, sorted by name
 * @param deletions names of existing NodeConfigs that are deleted first; {@code desired} may have
 *     one of the same name with another owner
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

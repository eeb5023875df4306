package dev.peerage.lint;

import dev.peerage.announce.NodePlan;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.peering.LastUsable;
import io.fabric8.kubernetes.api.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What operator and agents would make of manifests.
 *
 * @param services the Services, with the addresses that they were given
 * @param nodeConfigs by node name; nodes that are not selected have none
 * @param nodes what each node's agent plans, for all nodes
 * @param warnings what the operator says about the manifests; what an agent says is in its node's
 *     plan
 */
public record ManifestPlan(
    List<Service> services,
    SortedMap<String, CiliumBGPNodeConfig> nodeConfigs,
    SortedMap<String, NodePlan> nodes,
    List<PlanWarning> warnings) {

  /** What goes on, by node, when an edit makes it unusable. */
  public Map<String, LastUsable> usable() {
    Map<String, LastUsable> usable = new HashMap<>();
    nodes.forEach((node, plan) -> usable.put(node, plan.usable()));
    return usable;
  }
}

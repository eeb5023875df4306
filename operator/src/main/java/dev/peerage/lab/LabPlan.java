package dev.peerage.lab;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.lint.Manifests;
import dev.peerage.peering.LastUsable;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the manifests imply, as the planners of operator and agents decide it.
 *
 * @param services the Services, with the addresses that they were given
 * @param nodeConfigs by node name; nodes that are not selected have none
 * @param nodes what each node's speaker shall do, for all nodes
 * @param usable by node, what goes on when an edit makes it unusable
 * @param routers the routers that the nodes talk to
 * @param warnings what the planners say about the manifests
 */
record LabPlan(
    Manifests manifests,
    List<Service> services,
    SortedMap<String, CiliumBGPNodeConfig> nodeConfigs,
    SortedMap<String, DesiredSpeaker> nodes,
    Map<String, LastUsable> usable,
    List<RouterPlan> routers,
    List<String> warnings) {
  /** That no other plan follows. */
  LabPlan(
      Manifests manifests,
      List<Service> services,
      SortedMap<String, CiliumBGPNodeConfig> nodeConfigs,
      SortedMap<String, DesiredSpeaker> nodes,
      List<RouterPlan> routers,
      List<String> warnings) {
    this(manifests, services, nodeConfigs, nodes, Map.of(), routers, warnings);
  }

  static final LabPlan NOTHING =
      new LabPlan(
          Manifests.NONE, List.of(), new TreeMap<>(), new TreeMap<>(), List.of(), List.of());
}

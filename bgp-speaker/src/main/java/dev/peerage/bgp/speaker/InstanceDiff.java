package dev.peerage.bgp.speaker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to happen to come from one desired state to another. Pure.
 *
 * @param removed names of instances that end
 * @param recreated instances whose ASN or router ID changed: they end and start again
 * @param added instances that start
 * @param kept instances that live on, changed or not
 */
public record InstanceDiff(
    List<String> removed,
    List<DesiredInstance> recreated,
    List<DesiredInstance> added,
    List<DesiredInstance> kept) {

  /** From one desired state to another; instances are compared by name. */
  public static InstanceDiff between(DesiredSpeaker before, DesiredSpeaker after) {
    Map<String, DesiredInstance> old = new LinkedHashMap<>();
    before.instances().forEach(instance -> old.put(instance.name(), instance));
    List<DesiredInstance> recreated = new ArrayList<>();
    List<DesiredInstance> added = new ArrayList<>();
    List<DesiredInstance> kept = new ArrayList<>();
    for (DesiredInstance instance : after.instances()) {
      DesiredInstance was = old.remove(instance.name());
      if (was == null) {
        added.add(instance);
      } else if (sameRouter(was, instance)) {
        kept.add(instance);
      } else {
        recreated.add(instance);
      }
    }
    return new InstanceDiff(List.copyOf(old.keySet()), recreated, added, kept);
  }

  private static boolean sameRouter(DesiredInstance a, DesiredInstance b) {
    return a.localAsn() == b.localAsn() && a.routerId().equals(b.routerId());
  }
}

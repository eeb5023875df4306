package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What changes, and how full the pools then are.
 *
 * @param services the Services whose status changes; all others stay as they are
 * @param pools the conditions of every pool by its name
 */
public record IpamPlan(
    SortedMap<ServiceKey, ServiceChange> services, Map<String, List<Condition>> pools) {
  public IpamPlan {
    services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    pools = Map.copyOf(pools);
  }

  /**
   * The new status of a Service.
   *
   * @param resourceVersion of the Service that this was decided about; a Service that has changed
   *     since may be entitled to something else. Empty for one that no API server has stored
   * @param addresses all of {@code status.loadBalancer.ingress}, without prefix length
   * @param condition {@code cilium.io/IPAMRequestSatisfied}; null: the condition goes
   */
  public record ServiceChange(
      String resourceVersion, List<String> addresses, @Nullable Condition condition) {
    public ServiceChange {
      addresses = List.copyOf(addresses);
    }
  }
}

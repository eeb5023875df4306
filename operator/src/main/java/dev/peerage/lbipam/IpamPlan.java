package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** Whether both say the same, be it since different times. */
    boolean isSameAs(ServiceChange other) {
      return resourceVersion.equals(other.resourceVersion)
          && addresses.equals(other.addresses)
          && Objects.equals(timeless(condition), timeless(other.condition));
    }

    private static @Nullable Condition timeless(@Nullable Condition it) {
      return it == null
          ? null
          : new Condition(
              it.type(), it.status(), it.observedGeneration(), "", it.reason(), it.message());
    }
  }
}

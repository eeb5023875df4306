package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What changes, and how full the pools then are.
 *
 * @param services the Services whose status changes; all others stay as they are
 * @param pools the conditions of every pool by its name
 */
record IpamPlan(SortedMap<ServiceKey, ServiceChange> services, Map<String, List<Condition>> pools) {
  IpamPlan {
    services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    pools = Map.copyOf(pools);
  }

  /**
   * The new status of a Service.
   *
   * @param resourceVersion of the Service that this was decided about; a Service that has changed
   *     since may be entitled to something else. Empty for one that no API server has stored
   * @param addresses what the pools give it, without prefix length; also what the annotation {@code
   *     peerage.dev/lbipam-addresses} says
   * @param left what somebody else has written into {@code status.loadBalancer.ingress} and that
   *     stays
   * @param conditions those of ours that it is to have, among them {@code
   *     cilium.io/IPAMRequestSatisfied}
   * @param obsolete the types of those that it has and is no longer to have
   */
  record ServiceChange(
      String resourceVersion,
      List<String> addresses,
      List<LoadBalancerIngress> left,
      List<Condition> conditions,
      List<String> obsolete) {
    ServiceChange {
      addresses = List.copyOf(addresses);
      left = List.copyOf(left);
      conditions = List.copyOf(conditions);
      obsolete = List.copyOf(obsolete);
    }

    /** All of {@code status.loadBalancer.ingress}. */
    List<LoadBalancerIngress> ingress() {
      return Stream.concat(
              left.stream(),
              addresses.stream().map(ip -> new LoadBalancerIngressBuilder().withIp(ip).build()))
          .toList();
    }

    /** {@code cilium.io/IPAMRequestSatisfied}; null: it is not to have it. */
    @Nullable Condition condition() {
      return conditions.stream()
          .filter(it -> it.type().equals(Claim.SATISFIED))
          .findFirst()
          .orElse(null);
    }

    /** Whether both say the same, be it since different times. */
    boolean isSameAs(ServiceChange other) {
      return resourceVersion.equals(other.resourceVersion)
          && addresses.equals(other.addresses)
          && left.equals(other.left)
          && obsolete.equals(other.obsolete)
          && timeless(conditions).equals(timeless(other.conditions));
    }

    /** The Service as it is once this is written. */
    Service appliedTo(Service service) {
      List<io.fabric8.kubernetes.api.model.Condition> stored = new ArrayList<>();
      if (service.getStatus() != null && service.getStatus().getConditions() != null) {
        stored.addAll(service.getStatus().getConditions());
        stored.removeIf(it -> Claim.CONDITIONS.contains(it.getType()));
      }
      conditions.forEach(it -> stored.add(stored(it)));
      Map<String, String> annotations =
          new TreeMap<>(
              Objects.requireNonNullElse(service.getMetadata().getAnnotations(), Map.of()));
      annotations.remove(Claim.MEMORY);
      if (!addresses.isEmpty()) {
        annotations.put(Claim.MEMORY, String.join(",", addresses));
      }
      return new ServiceBuilder(service)
          .editMetadata()
          .withAnnotations(annotations)
          .endMetadata()
          .editOrNewStatus()
          .withNewLoadBalancer()
          .withIngress(ingress())
          .endLoadBalancer()
          .withConditions(stored)
          .endStatus()
          .build();
    }

    private static io.fabric8.kubernetes.api.model.Condition stored(Condition it) {
      return new ConditionBuilder()
          .withType(it.type())
          .withStatus(it.status())
          .withObservedGeneration(it.observedGeneration())
          .withLastTransitionTime(it.lastTransitionTime())
          .withReason(it.reason())
          .withMessage(it.message())
          .build();
    }

    private static List<Condition> timeless(List<Condition> conditions) {
      return conditions.stream()
          .map(it ->
              new Condition(
                  it.type(), it.status(), it.observedGeneration(), "", it.reason(), it.message()))
          .toList();
    }
  }
}

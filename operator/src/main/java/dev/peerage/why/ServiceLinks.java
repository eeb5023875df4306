package dev.peerage.why;

import dev.peerage.announce.ServingEndpoints;
import dev.peerage.announce.ServingEndpoints.Use;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.Block;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.Responsibility;
import dev.peerage.peering.IpLiteral;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The links that no agent sees: the Service itself, and where its address comes from. */
final class ServiceLinks {
  private static final String SATISFIED = "cilium.io/IPAMRequestSatisfied";
  private static final String CONFLICT = "cilium.io/PoolConflict";
  private static final int NAMED = 5;

  private ServiceLinks() {}

  /** What breaks there; empty when the Service has what it asks for. */
  static Optional<Reason> of(Service service, List<CiliumLoadBalancerIPPool> pools) {
    if (!"LoadBalancer".equals(service.getSpec().getType())) {
      return Optional.empty();
    }
    String other = service.getSpec().getLoadBalancerClass();
    if (other != null && !Responsibility.DEFAULT.classes().contains(other)) {
      return Optional.of(
          new Reason(
              Link.SERVICE,
              "spec.loadBalancerClass is "
                  + other
                  + ": it is another load balancer's, gets no address from a pool and is not announced",
              "the class of a Service cannot be changed: create it anew without one, or with "
                  + String.join(", ", Responsibility.DEFAULT.classes()),
              "kubectl get service -n %s %s -o yaml".formatted(namespace(service), name(service))));
    }
    Optional<Condition> refused =
        conditions(service).filter(each -> "False".equals(each.getStatus())).findFirst();
    if (refused.isPresent()) {
      return Optional.of(refused(service, refused.get(), pools));
    }
    return ingress(service).isEmpty() ? Optional.of(pending(service)) : Optional.empty();
  }

  private static Reason refused(
      Service service, Condition condition, List<CiliumLoadBalancerIPPool> pools) {
    String conflicts =
        pools.stream()
            .flatMap(pool ->
                conflict(pool).map(words -> pool.getMetadata().getName() + " " + words).stream())
            .map(words -> "; pool " + words + " and gives out nothing")
            .collect(Collectors.joining());
    return new Reason(
        Link.POOL,
        "condition %s is False since %s, %s: %s%s"
            .formatted(
                SATISFIED,
                condition.getLastTransitionTime(),
                condition.getReason(),
                condition.getMessage(),
                conflicts),
        conflicts.isEmpty()
            ? "see to the pools, or to what the Service asks of them"
            : "take the overlap out of one of the two pools",
        conflicts.isEmpty()
            ? "kubectl describe service -n %s %s".formatted(namespace(service), name(service))
            : "kubectl describe ciliumloadbalancerippools");
  }

  private static Reason pending(Service service) {
    return new Reason(
        Link.POOL,
        "status.loadBalancer.ingress is empty, and the Service has no condition "
            + SATISFIED
            + ": the operator has not looked at it",
        "see whether the operator runs, and whether it gives addresses to Services without class",
        "kubectl get pods -A -l app.kubernetes.io/name=peerage");
  }

  private static Stream<Condition> conditions(Service service) {
    return service.getStatus() == null || service.getStatus().getConditions() == null
        ? Stream.empty()
        : service.getStatus().getConditions().stream()
            .filter(each -> SATISFIED.equals(each.getType()));
  }

  /** Why it gets no address, as the operator says in one word and a sentence. */
  static Optional<String> refusal(Service service) {
    return conditions(service)
        .filter(each -> "False".equals(each.getStatus()))
        .map(each -> each.getReason() + ": " + each.getMessage())
        .findFirst();
  }

  /** What a condition of a pool counts; a question mark where it does not yet. */
  static String count(CiliumLoadBalancerIPPool pool, String type) {
    return pool.getStatus() == null
        ? "?"
        : pool.getStatus().conditions().stream()
            .filter(each -> type.equals(each.type()))
            .map(each -> each.message())
            .findFirst()
            .orElse("?");
  }

  static Optional<String> conflict(CiliumLoadBalancerIPPool pool) {
    return pool.getStatus() == null
        ? Optional.empty()
        : pool.getStatus().conditions().stream()
            .filter(each -> CONFLICT.equals(each.type()) && "True".equals(each.status()))
            .map(
                each -> "is in conflict since " + each.lastTransitionTime() + ": " + each.message())
            .findFirst();
  }

  /** Why no Service has an address: whether a pool holds it, and what is the matter with that. */
  static Reason nobody(Prefix prefix, List<CiliumLoadBalancerIPPool> pools) {
    String text = Reasons.text(prefix);
    List<CiliumLoadBalancerIPPool> holding =
        pools.stream()
            .filter(
                pool -> pool.getSpec().blocks().stream().anyMatch(block -> contains(block, prefix)))
            .toList();
    if (holding.isEmpty()) {
      return new Reason(
          Link.SERVICE,
          "no Service has " + text + ", and no CiliumLoadBalancerIPPool holds it",
          "see which address the Service has",
          "kubectl get services -A");
    }
    String states =
        holding.stream()
            .map(pool -> pool.getMetadata().getName() + state(pool))
            .collect(Collectors.joining("; "));
    return new Reason(
        Link.POOL,
        "no Service has " + text + "; it is in pool " + states,
        holding.stream().anyMatch(pool -> conflict(pool).isPresent())
            ? "take the overlap out of one of the two pools"
            : "see which address the Service has, and what it asks for",
        "kubectl describe ciliumloadbalancerippool " + holding.getLast().getMetadata().getName());
  }

  private static String state(CiliumLoadBalancerIPPool pool) {
    return conflict(pool)
        .map(words -> ", which " + words + " and gives out nothing")
        .orElse(pool.getSpec().disabled() ? ", which is disabled" : "");
  }

  private static boolean contains(Block block, Prefix prefix) {
    try {
      if (block.cidr() != null) {
        Prefix cidr = Prefix.parse(block.cidr());
        return cidr.family() == prefix.family()
            && cidr.length() <= prefix.length()
            && new Prefix(prefix.family(), prefix.high(), prefix.low(), cidr.length()).equals(cidr);
      }
      if (block.start() == null) {
        return false;
      }
      Prefix first = Prefix.host(IpLiteral.parse(block.start()));
      Prefix last = block.stop() == null ? first : Prefix.host(IpLiteral.parse(block.stop()));
      return first.family() == prefix.family()
          && first.compareTo(prefix) <= 0
          && prefix.compareTo(last) <= 0;
    } catch (IllegalArgumentException _) {
      return false; // the pool's own conditions tell of it
    }
  }

  /** The Service in two lines: what it is, and where its endpoints are. */
  static List<String> words(Service service, List<EndpointSlice> slices) {
    List<String> lines = new ArrayList<>();
    String type = Objects.requireNonNullElse(service.getSpec().getType(), "ClusterIP");
    String policy =
        Objects.requireNonNullElse(service.getSpec().getExternalTrafficPolicy(), "Cluster");
    lines.add(
        "Service %s/%s: %s%s%s, labels %s"
            .formatted(
                namespace(service),
                name(service),
                type,
                ingress(service).isEmpty() ? "" : " " + String.join(", ", ingress(service)),
                type.equals("ClusterIP") ? "" : ", externalTrafficPolicy " + policy,
                labels(service)));
    lines.add("endpoints: " + endpoints(slices));
    return lines;
  }

  private static String labels(Service service) {
    Map<String, String> labels = service.getMetadata().getLabels();
    return labels == null || labels.isEmpty()
        ? "none"
        : new TreeMap<>(labels)
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
  }

  private static String endpoints(List<EndpointSlice> slices) {
    Map<String, Integer> ready = new TreeMap<>();
    int others = 0;
    for (EndpointSlice slice : slices) {
      for (Endpoint endpoint :
          Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of())) {
        if (ServingEndpoints.use(endpoint) == Use.READY) {
          ready.merge(
              Objects.requireNonNullElse(endpoint.getNodeName(), "no node"), 1, Integer::sum);
        } else {
          others++;
        }
      }
    }
    int all = ready.values().stream().mapToInt(Integer::intValue).sum();
    return all
        + " ready"
        + (all == 0
            ? ""
            : " on "
                + ready.keySet().stream().limit(NAMED).collect(Collectors.joining(", "))
                + (ready.size() > NAMED ? " and %d more".formatted(ready.size() - NAMED) : ""))
        + (others == 0 ? "" : ", " + others + " not ready");
  }

  static List<String> ingress(Service service) {
    return service.getStatus() == null
            || service.getStatus().getLoadBalancer() == null
            || service.getStatus().getLoadBalancer().getIngress() == null
        ? List.of()
        : service.getStatus().getLoadBalancer().getIngress().stream()
            .map(LoadBalancerIngress::getIp)
            .filter(Objects::nonNull)
            .toList();
  }

  /** Whether a Service has an address in any of its fields. */
  static boolean has(Service service, Prefix prefix) {
    return Stream.of(
            ingress(service),
            Objects.requireNonNullElse(service.getSpec().getExternalIPs(), List.<String>of()),
            Objects.requireNonNullElse(service.getSpec().getClusterIPs(), List.<String>of()))
        .flatMap(List::stream)
        .anyMatch(each -> is(each, prefix));
  }

  private static boolean is(String address, Prefix prefix) {
    try {
      return Prefix.host(IpLiteral.parse(address)).equals(prefix);
    } catch (IllegalArgumentException _) {
      return false; // "None"
    }
  }

  private static String namespace(Service service) {
    return ServiceKey.namespaceOf(service);
  }

  private static String name(Service service) {
    return service.getMetadata().getName();
  }
}

package dev.peerage.announce;

import static dev.peerage.peering.AddressType.CLUSTER_IP;
import static dev.peerage.peering.AddressType.EXTERNAL_IP;
import static dev.peerage.peering.AddressType.LOAD_BALANCER_IP;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.IpLiteral;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of one Service: its addresses, as host routes or as aggregates around them. */
final class ServiceRoutes {
  private static final String OUR_CLASS = "io.cilium/bgp-control-plane";
  private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";

  private final ObjectRef object;
  private final Map<String, String> labels;
  private final ServiceSpec spec;
  private final ServingEndpoints endpoints;
  private final OwnNode node;
  private final List<LocalRoute> routes = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private ServiceRoutes(Service service, List<EndpointSlice> slices, OwnNode node) {
    String namespace = ServiceKey.namespaceOf(service);
    String name = service.getMetadata().getName();
    this.object = new ObjectRef("Service", namespace, name);
    this.labels = ServiceLabels.of(service);
    this.spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
    this.endpoints = ServingEndpoints.of(slices, node.name());
    this.node = node;
    clusterIps();
    add(EXTERNAL_IP, "spec.externalIPs", orEmpty(spec.getExternalIPs()), Optional.empty());
    if ("LoadBalancer".equals(spec.getType())) {
      ingress(service);
    }
  }

  /**
   * The decisions about a Service.
   *
   * @param node the node that announces
   */
  static ObjectDecisions of(
      Service service,
      List<EndpointSlice> slices,
      OwnNode node,
      PeerAdvertisements advertisements) {
    var routes = new ServiceRoutes(service, slices, node);
    List<Decision> decisions = advertisements.decide(routes.routes, routes.labels);
    routes.outsideRanges(decisions).ifPresent(routes.problems::add);
    return new ObjectDecisions(decisions, routes.problems);
  }

  /** Said only where an advertisement asks for the addresses. */
  private Optional<Problem> outsideRanges(List<Decision> decisions) {
    List<String> addresses =
        decisions.stream()
            .filter(each -> each.outcome() instanceof Outcome.OutsideExternalIpRanges)
            .flatMap(each -> each.prefix().stream())
            .distinct()
            .sorted()
            .map(each -> IpText.of(each.address()))
            .toList();
    return addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                object,
                "spec.externalIPs",
                "what the installation allows to be announced does not contain "
                    + String.join(", ", addresses)
                    + ", and no node announces it",
                "choose addresses within externalIPs.allowedCIDRs of the chart, or have that"
                    + " widened"));
  }

  private void clusterIps() {
    List<String> addresses = orEmpty(spec.getClusterIPs());
    if (addresses.isEmpty()) {
      addresses = Stream.ofNullable(spec.getClusterIP()).toList();
    }
    if (addresses.contains("None")) {
      routes.add(LocalRoute.missing(subject(CLUSTER_IP), new Outcome.Headless()));
      return;
    }
    add(
        CLUSTER_IP,
        "spec.clusterIPs",
        addresses.stream().filter(address -> !address.isEmpty()).toList(),
        Optional.empty());
  }

  private void ingress(Service service) {
    List<LoadBalancerIngress> ingress =
        service.getStatus() == null || service.getStatus().getLoadBalancer() == null
            ? List.of()
            : orEmpty(service.getStatus().getLoadBalancer().getIngress());
    Map<Boolean, List<String>> byProxied = new LinkedHashMap<>();
    for (LoadBalancerIngress entry : ingress) {
      if (entry.getIp() != null && !entry.getIp().isEmpty()) {
        byProxied
            .computeIfAbsent("Proxy".equals(entry.getIpMode()), _ -> new ArrayList<>())
            .add(entry.getIp());
      }
    }
    String field = "status.loadBalancer.ingress";
    byProxied.forEach((proxied, addresses) ->
        add(
            LOAD_BALANCER_IP,
            field,
            addresses,
            proxied ? Optional.of(new Outcome.ProxiedAddress()) : Optional.empty()));
    if (byProxied.isEmpty()) {
      Outcome none =
          ingress.stream()
              .map(LoadBalancerIngress::getHostname)
              .filter(hostname -> hostname != null && !hostname.isEmpty())
              .findFirst()
              .<Outcome>map(Outcome.Hostname::new)
              .orElseGet(Outcome.NoAddress::new);
      routes.add(
          LocalRoute.missing(subject(LOAD_BALANCER_IP), withheld(LOAD_BALANCER_IP).orElse(none)));
    }
  }

  private void add(
      AddressType type, String field, List<String> addresses, Optional<Outcome> reason) {
    Set<Prefix> prefixes = new LinkedHashSet<>();
    for (String address : addresses) {
      try {
        prefixes.add(Prefix.host(IpLiteral.parse(address)));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(
                    object, field, e.getMessage() + " and is not announced", "correct the address")
                .asError());
      }
    }
    ServiceAddress subject = subject(type);
    Optional<Outcome> ofType = withheld(type).or(() -> reason);
    for (Prefix prefix : prefixes) {
      routes.add(
          new LocalRoute(
              subject,
              Optional.of(prefix),
              isLocal(type),
              ofType
                  .or(() -> ofOtherFamily(prefix.family()))
                  .or(() -> outsideRanges(type, prefix))
                  .or(() -> withoutEndpoint(type, prefix.family()))));
    }
  }

  /** What keeps all addresses of a type from being announced. */
  private Optional<Outcome> withheld(AddressType type) {
    String proxy = labels.get(PROXY_NAME);
    if (proxy != null) {
      return Optional.of(new Outcome.ForeignProxy(proxy));
    }
    if ("ExternalName".equals(spec.getType())) {
      return Optional.of(new Outcome.ExternalName());
    }
    if (isHeadless()) {
      return Optional.of(new Outcome.Headless());
    }
    return type == LOAD_BALANCER_IP ? notFromHere() : Optional.empty();
  }

  private Optional<Outcome> notFromHere() {
    String loadBalancerClass = spec.getLoadBalancerClass();
    if (loadBalancerClass != null && !loadBalancerClass.equals(OUR_CLASS)) {
      return Optional.of(new Outcome.ForeignClass(loadBalancerClass));
    }
    return node.excluded() ? Optional.of(new Outcome.ExcludedNode()) : Optional.empty();
  }

  /** Who writes a status, or external addresses, may not look at the Service's families. */
  private Optional<Outcome> ofOtherFamily(AddressFamily family) {
    List<String> families = orEmpty(spec.getIpFamilies());
    String name =
        switch (family) {
          case IPV4_UNICAST -> "IPv4";
          case IPV6_UNICAST -> "IPv6";
        };
    return families.isEmpty() || families.contains(name)
        ? Optional.empty()
        : Optional.of(new Outcome.OtherFamily());
  }

  /** Anybody who may write a Service chooses its external addresses; the others are given. */
  private Optional<Outcome> outsideRanges(AddressType type, Prefix prefix) {
    return type == EXTERNAL_IP && !node.settings().externalIps().allow(prefix)
        ? Optional.of(new Outcome.OutsideExternalIpRanges())
        : Optional.empty();
  }

  private Optional<Outcome> withoutEndpoint(AddressType type, AddressFamily family) {
    if (isLocal(type)) {
      return endpoints.local().contains(family)
          ? Optional.empty()
          : Optional.of(new Outcome.NoLocalEndpoint());
    }
    return node.settings().noServiceEndpointsRoutable() || endpoints.anywhere().contains(family)
        ? Optional.empty()
        : Optional.of(new Outcome.NoEndpoint());
  }

  private boolean isHeadless() {
    return "None".equals(spec.getClusterIP()) || orEmpty(spec.getClusterIPs()).contains("None");
  }

  private boolean isLocal(AddressType type) {
    return "Local"
        .equals(
            switch (type) {
              case CLUSTER_IP -> spec.getInternalTrafficPolicy();
              case EXTERNAL_IP, LOAD_BALANCER_IP -> spec.getExternalTrafficPolicy();
            });
  }

  private ServiceAddress subject(AddressType type) {
    return new ServiceAddress(object.namespace(), object.name(), type);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}

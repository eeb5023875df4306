package dev.peerage.node;

import static dev.peerage.node.Decision.AddressType.CLUSTER_IP;
import static dev.peerage.node.Decision.AddressType.EXTERNAL_IP;
import static dev.peerage.node.Decision.AddressType.LOAD_BALANCER_IP;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.node.Decision.AddressType;
import dev.peerage.node.Decision.Outcome;
import dev.peerage.node.Decision.Subject.ServiceAddress;
import dev.peerage.node.Problem.ObjectRef;
import dev.peerage.node.ResolvedInstance.ResolvedPeer;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The contribution of one Service: its addresses as host routes. */
final class ServiceRoutes {
  private static final String OUR_CLASS = "io.cilium/bgp-control-plane";

  private final ObjectRef object;
  private final Map<String, String> labels;
  private final ServiceSpec spec;
  private final Set<AddressFamily> local;
  private final Map<AddressType, Set<Prefix>> prefixes = new EnumMap<>(AddressType.class);
  private final List<Problem> problems = new ArrayList<>();

  private ServiceRoutes(Service service, List<EndpointSlice> slices, String node) {
    String namespace = NodePlanner.namespace(service);
    String name = service.getMetadata().getName();
    this.object = new ObjectRef("Service", namespace, name);
    this.labels = labels(service.getMetadata().getLabels(), namespace, name);
    this.spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
    this.local = LocalEndpoints.families(slices, node);
    add(CLUSTER_IP, "spec.clusterIPs", clusterIps());
    add(EXTERNAL_IP, "spec.externalIPs", orEmpty(spec.getExternalIPs()));
    add(LOAD_BALANCER_IP, "status.loadBalancer.ingress", ingressIps(service));
  }

  /**
   * What a Service adds to the plan of a node.
   *
   * @param slices the Service's EndpointSlices
   * @param node the node's name
   */
  static Contribution of(
      Service service, List<EndpointSlice> slices, String node, List<ResolvedInstance> instances) {
    ServiceRoutes routes = new ServiceRoutes(service, slices, node);
    List<Decision> decisions = new ArrayList<>();
    for (ResolvedInstance instance : instances) {
      for (ResolvedPeer peer : instance.peers()) {
        routes.decide(instance.name(), peer, decisions);
      }
    }
    return new Contribution(decisions, routes.problems);
  }

  private void decide(String instance, ResolvedPeer peer, List<Decision> decisions) {
    prefixes.forEach((type, ofType) -> {
      var subject = new ServiceAddress(object.namespace(), object.name(), type);
      for (Prefix prefix : ofType) {
        Outcome outcome = outcome(peer, type, prefix);
        decisions.add(new Decision(instance, peer.name(), subject, Optional.of(prefix), outcome));
      }
    });
  }

  private Outcome outcome(ResolvedPeer peer, AddressType type, Prefix prefix) {
    String loadBalancerClass = spec.getLoadBalancerClass();
    if (type == LOAD_BALANCER_IP
        && loadBalancerClass != null
        && !loadBalancerClass.equals(OUR_CLASS)) {
      return new Outcome.ForeignClass(loadBalancerClass);
    }
    if (!peer.hasConfig()) {
      return new Outcome.NoPeerConfig();
    }
    List<Offer> offers = peer.offers().get(prefix.family());
    if (offers == null) {
      return new Outcome.FamilyNotConfigured();
    }
    List<Offer.Services> ofType =
        offers.stream()
            .filter(Offer.Services.class::isInstance)
            .map(Offer.Services.class::cast)
            .filter(offer -> offer.addresses().contains(type))
            .toList();
    if (ofType.isEmpty()) {
      return new Outcome.NoAdvertisement();
    }
    List<Offer.Services> selecting =
        ofType.stream().filter(offer -> offer.selects(labels)).toList();
    if (selecting.isEmpty()) {
      return ofType.stream().allMatch(offer -> offer.selector() == null)
          ? new Outcome.SelectorMissing(Offer.names(ofType))
          : new Outcome.NotSelected(Offer.names(ofType));
    }
    if (isLocal(type) && !local.contains(prefix.family())) {
      return new Outcome.NoLocalEndpoint();
    }
    return Outcome.Announced.of(prefix, selecting);
  }

  private boolean isLocal(AddressType type) {
    return "Local"
        .equals(
            switch (type) {
              case CLUSTER_IP -> spec.getInternalTrafficPolicy();
              case EXTERNAL_IP, LOAD_BALANCER_IP -> spec.getExternalTrafficPolicy();
            });
  }

  private void add(AddressType type, String field, List<String> addresses) {
    Set<Prefix> ofType = new LinkedHashSet<>();
    for (String address : addresses) {
      try {
        ofType.add(Prefix.host(IpLiteral.parse(address)));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(
                object, field, e.getMessage() + " and is not announced", "correct the address"));
      }
    }
    if (!ofType.isEmpty()) {
      prefixes.put(type, ofType);
    }
  }

  private List<String> clusterIps() {
    List<String> addresses = orEmpty(spec.getClusterIPs());
    if (addresses.isEmpty() && spec.getClusterIP() != null) {
      addresses = List.of(spec.getClusterIP());
    }
    // A headless Service has the address "None".
    return addresses.stream().filter(a -> !a.isEmpty() && !a.equals("None")).toList();
  }

  private List<String> ingressIps(Service service) {
    if (!"LoadBalancer".equals(spec.getType())
        || service.getStatus() == null
        || service.getStatus().getLoadBalancer() == null) {
      return List.of();
    }
    return orEmpty(service.getStatus().getLoadBalancer().getIngress()).stream()
        .map(LoadBalancerIngress::getIp)
        .filter(ip -> ip != null && !ip.isEmpty())
        .toList();
  }

  /** The Service's own labels and the virtual ones that selectors may use. */
  private static Map<String, String> labels(
      @Nullable Map<String, String> own, String namespace, String name) {
    Map<String, String> labels = own == null ? new HashMap<>() : new HashMap<>(own);
    labels.put("io.kubernetes.service.name", name);
    labels.put("io.kubernetes.service.namespace", namespace);
    return labels;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}

package dev.peerage.lint;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.announce.Fleet;
import dev.peerage.announce.OwnNode;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.SettledServices;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks at Services of type LoadBalancer: whether each has an address that somebody announces. */
final class ServiceChecks {
  private static final String OUR_CLASS = "io.cilium/bgp-control-plane";
  private static final String FIELD = "spec.type";

  private final AssumedCluster cluster;
  private final ManifestPlan plan;
  private final PlanFindings.Sink sink;
  private final Map<String, CiliumBGPAdvertisement> advertisements;

  ServiceChecks(AssumedCluster cluster, ManifestPlan plan, PlanFindings.Sink sink) {
    this.cluster = cluster;
    this.plan = plan;
    this.sink = sink;
    this.advertisements =
        cluster.manifests().all(CiliumBGPAdvertisement.class).stream()
            .collect(Collectors.toMap(it -> it.getMetadata().getName(), Function.identity()));
  }

  void look() {
    boolean ofOurs =
        cluster.manifests().objects().keySet().stream()
            .anyMatch(key -> key.kind().startsWith("Cilium"));
    if (!ofOurs) {
      return; // An application's files say nothing about the cluster that they are for.
    }
    Map<ServiceKey, Map<Optional<Prefix>, Outcome>> nearest = nearest();
    Fleet fleet = fleet();
    Map<ServiceKey, List<EndpointSlice>> slices =
        cluster.manifests().all(EndpointSlice.class).stream()
            .collect(Collectors.groupingBy(ServiceKey::ofOwner));
    for (Service service : plan.services()) {
      if (!"LoadBalancer".equals(service.getSpec().getType())) {
        continue;
      }
      ServiceKey key = ServiceKey.of(service);
      var object = new ObjectRef("Service", key.namespace(), key.name());
      Map<Optional<Prefix>, Outcome> outcomes = nearest.getOrDefault(key, Map.of());
      if (isForeign(service)) {
        if (outcomes.values().stream().anyMatch(Outcome.ForeignClass.class::isInstance)) {
          foreign(object, service.getSpec().getLoadBalancerClass());
        }
        continue;
      }
      address(service, object);
      outcomes.forEach(
          (prefix, outcome) -> prefix.ifPresent(address -> outcome(object, address, outcome)));
      fleet
          .unannounced(service, slices.getOrDefault(key, List.of()))
          .ifPresent(problem -> {
            boolean excluded = problem.what().contains(OwnNode.EXCLUDED);
            if (excluded ? cluster.real() : !slices.isEmpty()) {
              sink.add(
                  new PlanWarning(
                      excluded ? FindingCode.EXCLUDED_NODES : FindingCode.NO_ENDPOINT,
                      object,
                      excluded ? FIELD : "spec.externalTrafficPolicy",
                      problem.what(),
                      problem.remedy()));
            }
          });
    }
  }

  private static boolean isForeign(Service service) {
    String loadBalancerClass = service.getSpec().getLoadBalancerClass();
    return loadBalancerClass != null && !loadBalancerClass.equals(OUR_CLASS);
  }

  private Fleet fleet() {
    return new Fleet(
        cluster.nodes().values().stream()
            .filter(node -> plan.nodeConfigs().containsKey(node.getMetadata().getName()))
            .toList(),
        cluster.manifests().all(CiliumBGPPeerConfig.class),
        cluster.manifests().all(CiliumBGPAdvertisement.class));
  }

  /** Of each address of a load balancer that is announced to nobody what came nearest to it. */
  private Map<ServiceKey, Map<Optional<Prefix>, Outcome>> nearest() {
    Map<ServiceKey, Map<Optional<Prefix>, Outcome>> nearest = new HashMap<>();
    plan.nodes()
        .values()
        .forEach(node -> {
          for (Decision decision : node.decisions()) {
            if (decision.subject() instanceof ServiceAddress(var namespace, var name, var type)
                && type == AddressType.LOAD_BALANCER_IP) {
              nearest
                  .computeIfAbsent(new ServiceKey(namespace, name), _ -> new LinkedHashMap<>())
                  .merge(
                      decision.prefix(),
                      decision.outcome(),
                      (one, other) -> distance(other) < distance(one) ? other : one);
            }
          }
        });
    return nearest;
  }

  /** How far from being announced: the reasons in the order in which they are looked at. */
  private static int distance(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Announced _ -> 0;
      case Outcome.NotSelected _ -> 2;
      case Outcome.SelectorMissing _ -> 3;
      case Outcome.NoAdvertisement _ -> 4;
      case Outcome.FamilyNotConfigured _ -> 5;
      case Outcome.NoPeerConfig _ -> 6;
      case Outcome.ForeignClass _,
          Outcome.ForeignProxy _,
          Outcome.ExcludedNode _,
          Outcome.OutsideExternalIpRanges _,
          Outcome.NoEndpoint _,
          Outcome.NoAddress _,
          Outcome.Headless _,
          Outcome.ExternalName _,
          Outcome.OtherFamily _,
          Outcome.ProxiedAddress _,
          Outcome.Hostname _,
          Outcome.NoInterface _,
          Outcome.InterfaceDown _,
          Outcome.UnreachableAddress _,
          Outcome.NoPool _,
          Outcome.OtherIpam _,
          Outcome.NoLocalEndpoint _ ->
          1;
    };
  }

  private void outcome(ObjectRef object, Prefix prefix, Outcome outcome) {
    String nobody = "; no node announces its addresses";
    switch (outcome) {
      case Outcome.NotSelected(List<String> names) ->
          add(
              FindingCode.SERVICE_NOT_SELECTED,
              object,
              "metadata.labels",
              "no advertisement selects it: "
                  + AdvertisementSelectors.words(names, advertisements)
                  + nobody,
              "give the Service such a label, or let the selector select it");
      case Outcome.SelectorMissing(List<String> names) ->
          add(
              FindingCode.SERVICE_NOT_SELECTED,
              object,
              "metadata.labels",
              "no advertisement selects it: "
                  + String.join(", ", names)
                  + " without a selector select nothing"
                  + nobody,
              "give the advertisement a selector; an empty matchExpressions selects all Services");
      case Outcome.NoAdvertisement() ->
          add(
              FindingCode.SERVICE_NOT_SELECTED,
              object,
              FIELD,
              "no advertisement that reaches a peer is of advertisementType Service with"
                  + " LoadBalancerIP"
                  + nobody,
              "write one, with a label that families[].advertisements of the peer config selects");
      case Outcome.FamilyNotConfigured() ->
          add(
              FindingCode.SERVICE_FAMILY,
              object,
              "spec.ipFamilies",
              "no peer carries %s, so that no node announces %s"
                  .formatted(family(prefix.family()), IpText.of(prefix.address())),
              "list the family in the CiliumBGPPeerConfig's families, with its advertisements");
      case Outcome.ForeignProxy(String proxy) ->
          add(
              FindingCode.SERVICE_ADDRESS,
              object,
              "metadata.labels",
              "the proxy " + Shown.quoted(proxy) + " serves it, and not the nodes" + nobody,
              "take off the label service.kubernetes.io/service-proxy-name");
      case Outcome.OtherFamily() ->
          add(
              FindingCode.SERVICE_ADDRESS,
              object,
              "spec.ipFamilies",
              IpText.of(prefix.address())
                  + " is of a family that the Service does not have, and is not announced",
              "correct spec.ipFamilies or the address");
      // Whether it is announced is not known, or another finding says why not.
      case Outcome.Announced _,
          Outcome.ForeignClass _,
          Outcome.NoPeerConfig _,
          Outcome.ExcludedNode _,
          Outcome.OutsideExternalIpRanges _,
          Outcome.NoEndpoint _,
          Outcome.NoAddress _,
          Outcome.Headless _,
          Outcome.ExternalName _,
          Outcome.ProxiedAddress _,
          Outcome.Hostname _,
          Outcome.NoInterface _,
          Outcome.InterfaceDown _,
          Outcome.UnreachableAddress _,
          Outcome.NoPool _,
          Outcome.OtherIpam _,
          Outcome.NoLocalEndpoint _ -> {}
    }
  }

  private static String family(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> "IPv4";
      case IPV6_UNICAST -> "IPv6";
    };
  }

  private void foreign(ObjectRef object, String loadBalancerClass) {
    add(
        FindingCode.FOREIGN_CLASS,
        object,
        "spec.loadBalancerClass",
        "the class "
            + Shown.quoted(loadBalancerClass)
            + " belongs to another load balancer: no pool gives it an address, and no node"
            + " announces it, though an advertisement selects it",
        "leave the field out or write " + OUR_CLASS + "; or let no advertisement select it");
  }

  private void address(Service service, ObjectRef object) {
    boolean has =
        service.getStatus() != null
            && service.getStatus().getLoadBalancer() != null
            && !service.getStatus().getLoadBalancer().getIngress().isEmpty();
    boolean refused =
        service.getStatus() != null
            && service.getStatus().getConditions() != null
            && service.getStatus().getConditions().stream()
                .anyMatch(it -> it.getType().equals(SettledServices.SATISFIED));
    if (!has && !refused) {
      add(
          FindingCode.NO_POOL,
          object,
          FIELD,
          "there is no CiliumLoadBalancerIPPool, so that it gets no address",
          "write one with spec.blocks, or have another load balancer give the address");
    }
  }

  private void add(FindingCode code, ObjectRef object, String field, String what, String remedy) {
    sink.add(new PlanWarning(code, object, field, what, remedy));
  }
}

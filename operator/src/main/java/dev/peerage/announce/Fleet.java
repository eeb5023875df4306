package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.announce.ServingEndpoints.Use;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.SelectedAdvertisements;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All nodes that hold sessions, to find the LoadBalancerIPs that an advertisement selects and none
 * of them announces. It decides by the same rules as each node, for the nodes on which a Service
 * has endpoints and for one of those that are all alike to it. Not thread-safe.
 */
public final class Fleet {
  /** The agents' options are not known here: those with which most is announced. */
  private static final NodeSettings SETTINGS = NodeSettings.DEFAULT;

  private static final int NAMED = 3;

  private final Map<String, OwnNode> nodes = new TreeMap<>();
  private final PeerAdvertisements advertisements;

  /**
   * The fleet of some nodes.
   *
   * @param nodes with labels
   * @param peerConfigs those that the nodes' peers refer to
   * @param advertisements all
   */
  public Fleet(
      Collection<Node> nodes,
      List<CiliumBGPPeerConfig> peerConfigs,
      List<CiliumBGPAdvertisement> advertisements) {
    nodes.forEach(node -> this.nodes.put(node.getMetadata().getName(), OwnNode.of(node, SETTINGS)));
    this.advertisements =
        PeerAdvertisements.ofPeerConfigs(
            peerConfigs.stream()
                .map(each -> SelectedAdvertisements.of(each, advertisements))
                .distinct()
                .toList(),
            SETTINGS);
  }

  /** Why no node announces some address of a Service that is selected; empty when all is well. */
  public Optional<Problem> unannounced(Service service, List<EndpointSlice> slices) {
    Set<Prefix> announced = new LinkedHashSet<>();
    Map<Prefix, Set<Outcome>> withheld = new TreeMap<>();
    for (OwnNode node : candidates(slices)) {
      for (Decision decision :
          ServiceRoutes.of(service, slices, node, advertisements).decisions()) {
        boolean balanced =
            decision.subject() instanceof ServiceAddress address
                && address.type() == AddressType.LOAD_BALANCER_IP;
        if (!balanced || decision.prefix().isEmpty()) {
          continue;
        }
        Prefix prefix = decision.prefix().get();
        switch (decision.outcome()) {
          case Outcome.Announced _ -> announced.add(prefix);
          case Outcome.NoLocalEndpoint _, Outcome.ExcludedNode _ ->
              withheld.computeIfAbsent(prefix, _ -> new LinkedHashSet<>()).add(decision.outcome());
          // Nobody has asked for it, or another one serves it.
          case Outcome.NoPeerConfig _,
              Outcome.FamilyNotConfigured _,
              Outcome.NoAdvertisement _,
              Outcome.NotSelected _,
              Outcome.SelectorMissing _,
              Outcome.ForeignClass _,
              Outcome.ForeignProxy _,
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
              Outcome.OtherFamily _,
              Outcome.OtherIpam _ -> {}
        }
      }
    }
    withheld.keySet().removeAll(announced);
    return withheld.isEmpty() ? Optional.empty() : Optional.of(problem(service, slices, withheld));
  }

  /** Those with endpoints of the Service, and one of each kind without. */
  private List<OwnNode> candidates(List<EndpointSlice> slices) {
    Set<String> named =
        endpoints(slices)
            .map(Endpoint::getNodeName)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    Stream<OwnNode> others =
        Stream.of(true, false)
            .flatMap(excluded ->
                nodes.values().stream()
                    .filter(node -> node.excluded() == excluded && !named.contains(node.name()))
                    .limit(1));
    return Stream.concat(named.stream().sorted().map(nodes::get).filter(Objects::nonNull), others)
        .toList();
  }

  private static Stream<Endpoint> endpoints(List<EndpointSlice> slices) {
    return slices.stream()
        .map(EndpointSlice::getEndpoints)
        .filter(Objects::nonNull)
        .flatMap(List::stream);
  }

  private Problem problem(
      Service service, List<EndpointSlice> slices, Map<Prefix, Set<Outcome>> withheld) {
    String addresses =
        withheld.keySet().stream()
            .map(prefix -> IpText.of(prefix.address()))
            .collect(Collectors.joining(", "));
    boolean onlyExcluded =
        withheld.values().stream()
            .flatMap(Set::stream)
            .allMatch(Outcome.ExcludedNode.class::isInstance);
    var object =
        new ObjectRef("Service", ServiceKey.namespaceOf(service), service.getMetadata().getName());
    String what = "no node announces " + addresses + ", which an advertisement selects: ";
    String field = "status.loadBalancer.ingress";
    if (onlyExcluded) {
      return new Problem(
          object,
          field,
          what + "all nodes with BGP sessions have the label " + OwnNode.EXCLUDED,
          "take the label off a node, or have others selected by a CiliumBGPClusterConfig");
    }
    return new Problem(
        object,
        field,
        what + "externalTrafficPolicy is Local, and " + withoutLocal(slices, withheld.keySet()),
        "see to its endpoints, or set externalTrafficPolicy: Cluster");
  }

  private String withoutLocal(List<EndpointSlice> slices, Set<Prefix> prefixes) {
    Set<AddressFamily> families = prefixes.stream().map(Prefix::family).collect(Collectors.toSet());
    List<Endpoint> serving =
        endpoints(
                slices.stream()
                    .filter(slice ->
                        ServingEndpoints.family(slice.getAddressType())
                            .filter(families::contains)
                            .isPresent())
                    .toList())
            .filter(each -> ServingEndpoints.use(each) != Use.NONE)
            .toList();
    if (serving.isEmpty()) {
      return "it has no ready endpoint";
    }
    Set<String> named =
        serving.stream()
            .map(Endpoint::getNodeName)
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new));
    if (named.isEmpty()) {
      return "its endpoints are on no node, as those of a Gateway";
    }
    String some = named.stream().limit(NAMED).collect(Collectors.joining(", "));
    return "its endpoints are on nodes that do not announce it, without BGP sessions or excluded"
        + " from load balancers: "
        + some
        + (named.size() > NAMED ? " and %d more".formatted(named.size() - NAMED) : "");
  }
}

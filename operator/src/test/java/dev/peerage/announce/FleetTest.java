package dev.peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.Problem;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetTest {
  private static final String CONFIG =
      """
      kind: CiliumBGPPeerConfig
      metadata: {name: cilium-peer}
      spec:
        families:
        - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {to: all}}}
        - {afi: ipv6, safi: unicast, advertisements: {matchLabels: {to: all}}}
      ---
      kind: CiliumBGPPeerConfig
      metadata: {name: v4}
      spec:
        families:
        - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {to: v4}}}
      ---
      """
          + SeedLab.advertisement(
              "vips", "{to: all}", "LoadBalancerIP", "{matchLabels: {announce: 'yes'}}", "")
          + SeedLab.advertisement(
              "more", "{to: v4}", "LoadBalancerIP, ClusterIP", "{matchLabels: {to: v4}}", "");
  private static final String ONE_NODE = node("n1", "") + CONFIG;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # policy | endpoints                                                    | because
          Local    | []                                                           | it has no ready endpoint
          Local    | [{nodeName: n1, conditions: {ready: false}}]                 | it has no ready endpoint
          Local    | [{conditions: {ready: true}}]                                | its endpoints are on no node, as those of a Gateway
          Local    | [{nodeName: n8}, {nodeName: n9}]                             | its endpoints are on nodes that do not announce it, without BGP sessions or excluded from load balancers: n8, n9
          Local    | [{nodeName: n8}, {nodeName: n9}, {nodeName: n7}, {nodeName: n6}] | its endpoints are on nodes that do not announce it, without BGP sessions or excluded from load balancers: n6, n7, n8 and 1 more
          Local    | [{nodeName: n1}]                                             |
          Local    | [{nodeName: n1, conditions: {ready: false, serving: true, terminating: true}}] |
          Cluster  | []                                                           |
          Cluster  | [{nodeName: n8}]                                             |
          """)
  void tellsWhyNoNodeAnnouncesAnAddress(String policy, String endpoints, String because) {
    Optional<Problem> problem =
        unannounced(
            ONE_NODE
                + service("announce: 'yes'", policy, "{ip: 172.16.0.1}, {ip: 'fd00:16::1'}")
                + slice("IPv4", endpoints)
                + slice("IPv6", endpoints));
    assertThat(problem.map(Problem::toString))
        .isEqualTo(
            Optional.ofNullable(because)
                .map(words ->
                    "Service default/web status.loadBalancer.ingress: no node announces 172.16.0.1,"
                        + " fd00:16::1, which an advertisement selects: externalTrafficPolicy is"
                        + " Local, and "
                        + words
                        + "; see to its endpoints, or set externalTrafficPolicy: Cluster"));
  }

  @Test
  void ofTwoFamiliesEachCounts() {
    assertThat(
            unannounced(
                    ONE_NODE
                        + service(
                            "announce: 'yes'", "Local", "{ip: 172.16.0.1}, {ip: 'fd00:16::1'}")
                        + slice("IPv4", "[{nodeName: n1}]"))
                .map(Problem::what))
        .get()
        .asString()
        .startsWith("no node announces fd00:16::1, which")
        .endsWith("it has no ready endpoint");
  }

  @Test
  void allNodesAreExcluded() {
    String excluded = node("n1", OwnNode.EXCLUDED + ": ''");
    String web = service("announce: 'yes'", "Cluster", "{ip: 172.16.0.1}");
    assertThat(unannounced(excluded + CONFIG + web).map(Problem::what))
        .contains(
            "no node announces 172.16.0.1, which an advertisement selects: all nodes with BGP"
                + " sessions have the label node.kubernetes.io/exclude-from-external-load-balancers");
    assertThat(unannounced(excluded + node("n2", "") + CONFIG + web)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "announce: 'no'  | {ip: 172.16.0.1}", // nobody asks for it
        "announce: 'yes' | {hostname: a.example.com}",
        "announce: 'yes' | {}",
        "announce: 'yes' | {ip: 172.16.0.1, ipMode: Proxy}", // another one serves it
        "announce: 'yes', service.kubernetes.io/service-proxy-name: x | {ip: 172.16.0.1}",
      })
  void ofWhatNobodyAsksForNothingIsSaid(String labels, String ingress) {
    assertThat(unannounced(ONE_NODE + service(labels, "Local", ingress))).isEmpty();
  }

  @Test
  void withoutNodesNothingIsSaid() {
    assertThat(unannounced(CONFIG + service("announce: 'yes'", "Local", "{ip: 172.16.0.1}")))
        .isEmpty();
  }

  /** The fleet makes no plans; each node's own plan must say the same. */
  @Test
  void saysTheSameAsThePlansOfAllNodes() {
    var random = new Random(11);
    int found = 0;
    for (int round = 0; round < 400; round++) {
      List<String> nodes = new ArrayList<>();
      for (int i = 1; i <= 1 + random.nextInt(4); i++) {
        nodes.add(node("n" + i, random.nextInt(3) == 0 ? OwnNode.EXCLUDED + ": ''" : ""));
      }
      String world =
          service(
                  pick(random, "announce: 'yes'", "announce: 'yes', to: v4", "to: v4", "a: b"),
                  pick(random, "Local", "Local", "Cluster"),
                  pick(
                      random,
                      "{ip: 172.16.0.1}",
                      "{ip: 'fd00:16::1'}, {ip: 172.16.0.1}",
                      "{ip: 172.16.0.1, ipMode: Proxy}, {ip: 172.16.0.2}",
                      ""))
              + slice("IPv4", endpoints(random))
              + slice("IPv6", endpoints(random));
      Set<Prefix> announced = new HashSet<>();
      Set<Prefix> withheld = new HashSet<>();
      for (String node : nodes) {
        for (Decision decision : plan(node, world).decisions()) {
          if (decision.subject() instanceof ServiceAddress address
              && address.type() == AddressType.LOAD_BALANCER_IP
              && decision.prefix().isPresent()) {
            if (decision.outcome() instanceof Outcome.Announced) {
              announced.add(decision.prefix().orElseThrow());
            } else if (decision.outcome() instanceof Outcome.NoLocalEndpoint
                || decision.outcome() instanceof Outcome.ExcludedNode) {
              withheld.add(decision.prefix().orElseThrow());
            }
          }
        }
      }
      withheld.removeAll(announced);
      Optional<Problem> problem = unannounced(String.join("", nodes) + CONFIG + world);
      assertThat(problem.isPresent()).as("%s%s", nodes, world).isEqualTo(!withheld.isEmpty());
      found += withheld.isEmpty() ? 0 : 1;
    }
    assertThat(found).isBetween(50, 350);
  }

  private static NodePlan plan(String node, String world) {
    String name = node.replaceFirst("(?s).*?name: (n\\d).*", "$1");
    return Manifests.plan(
        node,
        """
        kind: CiliumBGPNodeConfig
        metadata: {name: %s}
        spec:
          bgpInstances:
          - name: main
            localASN: 65001
            routerID: 10.0.0.1
            peers:
            - {name: a, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: cilium-peer}}
            - {name: b, peerASN: 65000, peerAddress: 192.0.2.2, peerConfigRef: {name: v4}}
        ---
        """
            .formatted(name),
        CONFIG,
        world);
  }

  private static String endpoints(Random random) {
    List<String> endpoints = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      endpoints.add(
          pick(
              random,
              "{nodeName: n1}",
              "{nodeName: n2, conditions: {ready: false, serving: true, terminating: true}}",
              "{nodeName: n3, conditions: {ready: false}}",
              "{nodeName: n9}",
              "{conditions: {ready: true}}"));
    }
    return endpoints.toString();
  }

  private static String pick(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static Optional<Problem> unannounced(String world) {
    Manifests manifests = Manifests.of(world);
    return new Fleet(
            manifests.all(Node.class),
            manifests.all(CiliumBGPPeerConfig.class),
            manifests.all(CiliumBGPAdvertisement.class))
        .unannounced(manifests.all(Service.class).getFirst(), manifests.all(EndpointSlice.class));
  }

  private static String node(String name, String labels) {
    return """
    kind: Node
    metadata: {name: %s, labels: {%s}}
    ---
    """
        .formatted(name, labels);
  }

  private static String service(String labels, String policy, String ingress) {
    return """
    kind: Service
    metadata: {name: web, namespace: default, labels: {%s}}
    spec: {type: LoadBalancer, externalTrafficPolicy: %s}
    status: {loadBalancer: {ingress: [%s]}}
    ---
    """
        .formatted(labels, policy, ingress);
  }

  private static String slice(String family, String endpoints) {
    return """
    kind: EndpointSlice
    metadata: {name: web-%1$s, namespace: default, labels: {kubernetes.io/service-name: web}}
    addressType: %1$s
    endpoints: %2$s
    ---
    """
        .formatted(family, endpoints);
  }
}

package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static dev.peerage.announce.DualStack.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.PodIpPool;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of several advertisements: names, order and attributes of a peer's statements. */
class RoutePolicyTest {
  private static final String WEB =
      service(
          "web",
          "app: web",
          "type: LoadBalancer, clusterIP: 10.96.0.1, externalIPs: [192.0.2.1]",
          "{ip: 172.16.0.1}, {ip: 'fd00:16::1'}");

  @Test
  void statementsOfAllKindsComeInTheOrderOfTheirPriority() {
    String advertisements =
        advertisement("a", "advertisementType: CiliumPodIPPool, selector: {}")
            + advertisement(
                "b",
                "advertisementType: Service, selector: {},"
                    + " service: {addresses: [LoadBalancerIP], aggregationLengthIPv4: 24}")
            + advertisement(
                "c",
                "advertisementType: Service, selector: {},"
                    + " service: {addresses: [LoadBalancerIP, ClusterIP, ExternalIP]}")
            + advertisement("d", "advertisementType: PodCIDR")
            + advertisement("e", "advertisementType: Interface, interface: {name: lo}");
    Link lo =
        new Link(
            1,
            "lo",
            "",
            true,
            OperState.UNKNOWN,
            Optional.empty(),
            List.of(InetAddress.ofLiteral("10.9.0.1"), InetAddress.ofLiteral("fd00:9::1")));
    NodePlan plan =
        NodePlanner.plan(
            Manifests.of(NODE, PEERS, advertisements, WEB)
                .snapshot(
                    new NodeContext(
                        NodeSettings.DEFAULT,
                        new HostNetwork(List.of(lo), List.of()),
                        Passwords.NONE,
                        List.of(new PodIpPool("red", Map.of())),
                        Optional.of(
                            new CiliumNodeIpam(
                                List.of("10.1.0.0/24", "fd00:1::/64"),
                                Map.of("red", List.of("10.3.0.0/27")))))));
    assertThat(PlanText.policy(plan, "all"))
        .containsExactly(
            """
            Interface-lo-ipv4 10.9.0.1/32
            Interface-lo-ipv6 fd00:9::1/128
            PodCIDR-ipv4 10.1.0.0/24
            PodCIDR-ipv6 fd00:1::/64
            Service-web-default-ClusterIP-ipv4 10.96.0.1/32
            Service-web-default-ExternalIP-ipv4 192.0.2.1/32
            Service-web-default-LoadBalancerIP-ipv4 172.16.0.1/32
            Service-web-default-LoadBalancerIP-ipv6 fd00:16::1/128
            Service-web-default-LoadBalancerIP-ipv4-agg-24 172.16.0.0/24
            CiliumPodIPPool-red-ipv4 10.3.0.0/27
            """
                .split("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # one's attributes                         | other's attributes                        | route's
          ''                                         | ''                                        | ''
          localPreference: 98                        | ''                                        | ' lp=98'
          localPreference: 98                        | localPreference: 102                      | ' lp=102'
          localPreference: 102                       | localPreference: 98                       | ' lp=102'
          localPreference: 0                         | ''                                        | ' lp=0'
          localPreference: 4294967295                | localPreference: 1                        | ' lp=4294967295'
          communities: {standard: ['1:1']}           | ''                                        | ' [1:1]'
          communities: {standard: ['1:1', '1:1']}    | communities: {standard: ['65537']}        | ' [1:1]'
          communities: {standard: ['1:2']}           | communities: {standard: ['1:1']}          | ' [1:1, 1:2]'
          communities: {standard: ['65535:65281']}   | communities: {wellKnown: [no-export]}     | ' [65535:65281]'
          communities: {large: ['1:1:1']}            | communities: {large: ['1:1:2', '1:1:1']}  | ' [1:1:1, 1:1:2]'
          communities: {wellKnown: [internet, blackhole]} | communities: {large: ['4294967295:0:0']} | ' [0:0, 65535:666] [4294967295:0:0]'
          """)
  void overlappingAdvertisementsAreUnited(String one, String other, String route) {
    String services =
        "advertisementType: Service, selector: {}, service: {addresses: [LoadBalancerIP]}";
    NodePlan plan =
        Manifests.plan(
            NODE,
            PEERS,
            advertisement("one", services + ", attributes: {" + one + "}"),
            advertisement("other", services + ", attributes: {" + other + "}"),
            WEB);
    assertThat(PlanText.routes(plan, "v4")).containsExactly("172.16.0.1/32" + route);
  }

  /** Each peer sees its own set only; swapping what they take and back changes just that. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # first takes | second takes | first's routes              | second's routes
          pods          | vips         | 10.1.0.0/24                 | 172.16.0.1/32
          vips          | pods         | 172.16.0.1/32               | 10.1.0.0/24
          pods vips     | none         | 10.1.0.0/24 172.16.0.1/32   | ''
          pods vips     | pods vips    | 10.1.0.0/24 172.16.0.1/32   | 10.1.0.0/24 172.16.0.1/32
          """)
  void everyPeerHasItsOwnAdvertisements(
      String first, String second, String firstsRoutes, String secondsRoutes) {
    String peers =
        """
        kind: CiliumBGPNodeConfig
        metadata: {name: k8s-ctr}
        spec:
          bgpInstances:
          - name: i
            localASN: 65001
            peers:
            - {name: first, peerASN: 1, peerAddress: 10.0.0.1, peerConfigRef: {name: first}}
            - {name: second, peerASN: 2, peerAddress: 10.0.0.2, peerConfigRef: {name: second}}
            - {name: third, peerASN: 3, peerAddress: 10.0.0.3, peerConfigRef: {name: missing}}
        ---
        """;
    NodePlan plan =
        Manifests.plan(
            NODE.replace("status:", "spec: {podCIDRs: [10.1.0.0/24]}\nstatus:"),
            peers,
            peerConfig("first", first),
            peerConfig("second", second),
            advertisement("pods", "advertisementType: PodCIDR").replace("bgp", "pods"),
            advertisement(
                    "vips",
                    "advertisementType: Service, selector: {},"
                        + " service: {addresses: [LoadBalancerIP]}")
                .replace("bgp", "vips"),
            WEB);
    assertThat(String.join(" ", PlanText.routes(plan, "first"))).isEqualTo(firstsRoutes);
    assertThat(String.join(" ", PlanText.routes(plan, "second"))).isEqualTo(secondsRoutes);
    assertThat(plan.desired().instances().getFirst().peers()).hasSize(2);
  }

  private static String peerConfig(String name, String takes) {
    return """
    kind: CiliumBGPPeerConfig
    metadata: {name: %s}
    spec:
      families:
      - afi: ipv4
        safi: unicast
        advertisements: {matchExpressions: [{key: advertise, operator: In, values: [%s]}]}
    ---
    """
        .formatted(name, takes.replace(" ", ", "));
  }
}

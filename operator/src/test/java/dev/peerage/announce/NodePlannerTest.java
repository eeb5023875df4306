package dev.peerage.announce;

import static dev.peerage.fixture.Manifests.plan;
import static dev.peerage.fixture.SeedLab.LAB;
import static dev.peerage.fixture.SeedLab.NODE;
import static dev.peerage.fixture.SeedLab.NODE_CONFIG;
import static dev.peerage.fixture.SeedLab.PEER_CONFIG;
import static dev.peerage.fixture.SeedLab.POD_CIDR;
import static dev.peerage.fixture.SeedLab.advertisement;
import static dev.peerage.fixture.SeedLab.peer;
import static dev.peerage.fixture.SeedLab.service;
import static dev.peerage.fixture.SeedLab.statements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePlannerTest {

  @Test
  void theLabsManifestsGiveOnePeerWithOneRoute() {
    NodePlan plan = plan(LAB);
    Prefix podCidr = Prefix.parse("172.20.0.0/24");
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.named())
        .isEqualTo(
            new DesiredSpeaker(
                List.of(
                    new DesiredInstance(
                        "instance-65001",
                        65001,
                        (Inet4Address) InetAddress.ofLiteral("192.168.10.100"),
                        new Listen.Off(),
                        List.of(
                            DesiredPeer.of(
                                    "tor-switch", InetAddress.ofLiteral("192.168.10.200"), 65000)
                                .withSession(session ->
                                    session
                                        .withTimers(new Timers(120, 9, 3))
                                        .withGracefulRestart(new GracefulRestart.On(15)))
                                .withEndpoint(endpoint -> endpoint.withHops(new Hops.Ttl(2)))
                                .withOwnAddresses(List.of(InetAddress.ofLiteral("192.168.10.100")))
                                .withExportPolicy(
                                    new ExportPolicy.Statements(
                                        "peer-tor-switch-export",
                                        List.of(
                                            new ExportStatement(
                                                "PodCIDR-ipv4",
                                                PrefixSet.of(podCidr),
                                                Attributes.DEFAULT))))),
                        PrefixSet.of(podCidr)))));
    assertThat(plan.decisions())
        .extracting(d -> d.prefix().orElseThrow().toString(), Decision::outcome)
        .containsExactly(
            tuple(
                "172.20.0.0/24",
                new Outcome.Announced(
                    List.of(
                        new Announcement(
                            Prefix.parse("172.20.0.0/24"),
                            Attributes.DEFAULT,
                            List.of("bgp-advertisements"))))),
            tuple(Prefix.parse("fd00:20::/64").toString(), new Outcome.FamilyNotConfigured()));
  }

  @Test
  void withoutNodeConfigTheSpeakerDoesNothing() {
    NodePlan plan = plan(NODE, PEER_CONFIG, POD_CIDR);
    assertThat(plan.desired()).isEqualTo(DesiredSpeaker.NOTHING);
    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void theOrderOfTheObjectsDoesNotMatter() {
    String more = advertisement("more", "{advertise: bgp}", "ClusterIP", "{}", "");
    String services = service("a", "") + service("b", "");
    assertThat(plan(services, more, POD_CIDR, PEER_CONFIG, NODE_CONFIG, NODE))
        .isEqualTo(
            plan(
                NODE,
                NODE_CONFIG,
                PEER_CONFIG,
                POD_CIDR,
                more,
                service("b", ""),
                service("a", "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                                    | none",
        "advertisements: {}                                                  | announced",
        "advertisements: {matchLabels: {advertise: bgp}}                     | announced",
        "advertisements: {matchLabels: {advertise: other}}                   | none",
        "advertisements: {matchLabels: {advertise: bgp, more: x}}            | none",
        "advertisements: {matchExpressions: [{key: advertise, operator: In, values: [a, bgp]}]}    | announced",
        "advertisements: {matchExpressions: [{key: advertise, operator: NotIn, values: [a, bgp]}]} | none",
        "advertisements: {matchExpressions: [{key: absent, operator: NotIn, values: [a]}]}         | announced",
        "advertisements: {matchExpressions: [{key: advertise, operator: Exists}]}                  | announced",
        "advertisements: {matchExpressions: [{key: advertise, operator: DoesNotExist}]}            | none",
        "advertisements: {matchLabels: {advertise: bgp}, matchExpressions: [{key: absent, operator: Exists}]} | none",
      })
  void aFamilySelectsAdvertisementsByTheirLabels(String selector, String expected) {
    String peerConfig =
        """
        kind: CiliumBGPPeerConfig
        metadata: {name: cilium-peer}
        spec:
          families:
          - afi: ipv4
            safi: unicast
            %s
        ---
        """
            .formatted(selector == null ? "" : selector);
    NodePlan plan = plan(NODE, NODE_CONFIG, peerConfig, POD_CIDR);
    assertThat(statements(plan)).hasSize(expected.equals("announced") ? 1 : 0);
    assertThat(plan.decisions().iterator().next().outcome())
        .isInstanceOf(
            expected.equals("announced") ? Outcome.Announced.class : Outcome.NoAdvertisement.class);
  }

  @Test
  void eachFamilyHasItsOwnAdvertisements() {
    String peerConfig =
        """
        kind: CiliumBGPPeerConfig
        metadata: {name: cilium-peer}
        spec:
          families:
          - {afi: ipv4, safi: unicast}
          - {afi: ipv6, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}
        ---
        """;
    NodePlan plan = plan(NODE, NODE_CONFIG, peerConfig, POD_CIDR);
    assertThat(peer(plan).session().families())
        .containsExactlyInAnyOrder(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST);
    assertThat(statements(plan)).extracting(ExportStatement::name).containsExactly("PodCIDR-ipv6");
    assertThat(plan.desired().instances().getFirst().routes())
        .containsExactly(Prefix.parse("fd00:20::/64"));
  }

  @Test
  void aFamilyListedTwiceUnitesItsAdvertisements() {
    String peerConfig =
        """
        kind: CiliumBGPPeerConfig
        metadata: {name: cilium-peer}
        spec:
          families:
          - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}
          - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: svc}}}
        ---
        """;
    NodePlan plan =
        plan(
            NODE,
            NODE_CONFIG,
            peerConfig,
            POD_CIDR,
            advertisement("svc", "{advertise: svc}", "LoadBalancerIP", "{}", ""),
            service("webpod", ""));
    assertThat(statements(plan))
        .extracting(ExportStatement::name)
        .containsExactly("PodCIDR-ipv4", "Service-webpod-default-LoadBalancerIP-ipv4");
  }

  @Test
  void statementsComeByPriorityThenName() {
    String all =
        advertisement("svc", "{advertise: bgp}", "ClusterIP, LoadBalancerIP, ExternalIP", "{}", "");
    NodePlan plan = plan(LAB, all, service("z", ""), service("a", "externalIPs: [192.0.2.9]"));
    assertThat(statements(plan))
        .extracting(ExportStatement::name)
        .containsExactly(
            "PodCIDR-ipv4",
            "Service-a-default-ClusterIP-ipv4",
            "Service-a-default-ExternalIP-ipv4",
            "Service-a-default-LoadBalancerIP-ipv4",
            "Service-z-default-ClusterIP-ipv4",
            "Service-z-default-LoadBalancerIP-ipv4");
  }

  @Test
  void overlappingAdvertisementsAreMergedWithTheHighestLocalPreference() {
    String one =
        advertisement(
            "one",
            "{advertise: bgp}",
            "LoadBalancerIP",
            "{}",
            "attributes: {communities: {standard: ['65000:98', '99'], wellKnown: [no-export]}, localPreference: 98}");
    String two =
        advertisement(
            "two",
            "{advertise: bgp}",
            "LoadBalancerIP",
            "{}",
            "attributes: {communities: {standard: ['65000:102', '65535:65281'], large: ['65001:100:100']}, localPreference: 102}");
    String three = advertisement("three", "{advertise: bgp}", "LoadBalancerIP", "{}", "");
    NodePlan plan = plan(NODE, NODE_CONFIG, PEER_CONFIG, one, two, three, service("webpod", ""));
    assertThat(statements(plan))
        .singleElement()
        .extracting(ExportStatement::attributes)
        .isEqualTo(
            new Attributes(
                102,
                List.of(
                    new Community(99),
                    new Community(65000L << 16 | 102),
                    new Community(65000L << 16 | 98),
                    new Community(0xffffff01L)),
                List.of(new LargeCommunity(65001, 100, 100))));
    assertThat(plan.decisions())
        .filteredOn(d -> d.outcome() instanceof Outcome.Announced)
        .singleElement()
        .extracting(
            d -> ((Outcome.Announced) d.outcome()).announcements().getFirst().advertisements())
        .isEqualTo(List.of("one", "three", "two"));
  }

  @Test
  void aLowerLocalPreferenceThanTheDefaultSurvivesAMerge() {
    String low =
        """
        kind: CiliumBGPAdvertisement
        metadata: {name: low, labels: {advertise: bgp}}
        spec:
          advertisements:
          - {advertisementType: PodCIDR, attributes: {localPreference: 50}}
        ---
        """;
    assertThat(statements(plan(LAB, low)).getFirst().attributes().localPreference()).isEqualTo(50);
  }

  @Test
  void everyPeerGetsItsOwnPolicyAndTheInstanceAllRoutes() {
    String nodeConfig =
        """
        kind: CiliumBGPNodeConfig
        metadata: {name: k8s-ctr}
        spec:
          bgpInstances:
          - name: one
            localASN: 65001
            peers:
            - {name: pods, peerASN: 65000, peerAddress: 192.168.10.200, peerConfigRef: {name: cilium-peer}}
            - {name: services, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: services}}
          - name: two
            localASN: 65002
            peers:
            - {name: services, peerASN: 65000, peerAddress: 192.168.10.200, peerConfigRef: {name: services}}
        ---
        """;
    String services =
        """
        kind: CiliumBGPPeerConfig
        metadata: {name: services}
        spec:
          families:
          - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: services}}}
        ---
        """;
    NodePlan plan =
        plan(
            NODE,
            nodeConfig,
            PEER_CONFIG,
            services,
            POD_CIDR,
            advertisement("svc", "{advertise: services}", "LoadBalancerIP", "{}", ""),
            service("webpod", ""));
    assertThat(plan.named().instances())
        .extracting(
            i -> i.peers().stream().map(NodePlannerTest::names).toList().toString(),
            i -> i.routes().size())
        .containsExactly(
            tuple("[[PodCIDR-ipv4], [Service-webpod-default-LoadBalancerIP-ipv4]]", 2),
            tuple("[[Service-webpod-default-LoadBalancerIP-ipv4]]", 1));
  }

  private static List<String> names(DesiredPeer peer) {
    return statements(peer).stream().map(ExportStatement::name).toList();
  }
}

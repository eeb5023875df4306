package dev.peerage.peering;

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

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionTest {
  private static final String EMPTY_PEER_CONFIG =
      """
      kind: CiliumBGPPeerConfig
      metadata: {name: cilium-peer}
      spec: {}
      ---
      """;

  @Test
  void anEmptyPeerConfigMeansDefaultsAndBothFamiliesWithoutRoutes() {
    NodePlan plan = plan(NODE, NODE_CONFIG, EMPTY_PEER_CONFIG, POD_CIDR);
    DesiredPeer peer = peer(plan);
    assertThat(peer.endpoint().port()).isEqualTo(179);
    assertThat(peer.session().timers()).isEqualTo(new Timers(120, 90, 30));
    assertThat(peer.session().gracefulRestart()).isEqualTo(new GracefulRestart.Off());
    assertThat(peer.endpoint().hops()).isEqualTo(new Endpoint.Hops.Ttl(1));
    assertThat(peer.session().families()).containsExactlyInAnyOrder(AddressFamily.values());
    assertThat(statements(plan)).isEmpty();
    assertThat(plan.problems())
        .extracting(Problem::field)
        .containsExactly("spec.families", "metadata.labels");
  }

  @Test
  void aPeerWithoutPeerConfigRefRunsWithDefaultsAndAnnouncesNothing() {
    NodePlan plan =
        plan(NODE, NODE_CONFIG.replace(", peerConfigRef: {name: cilium-peer}", ""), POD_CIDR);
    assertThat(peer(plan).session().families()).containsExactlyInAnyOrder(AddressFamily.values());
    assertThat(peer(plan).session().timers()).isEqualTo(new Timers(120, 90, 30));
    assertThat(statements(plan)).isEmpty();
    assertThat(plan.decisions())
        .extracting(Decision::outcome)
        .containsOnly(new Outcome.NoPeerConfig());
  }

  @Test
  void aMissingPeerConfigConcernsItsPeersOnly() {
    String second =
        "    - {name: other, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: none}}";
    NodePlan plan = plan(LAB.replace("peers:\n", "peers:\n" + second + "\n"));
    assertThat(instance(plan).peers()).extracting(DesiredPeer::name).containsExactly("tor-switch");
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "CiliumBGPClusterConfig cilium-bgp"
                + " spec.bgpInstances[instance-65001].peers[other].peerConfigRef.name: there is no"
                + " CiliumBGPPeerConfig 'none'; the peer is not configured until there is; create"
                + " it or correct the name");
  }

  @Test
  void transportTimersHopsAndRestartAreTakenOver() {
    String peerConfig =
        """
        kind: CiliumBGPPeerConfig
        metadata: {name: cilium-peer}
        spec:
          transport: {peerPort: 1179}
          timers: {connectRetryTimeSeconds: 5, holdTimeSeconds: 30}
          ebgpMultihop: 4
          gracefulRestart: {enabled: true}
        ---
        """;
    DesiredPeer peer = peer(plan(NODE, NODE_CONFIG, peerConfig));
    assertThat(peer.endpoint().port()).isEqualTo(1179);
    assertThat(peer.session().timers()).isEqualTo(new Timers(5, 30, 30));
    assertThat(peer.endpoint().hops()).isEqualTo(new Endpoint.Hops.Ttl(4));
    assertThat(peer.session().gracefulRestart()).isEqualTo(new GracefulRestart.On(120));
  }

  @Test
  void localAddressLocalPortAndRouterIdAreTakenOver() {
    NodePlan plan =
        plan(
            LAB.replace(
                    "localASN: 65001",
                    "localASN: 65001\n    localPort: 1790\n    routerID: 10.0.0.1")
                .replace("peerASN: 65000,", "peerASN: 65000, localAddress: 192.168.10.100,"));
    assertThat(instance(plan).listen()).isEqualTo(new Listen.On(InetAddress.ofLiteral("::"), 1790));
    assertThat(instance(plan).routerId()).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
    assertThat(peer(plan).endpoint().source())
        .isEqualTo(new Source.Address(InetAddress.ofLiteral("192.168.10.100")));
  }

  @Test
  void theRouterIdComesFromTheFirstIpv4InternalAddress() {
    NodePlan plan =
        plan(
            LAB.replace(
                "[{type: InternalIP, address: 192.168.10.100}]",
                "[{type: ExternalIP, address: 192.0.2.1}, {type: InternalIP, address: 'fd00::1'},"
                    + " {type: InternalIP, address: 10.1.1.1}]"));
    assertThat(instance(plan).routerId()).isEqualTo(InetAddress.ofLiteral("10.1.1.1"));
  }

  @Test
  void blanksAroundAnAddressAreIgnored() {
    NodePlan plan = plan(LAB.replace("192.168.10.200", "' 192.168.10.200 '"));
    assertThat(plan.problems()).isEmpty();
    assertThat(peer(plan).address()).isEqualTo(InetAddress.ofLiteral("192.168.10.200"));
  }

  @Test
  void anAsnOfZeroOrNoneAcceptsAnyPeer() {
    assertThat(peer(plan(LAB.replace("peerASN: 65000", "peerASN: 0"))).asn()).isZero();
    assertThat(peer(plan(LAB.replace("peerASN: 65000, ", ""))).asn()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what is written        | instead                         | instances, peers left | where
        "localASN: 65001           |                                 | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].localASN",
        "localASN: 65001           | localASN: 0                     | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].localASN",
        "localASN: 65001           | {localASN: 65001, routerID: x}  | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].routerID",
        "localASN: 65001           | {localASN: 65001, routerID: 0.0.0.0} | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].routerID",
        "localASN: 65001           | {localASN: 65001, localPort: 70000}  | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].localPort",
        "address: 192.168.10.100   | address: 'fd00::1'              | 0 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].routerID",
        "peerAddress: 192.168.10.200, |                              | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: 10.0.0.0/8,'   | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: router,'       | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: \"fe80::1\",' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: \"0.0.0.0\",' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: \"ff02::5\",' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'peerAddress: \"fe80::1%eth0\",' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress",
        "peerAddress: 192.168.10.200, | 'autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}},' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].autoDiscovery",
        "peerASN: 65000            | peerASN: 4294967296             | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].peerASN",
        "peerASN: 65000            | 'peerASN: 65000, localAddress: \"fd00::1\"' | 1 | 0 | CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].localAddress",
        "ebgpMultihop: 2           | ebgpMultihop: 256               | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.ebgpMultihop",
        "ebgpMultihop: 2           | 'transport: {peerPort: 0}'      | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.transport.peerPort",
        "holdTimeSeconds: 9        | holdTimeSeconds: 2              | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.timers.holdTimeSeconds",
        "keepAliveTimeSeconds: 3   | keepAliveTimeSeconds: 10        | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.timers.keepAliveTimeSeconds",
        "restartTimeSeconds: 15    | restartTimeSeconds: 4096        | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.gracefulRestart.restartTimeSeconds",
        "safi: unicast             | safi: evpn                      | 1 | 0 | CiliumBGPPeerConfig cilium-peer spec.families",
        "ebgpMultihop: 2           | 'transport: {sourceInterface: eth0}' | 1 | 1 | CiliumBGPPeerConfig cilium-peer spec.transport.sourceInterface",
        "advertisementType: PodCIDR | advertisementType: Interface   | 1 | 1 | CiliumBGPAdvertisement bgp-advertisements spec.advertisements[0].interface.name",
        "advertisementType: PodCIDR | advertisementType: CiliumPodIPPool | 1 | 1 | CiliumBGPAdvertisement bgp-advertisements spec.advertisements[0].selector",
        "advertisementType: PodCIDR | advertisementType: Service     | 1 | 1 | CiliumBGPAdvertisement bgp-advertisements spec.advertisements[0].service.addresses",
        "podCIDRs: [172.20.0.0/24, | 'podCIDRs: [172.20.0.0/33,'     | 1 | 1 | Node k8s-ctr spec.podCIDRs",
      })
  void whatCannotBeDoneIsAProblemAtItsField(
      String written, String instead, int instances, int peers, String where) {
    String replacement = instead == null ? "" : instead;
    if (replacement.startsWith("{")) {
      replacement = replacement.substring(1, replacement.length() - 1).replace(", ", "\n    ");
    }
    assertThat(LAB).contains(written.strip());
    NodePlan plan = plan(LAB.replace(written.strip(), replacement));
    assertThat(plan.desired().instances()).hasSize(instances);
    assertThat(plan.desired().instances().stream().mapToInt(i -> i.peers().size()).sum())
        .isEqualTo(peers);
    assertThat(plan.problems().stream().map(p -> p.object() + " " + p.field()).distinct())
        .isEqualTo(List.of(where));
  }

  @Test
  void anInstanceWithAProblemDoesNotConcernTheOthers() {
    NodePlan plan =
        plan(
            LAB.replace(
                "  bgpInstances:\n",
                "  bgpInstances:\n  - {name: broken}\n  - {name: instance-65001}\n"));
    assertThat(plan.desired().instances()).isEmpty();
    NodePlan mended =
        plan(LAB.replace("  bgpInstances:\n", "  bgpInstances:\n  - {name: broken}\n"));
    assertThat(mended.desired().instances())
        .extracting(DesiredInstance::name)
        .containsExactly("instance-65001");
    assertThat(mended.problems()).hasSize(1);
  }

  @Test
  void twoPeersWithTheSameNameOrAddressAreNotBothConfigured() {
    String more =
        """
        peers:
            - {name: first, peerASN: 65000, peerAddress: 192.168.10.201}
            - {name: first, peerASN: 65000, peerAddress: 192.168.10.202}
            - {name: second, peerASN: 65000, peerAddress: 192.168.10.201}
        """;
    NodePlan plan = plan(LAB.replace("peers:\n", more));
    assertThat(instance(plan).peers())
        .extracting(DesiredPeer::name)
        .containsExactly("first", "tor-switch");
    assertThat(plan.problems()).hasSize(2);
  }

  @Test
  void aMissingSelectorAndAWrongAggregationAreSaidOnceForAllPeers() {
    String second =
        "    - {name: other, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: cilium-peer}}";
    NodePlan plan =
        plan(
            LAB.replace("peers:\n", "peers:\n" + second + "\n"),
            advertisement("vips", "{advertise: bgp}", "LoadBalancerIP", "null", "")
                .replace("[LoadBalancerIP]", "[LoadBalancerIP], aggregationLengthIPv4: 32"),
            service("webpod", ""));
    assertThat(plan.problems())
        .extracting(Problem::field)
        .containsExactly(
            "spec.advertisements[0].selector",
            "spec.advertisements[0].service.aggregationLengthIPv4");
  }

  @ParameterizedTest
  @CsvSource({
    "communities: {standard: ['65536:1']}, communities.standard",
    "communities: {standard: ['x']}, communities.standard",
    "communities: {standard: ['1:2:3']}, communities.standard",
    "'communities: {large: [''1:2'']}', communities.large",
    "localPreference: 4294967296, localPreference",
  })
  void anAdvertisementWithAWrongAttributeAnnouncesNothing(String attributes, String field) {
    NodePlan plan =
        plan(
            LAB.replace(
                "advertisementType: PodCIDR",
                "advertisementType: PodCIDR\n    attributes: {" + attributes + "}"));
    assertThat(statements(plan)).isEmpty();
    assertThat(plan.problems())
        .extracting(Problem::field)
        .containsExactly("spec.advertisements[0].attributes." + field);
  }

  @Test
  void anAdvertisementThatNoPeerSelectsIsSaidToBeUseless() {
    NodePlan plan =
        plan(LAB, advertisement("unused", "{advertise: no}", "LoadBalancerIP", "null", ""));
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "CiliumBGPAdvertisement unused metadata.labels: no family of any CiliumBGPPeerConfig"
                + " selects them; this advertisement announces nothing; give it a label that"
                + " families[].advertisements of a peer config selects");
  }

  @Test
  void aNodeWithoutPodCidrIsAProblemOnlyWhenPodCidrsAreAdvertised() {
    String without =
        LAB.replace("podCIDR: 172.20.0.0/24, podCIDRs: [172.20.0.0/24, \"fd00:20::/64\"]", "");
    assertThat(plan(without).problems())
        .extracting(Problem::object)
        .containsExactly(Problem.ObjectRef.ofCluster("Node", "k8s-ctr"));
    assertThat(plan(without.replace(POD_CIDR, "")).problems()).isEmpty();
    assertThat(without).contains(PEER_CONFIG);
  }

  private static DesiredInstance instance(NodePlan plan) {
    return plan.desired().instances().getFirst();
  }

  /** People list all nodes as each other's peers: each leaves itself out. */
  @ParameterizedTest
  @CsvSource({
    "192.168.10.100, true",
    "192.168.10.101, false",
    "10.9.9.9, true", // of a device
    "127.0.0.1, false", // a router beside the agent
  })
  void aNodesOwnAddressIsNoPeerOfIt(String address, boolean own) {
    var host =
        new HostNetwork(
            List.of(
                new Link(
                    1,
                    "lo",
                    "",
                    true,
                    OperState.UP,
                    Optional.empty(),
                    List.of(InetAddress.ofLiteral("127.0.0.1"))),
                new Link(
                    2,
                    "eth1",
                    "",
                    true,
                    OperState.UP,
                    Optional.empty(),
                    List.of(InetAddress.ofLiteral("10.9.9.9")))),
            List.of());
    NodePlan plan =
        NodePlanner.plan(
            Manifests.of(
                    NODE,
                    NODE_CONFIG
                        .replace("192.168.10.200", address)
                        .replace(
                            "peerConfigRef: {name: cilium-peer}}",
                            "peerConfigRef: {name: cilium-peer}}\n    - {name: other, peerASN:"
                                + " 65000, peerAddress: 192.168.10.200, peerConfigRef: {name:"
                                + " cilium-peer}}"),
                    PEER_CONFIG,
                    POD_CIDR)
                .snapshot(
                    new NodeContext(
                        NodeSettings.DEFAULT, host, Passwords.NONE, List.of(), Optional.empty())));
    assertThat(plan.desired().instances().getFirst().peers())
        .extracting(DesiredPeer::name)
        .containsExactlyElementsOf(own ? List.of("other") : List.of("tor-switch", "other"));
    assertThat(plan.problems())
        .extracting(Problem::severity)
        .containsExactlyElementsOf(own ? List.of(Problem.Severity.NOTE) : List.of());
    if (own) {
      assertThat(plan.problems().getFirst())
          .hasToString(
              "CiliumBGPClusterConfig cilium-bgp"
                  + " spec.bgpInstances[instance-65001].peers[tor-switch].peerAddress: "
                  + address
                  + " is an address of node k8s-ctr itself; the peer is left out there; nothing has"
                  + " to be done where all nodes are listed as peers of each other");
    }
  }

  @Test
  void aPeerKnowsTheNodesAddressesForNextHops() {
    NodePlan plan =
        plan(
            NODE.replace(
                "address: 192.168.10.100}",
                "address: 192.168.10.100}, {type: ExternalIP, address: 192.0.2.1},"
                    + " {type: InternalIP, address: 'fd00::100'}, {type: InternalIP, address: x}"),
            NODE_CONFIG,
            PEER_CONFIG);
    assertThat(peer(plan).ownAddresses())
        .containsExactly(
            InetAddress.ofLiteral("192.168.10.100"), InetAddress.ofLiteral("fd00::100"));
  }
}

package dev.peerage.peering;

import static dev.peerage.fixture.SeedLab.LAB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.DefaultRoute;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerAddressesTest {
  private static final String PEER =
      "CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].peers[tor-switch].";
  private static final String CONFIG = "CiliumBGPPeerConfig cilium-peer spec.transport.";
  private static final HostNetwork HOST =
      new HostNetwork(
          List.of(
              link(2, "eth0", OperState.UP, "10.0.0.1", "fd00::1"),
              link(3, "eth1", OperState.UP, "10.0.1.1", "10.0.1.2"),
              link(4, "down0", OperState.DOWN)),
          List.of(route("10.0.0.254", "eth0", 100), route("fe80::1", "eth0", 1024)));
  private static final HostNetwork DOWN =
      new HostNetwork(HOST.links(), List.of(route("10.0.2.254", "down0", 0)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ipv4 | HOST | 10.0.0.254 | ",
        "ipv4 | DOWN | | autoDiscovery: device down0 of the node's IPv4 default route is not up; the peer is not configured there until that changes; correct the node's routes, or set peerAddress",
        "ipv6 | DOWN | | autoDiscovery: the node has no IPv6 default route with a gateway; the peer is not configured there until that changes; correct the node's routes, or set peerAddress",
        "ipv6 | HOST | | autoDiscovery: the node's IPv6 default gateway fe80::1 is link-local, which is not supported; the peer is not configured there until that changes; give the node a route through a global address, or set peerAddress",
      })
  void thePeerIsTheDefaultGateway(String family, String host, String address, String problem) {
    String discovery =
        "autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: " + family + "}},";
    NodePlan plan =
        plan(
            LAB.replace("peerAddress: 192.168.10.200,", discovery),
            host.equals("HOST") ? HOST : DOWN);
    assertThat(peers(plan))
        .extracting(peer -> peer.address().getHostAddress())
        .isEqualTo(address == null ? List.of() : List.of(address));
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .isEqualTo(problem == null ? List.of() : List.of(PEER + problem));
    assertThat(plan.problems()).allMatch(it -> it.scope() == Problem.Scope.NODE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'autoDiscovery: {mode: DefaultGateway},' | | autoDiscovery.defaultGateway: it does not say which default route to follow; the peer is not configured; set defaultGateway.addressFamily to ipv4 or ipv6",
        "'autoDiscovery: {mode: Unnumbered},' | | autoDiscovery.mode: it is none that this version knows; the peer is not configured; use DefaultGateway, or set peerAddress",
        "'peerAddress: 192.0.2.1, autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}},' | 192.0.2.1 | autoDiscovery: peerAddress is set as well, so nothing is discovered; keep one of the two",
        "'peerAddress: 192.0.2.1, autoDiscovery: {mode: DefaultGateway},' | 192.0.2.1 | autoDiscovery: peerAddress is set as well, so nothing is discovered; keep one of the two",
      })
  void whatTheApiAcceptsHasAMeaning(String written, String address, String problem) {
    NodePlan plan = plan(LAB.replace("peerAddress: 192.168.10.200,", written), HOST);
    assertThat(peers(plan))
        .extracting(peer -> peer.address().getHostAddress())
        .isEqualTo(address == null ? List.of() : List.of(address));
    assertThat(plan.problems()).extracting(Problem::toString).containsExactly(PEER + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth0  |          | 10.0.0.1 | ",
        "eth0  | 10.9.9.9 | 10.9.9.9 | ",
        "none0 | 10.9.9.9 | 10.9.9.9 | ",
        "none0 | | | sourceInterface: for peer tor-switch: the node has no device none0; the route to the peer decides the source address; give the device exactly one, or set localAddress in a CiliumBGPNodeConfigOverride",
        "down0 | | | sourceInterface: for peer tor-switch: device down0 has no IPv4 address for it; the route to the peer decides the source address; give the device exactly one, or set localAddress in a CiliumBGPNodeConfigOverride",
        "eth1  | | | sourceInterface: for peer tor-switch: device eth1 has several IPv4 addresses (10.0.1.1, 10.0.1.2); the route to the peer decides the source address; give the device exactly one, or set localAddress in a CiliumBGPNodeConfigOverride",
      })
  void theSessionStartsFromTheInterfacesOneAddress(
      String device, String localAddress, String source, String problem) {
    String local = localAddress == null ? "" : "localAddress: " + localAddress + ", ";
    NodePlan plan =
        plan(
            LAB.replace("peerAddress:", local + "peerAddress:")
                .replace("ebgpMultihop: 2", "transport: {sourceInterface: " + device + "}"),
            HOST);
    assertThat(peers(plan))
        .extracting(peer -> peer.endpoint().source())
        .containsExactly(
            source == null ? new Source.Any() : new Source.Address(InetAddress.ofLiteral(source)));
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .isEqualTo(problem == null ? List.of() : List.of(CONFIG + problem));
    assertThat(plan.problems()).allMatch(it -> it.scope() == Problem.Scope.NODE);
  }

  private static List<DesiredPeer> peers(NodePlan plan) {
    return plan.desired().instances().getFirst().peers();
  }

  /** A node with a default gateway. */
  static NodeContext withGateway() {
    return new NodeContext(
        NodeContext.NONE.settings(),
        HOST,
        NodeContext.NONE.passwords(),
        List.of(),
        Optional.empty());
  }

  private static NodePlan plan(String objects, HostNetwork host) {
    return NodePlanner.plan(
        Manifests.of(objects)
            .snapshot(
                new NodeContext(
                    NodeSettings.DEFAULT, host, Passwords.NONE, List.of(), Optional.empty())));
  }

  private static Link link(int index, String name, OperState state, String... addresses) {
    return new Link(
        index,
        name,
        "",
        true,
        state,
        Optional.empty(),
        Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
  }

  private static DefaultRoute route(String gateway, String link, long metric) {
    return new DefaultRoute(InetAddress.ofLiteral(gateway), link, metric);
  }
}

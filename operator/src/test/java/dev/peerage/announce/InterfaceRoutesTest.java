package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Subject.Interface;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.Passwords;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of the node's interfaces as routes. */
class InterfaceRoutesTest {
  private static final String LO1 =
      advertisement(
          "lo1",
          "advertisementType: Interface, interface: {name: lo1}, attributes: {communities: {standard: ['65001:100']}}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # admin | state          | addresses                | decisions
          true    | UP             | 10.0.0.1                 | 10.0.0.1/32 announced
          true    | UNKNOWN        | 10.0.0.1                 | 10.0.0.1/32 announced
          true    | UP             | 10.0.0.1 10.0.0.1        | 10.0.0.1/32 announced
          true    | UP             | 10.0.0.1 10.0.0.2 fd00::1 | 10.0.0.1/32 announced, 10.0.0.2/32 announced, fd00::1/128 announced
          true    | UP             | 169.254.1.1              | 169.254.1.1/32 announced
          true    | UP             | fe80::1                  | fe80::1/128 UnreachableAddress IPV6_LINK_LOCAL
          true    | UP             | 127.0.0.1 10.0.0.1       | 10.0.0.1/32 announced, 127.0.0.1/32 UnreachableAddress LOOPBACK
          true    | UP             | ::1                      | ::1/128 UnreachableAddress LOOPBACK
          true    | UP             | 224.0.0.5                | 224.0.0.5/32 UnreachableAddress MULTICAST
          true    | UP             | ff02::5                  | ff02::5/128 UnreachableAddress MULTICAST
          true    | UP             | 0.0.0.0                  | 0.0.0.0/32 UnreachableAddress UNSPECIFIED
          true    | UP             | ::                       | ::/128 UnreachableAddress UNSPECIFIED
          true    | UP             | ''                       | - NoAddress
          false   | UP             | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown by admin
          false   | DOWN           | ''                       | - InterfaceDown by admin
          true    | DOWN           | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown DOWN
          true    | LOWERLAYERDOWN | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown LOWERLAYERDOWN
          true    | NOTPRESENT     | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown NOTPRESENT
          true    | TESTING        | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown TESTING
          true    | DORMANT        | 10.0.0.1                 | 10.0.0.1/32 InterfaceDown DORMANT
          false   | DOWN           | fe80::1                  | fe80::1/128 UnreachableAddress IPV6_LINK_LOCAL
          """)
  void everyAddressHasItsReason(
      boolean adminUp, OperState state, String addresses, String decisions) {
    NodePlan plan = plan(host(link("lo1", adminUp, state, addresses)), LO1);
    assertThat(decided(plan, "all", "lo1")).containsExactly(decisions.split(", "));
  }

  @Test
  void anIpv4MappedAddressIsNoRoute() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[12] = 10;
    Link link =
        new Link(
            7,
            "lo1",
            "",
            true,
            OperState.UP,
            Optional.empty(),
            List.of(Inet6Address.getByAddress(null, mapped, 0)));
    assertThat(decided(plan(host(link), LO1), "all", "lo1"))
        .singleElement()
        .asString()
        .endsWith("UnreachableAddress IPV4_MAPPED");
  }

  @Test
  void theLoopbackInterfaceMayHoldOtherAddresses() {
    NodePlan plan =
        plan(
            host(link("lo", true, OperState.UNKNOWN, "127.0.0.1 10.0.0.1 ::1 fd00::1")),
            advertisement("lo", "advertisementType: Interface, interface: {name: lo}"));
    assertThat(PlanText.routes(plan, "all")).containsExactly("10.0.0.1/32", "fd00::1/128");
    assertThat(PlanText.routes(plan, "v4")).containsExactly("10.0.0.1/32");
    assertThat(PlanText.policy(plan, "all"))
        .containsExactly("Interface-lo-ipv4 10.0.0.1/32", "Interface-lo-ipv6 fd00::1/128");
  }

  @Test
  void everyPeerHasItsReason() {
    String advertisements =
        LO1 + advertisement("lo2", "advertisementType: Interface, interface: {name: lo2}");
    String notForV4 =
        PEERS.replace(
            "{families: [{afi: ipv4, safi: unicast, advertisements: {}}]}",
            "{families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {no: such}}}]}");
    NodePlan plan =
        NodePlanner.plan(
            Manifests.of(NODE, notForV4, advertisements)
                .snapshot(context(host(link("lo1", true, OperState.UP, "10.0.0.1 fd00::1")))));
    assertThat(decided(plan, "all", "lo2")).containsExactly("- NoInterface");
    assertThat(decided(plan, "v4", "lo2")).containsExactly("- NoAdvertisement");
    assertThat(decided(plan, "bare", "lo2")).containsExactly("- NoPeerConfig");
    assertThat(decided(plan, "v4", "lo1"))
        .containsExactly("10.0.0.1/32 NoAdvertisement", "fd00::1/128 FamilyNotConfigured");
  }

  /** A device appears, goes down, comes up again and is deleted. */
  @Test
  void routesFollowTheDevice() {
    String addresses = "10.0.0.1 10.0.0.2 127.0.0.1 224.0.0.1 fd00::1 fd00::2 fe80::1";
    List<String> routes =
        List.of(
            "10.0.0.1/32 [65001:100]",
            "10.0.0.2/32 [65001:100]",
            "fd00::1/128 [65001:100]",
            "fd00::2/128 [65001:100]");
    Link up = link("lo1", true, OperState.UNKNOWN, addresses);
    assertThat(PlanText.routes(plan(HostNetwork.NONE, LO1), "all")).isEmpty();
    assertThat(PlanText.routes(plan(host(up), LO1), "all")).isEqualTo(routes);
    assertThat(PlanText.routes(plan(host(up), LO1), "v4")).isEqualTo(routes.subList(0, 2));
    assertThat(
            PlanText.routes(plan(host(link("lo1", false, OperState.DOWN, addresses)), LO1), "all"))
        .isEmpty();
    assertThat(PlanText.routes(plan(host(link("lo2", true, OperState.UP, addresses)), LO1), "all"))
        .isEmpty();
  }

  @Test
  void overlappingAdvertisementsAreMerged() {
    NodePlan plan =
        plan(
            host(link("lo1", true, OperState.UP, "10.0.0.1")),
            LO1
                + advertisement(
                    "more",
                    "advertisementType: Interface, interface: {name: lo1}, attributes: {localPreference: 150, communities: {standard: ['65001:100', '65001:99'], large: ['1:2:3']}}"));
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("10.0.0.1/32 lp=150 [65001:100, 65001:99] [1:2:3]");
  }

  private static NodePlan plan(HostNetwork host, String advertisements) {
    return NodePlanner.plan(Manifests.of(NODE, PEERS, advertisements).snapshot(context(host)));
  }

  private static NodeContext context(HostNetwork host) {
    return new NodeContext(NodeSettings.DEFAULT, host, Passwords.NONE, List.of(), Optional.empty());
  }

  private static HostNetwork host(Link... links) {
    return new HostNetwork(List.of(links), List.of());
  }

  private static Link link(String name, boolean adminUp, OperState state, String addresses) {
    return new Link(
        7,
        name,
        "",
        adminUp,
        state,
        Optional.empty(),
        Arrays.stream(addresses.split(" "))
            .filter(address -> !address.isEmpty())
            .map(InetAddress::ofLiteral)
            .toList());
  }

  private static List<String> decided(NodePlan plan, String peer, String name) {
    return PlanText.decisions(plan, peer, new Interface(name)::equals).stream()
        .map(each -> each.replaceFirst("announced .*", "announced"))
        .toList();
  }
}

package dev.peerage.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.RouteView.Selection;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.http.PoliciesAnswer;
import dev.peerage.http.RoutesAnswer;
import dev.peerage.http.RoutesAnswer.Route;
import dev.peerage.http.StateAnswer;
import dev.peerage.http.StateAnswer.Family;
import dev.peerage.http.StateAnswer.Instance;
import dev.peerage.http.StateAnswer.Peer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

  private static StateAnswer state(@Nullable Long uptime, String state, int received, int sent) {
    return new StateAnswer(
        List.of(
            new Instance(
                "instance-65001",
                65001,
                "192.168.10.100",
                List.of(
                    new Peer(
                        "tor-switch",
                        "192.168.10.200",
                        179,
                        65000,
                        state,
                        uptime,
                        List.of(new Family("ipv4", "unicast", received, received, sent)),
                        "",
                        null)),
                "")));
  }

  @Test
  void peersLookAsInTheLab() {
    assertThat(
            PeersTable.of(
                Map.of(
                    "k8s-w1", state(659L, "established", 4, 2),
                    "k8s-w0", state(659L, "established", 4, 2),
                    "k8s-ctr", state(659L, "established", 4, 2))))
        .isEqualTo(
            """
            Node      Local AS   Peer AS   Peer Address     Session State   Uptime   Family         Received   Advertised
            k8s-ctr   65001      65000     192.168.10.200   established     10m59s   ipv4/unicast   4          2
            k8s-w0    65001      65000     192.168.10.200   established     10m59s   ipv4/unicast   4          2
            k8s-w1    65001      65000     192.168.10.200   established     10m59s   ipv4/unicast   4          2
            """);
  }

  @Test
  void severalPeersAndFamiliesLeaveRepeatedCellsBlank() {
    Peer up =
        new Peer(
            "a",
            "10.0.0.2",
            179,
            65000,
            "established",
            46L,
            List.of(new Family("ipv4", "unicast", 4, 0, 2), new Family("ipv6", "unicast", 0, 0, 1)),
            "",
            null);
    Peer down =
        new Peer(
            "b",
            "10.0.0.1",
            179,
            0,
            "active",
            null,
            List.of(new Family("ipv4", "unicast", 0, 0, 0)),
            "connection refused",
            null);
    assertThat(
            PeersTable.of(
                Map.of(
                    "n1",
                    new StateAnswer(
                        List.of(new Instance("i", 65001, "10.0.0.9", List.of(up, down), ""))))))
        .isEqualTo(
            """
            Node   Local AS   Peer AS   Peer Address   Session State   Uptime   Family         Received   Advertised   Reason
            n1     65001      0         10.0.0.1       active          -        ipv4/unicast   0          0            connection refused
                   65001      65000     10.0.0.2       established     46s      ipv4/unicast   4          2
                                                                                ipv6/unicast   0          1
            """);
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static RouteView view(String prefix, String nextHop, String peer, long age, String path) {
    return new RouteView(
        Prefix.parse(prefix),
        ip(nextHop),
        peer,
        NOW.minusSeconds(age),
        Origin.IGP,
        path,
        -1,
        -1,
        List.of(),
        List.of(),
        Selection.BEST);
  }

  private static Route local(String prefix, long age) {
    String nextHop = prefix.contains(":") ? "::" : "0.0.0.0";
    return Route.of("instance-65001", 65001, null, view(prefix, nextHop, "", age, ""), NOW);
  }

  @Test
  void availableRoutesLookAsInTheLab() {
    assertThat(
            RoutesTable.available(
                Map.of(
                    "k8s-ctr",
                    new RoutesAnswer(
                        List.of(local("172.16.1.1/32", 306), local("172.20.0.0/24", 48211))),
                    "k8s-w0",
                    new RoutesAnswer(
                        List.of(local("172.16.1.1/32", 306), local("172.20.2.0/24", 48223))),
                    "k8s-w1",
                    new RoutesAnswer(
                        List.of(local("172.16.1.1/32", 306), local("172.20.1.0/24", 48224))))))
        .isEqualTo(
            """
            Node      VRouter   Prefix          NextHop   Age         Attrs
            k8s-ctr   65001     172.16.1.1/32   0.0.0.0   5m6s        [{Origin: i} {Nexthop: 0.0.0.0}]
                      65001     172.20.0.0/24   0.0.0.0   13h23m31s   [{Origin: i} {Nexthop: 0.0.0.0}]
            k8s-w0    65001     172.16.1.1/32   0.0.0.0   5m6s        [{Origin: i} {Nexthop: 0.0.0.0}]
                      65001     172.20.2.0/24   0.0.0.0   13h23m43s   [{Origin: i} {Nexthop: 0.0.0.0}]
            k8s-w1    65001     172.16.1.1/32   0.0.0.0   5m6s        [{Origin: i} {Nexthop: 0.0.0.0}]
                      65001     172.20.1.0/24   0.0.0.0   13h23m44s   [{Origin: i} {Nexthop: 0.0.0.0}]
            """);
  }

  @Test
  void advertisedRoutesShowThePeerAndWhatItWasSent() {
    Route route =
        Route.of(
            "instance-65001",
            65001,
            "192.168.10.200",
            view("172.20.0.0/24", "192.168.10.100", "tor-switch", 10, "65001"),
            NOW);
    assertThat(RoutesTable.advertised(Map.of("k8s-ctr", new RoutesAnswer(List.of(route)))))
        .isEqualTo(
            """
            Node      VRouter   Peer             Prefix          NextHop          Age   Attrs
            k8s-ctr   65001     192.168.10.200   172.20.0.0/24   192.168.10.100   10s   [{Origin: i} {AsPath: 65001} {Nexthop: 192.168.10.100}]
            """);
  }

  @Test
  void receivedRoutesShowWhyTheyAreNotUsed() {
    RouteView best = view("10.9.0.0/24", "192.168.10.200", "tor-switch", 10, "65000");
    RouteView looped =
        new RouteView(
            best.prefix(),
            best.nextHop(),
            best.peer(),
            best.since(),
            best.origin(),
            "65000 65001",
            -1,
            -1,
            List.of(),
            List.of(),
            Selection.REJECTED,
            "the AS path holds the local AS");
    List<Route> routes =
        Stream.of(best, looped)
            .map(view -> Route.of("instance-65001", 65001, "192.168.10.200", view, NOW))
            .toList();
    assertThat(RoutesTable.received(Map.of("k8s-ctr", new RoutesAnswer(routes))))
        .isEqualTo(
            """
            Node      VRouter   Peer             Selection                                  Prefix        NextHop          Age   Attrs
            k8s-ctr   65001     192.168.10.200   best                                       10.9.0.0/24   192.168.10.200   10s   [{Origin: i} {AsPath: 65000} {Nexthop: 192.168.10.200}]
                      65001     192.168.10.200   rejected: the AS path holds the local AS   10.9.0.0/24   192.168.10.200   10s   [{Origin: i} {AsPath: 65000 65001} {Nexthop: 192.168.10.200}]
            """);
  }

  @Test
  void attributesShowMedLocalPreferenceAndCommunities() {
    RouteView view =
        new RouteView(
            Prefix.parse("10.1.0.0/24"),
            ip("10.0.0.1"),
            "p",
            NOW,
            Origin.INCOMPLETE,
            "",
            0,
            200,
            List.of(
                new Community(65000L << 16 | 1),
                new Community(65000L << 16 | 2),
                Community.NO_EXPORT,
                new Community(0xffff_ff04L)),
            List.of(new LargeCommunity(65000, 1, 2)),
            Selection.BEST);
    assertThat(Route.of("i", 65001, "10.0.0.2", view, NOW).attributes())
        .isEqualTo(
            "[{Origin: ?} {AsPath: } {Nexthop: 10.0.0.1} {Med: 0} {LocalPref: 200}"
                + " {Communities: 65000:1, 65000:2, no-export, no-peer}"
                + " {LargeCommunity: [ 65000:1:2]}]");
  }

  @Test
  void ipv6AddressesAreShortened() {
    assertThat(
            RoutesTable.available(Map.of("n", new RoutesAnswer(List.of(local("fd00:20::/64", 1))))))
        .isEqualTo(
            """
            Node   VRouter   Prefix         NextHop   Age   Attrs
            n      65001     fd00:20::/64   ::        1s    [{Origin: i} {Nexthop: ::}]
            """);
  }

  @Test
  void policiesHaveARowPerStatement() {
    DesiredPeer peer =
        new DesiredPeer(
            "tor-switch",
            65000,
            Endpoint.of(ip("192.168.10.200")),
            SessionTerms.DEFAULT,
            DesiredPeer.ImportPolicy.REJECT,
            new ExportPolicy.Statements(
                "peer-tor-switch-export",
                List.of(
                    new ExportStatement(
                        "PodCIDR-ipv4",
                        PrefixSet.of(Prefix.parse("172.20.2.0/24")),
                        ExportStatement.Attributes.DEFAULT),
                    new ExportStatement(
                        "Service-webpod-default-LoadBalancerIP-ipv4",
                        PrefixSet.of(Prefix.parse("172.16.1.1/32")),
                        new ExportStatement.Attributes(
                            200,
                            List.of(new Community(65000L << 16 | 1), Community.NO_EXPORT),
                            List.of(new LargeCommunity(65000, 1, 2)))),
                    new ExportStatement(
                        "Service-other-default-ExternalIP-ipv4",
                        PrefixSet.of(Prefix.parse("172.16.1.2/32")),
                        new ExportStatement.Attributes(
                            ExportStatement.Attributes.DEFAULT.localPreference(),
                            List.of(new Community(65001L << 16 | 101)),
                            List.of())))));
    DesiredSpeaker desired =
        new DesiredSpeaker(
            List.of(
                new DesiredInstance(
                    "instance-65001",
                    65001,
                    (Inet4Address) ip("192.168.20.100"),
                    new Listen.Off(),
                    List.of(peer),
                    PrefixSet.EMPTY)));
    assertThat(PoliciesTable.of(Map.of("k8s-w0", PoliciesAnswer.of(desired))))
        .isEqualTo(
            """
            Node     VRouter   Policy Name              Type     Match Peers      Match Families   Match Prefixes (Min..Max Len)   RIB Action   Path Actions
            k8s-w0   65001     allow-local              import                                                                     accept
                     65001     peer-tor-switch-export   export   192.168.10.200                    172.20.2.0/24 (24..24)          accept
                                                                 192.168.10.200                    172.16.1.1/32 (32..32)          accept       {SetLocalPreference: 200} {AddCommunities: [65000:1 65535:65281]} {AddLargeCommunities: [65000:1:2]}
                                                                 192.168.10.200                    172.16.1.2/32 (32..32)          accept       AddCommunities: [65001:101]
            """);
  }

  private static RouteView learned(String prefix, String nextHop, Selection selection) {
    return new RouteView(
        Prefix.parse(prefix),
        ip(nextHop),
        nextHop,
        NOW,
        Origin.IGP,
        "65001",
        -1,
        -1,
        List.of(),
        List.of(),
        selection);
  }

  @Test
  void theRoutersTableLooksAsFrrPrintsIt() {
    assertThat(
            RouterTable.of(
                10,
                (Inet4Address) ip("192.168.10.200"),
                65000,
                List.of(
                    view("10.10.1.0/24", "0.0.0.0", "", 0, ""),
                    learned("172.16.1.1/32", "192.168.10.100", Selection.BEST),
                    learned("172.16.1.1/32", "192.168.10.101", Selection.MULTIPATH),
                    learned("172.16.1.1/32", "192.168.20.100", Selection.VALID),
                    learned("172.20.0.0/24", "192.168.10.100", Selection.BEST))))
        .isEqualTo(
            """
            BGP table version is 10, local router ID is 192.168.10.200, vrf id 0
            Default local pref 100, local AS 65000
            Status codes:  s suppressed, d damped, h history, * valid, > best, = multipath,
                           i internal, r RIB-failure, S Stale, R Removed
            Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self
            Origin codes:  i - IGP, e - EGP, ? - incomplete
            RPKI validation codes: V valid, I invalid, N Not found

               Network          Next Hop            Metric LocPrf Weight Path
            *> 10.10.1.0/24     0.0.0.0                  0         32768 i
            *> 172.16.1.1/32    192.168.10.100                         0 65001 i
            *=                  192.168.10.101                         0 65001 i
            *                   192.168.20.100                         0 65001 i
            *> 172.20.0.0/24    192.168.10.100                         0 65001 i

            Displayed  3 routes and 5 total paths
            """);
  }

  @Test
  void anIpv6RouterTableBreaksLongCellsAsFrrDoes() {
    String table =
        RouterTable.of(
            1,
            (Inet4Address) ip("192.168.10.200"),
            65000,
            List.of(learned("fd00:172:20:0:1::/80", "fd00:192:168:10::100", Selection.BEST)));
    assertThat(table.lines().skip(9).limit(3))
        .containsExactly(
            "*> fd00:172:20:0:1::/80",
            "                    fd00:192:168:10::100",
            "                                                           0 65001 i");
  }
}

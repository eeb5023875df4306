package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which received routes the decision process may consider, clause by clause. AS 65000 is here. */
class FeasibilityTest {
  private static final long EXTERNAL = 65001;
  private static final long INTERNAL = 65000;
  private static final AsPath ONE = AsPath.of(EXTERNAL);

  private static RibPeer peer(long asn, String address, String local, boolean routeServer) {
    return new RibPeer(
        "peer",
        InetAddress.ofLiteral(address),
        asn,
        Inet4Address.ofLiteral("10.0.0.1"),
        InetAddress.ofLiteral(local),
        Set.of(AddressFamily.values()),
        Ribs.CODEC,
        false,
        false,
        true,
        routeServer,
        new ExportPolicy.All());
  }

  private static boolean feasible(RibPeer peer, PathAttributes attributes) {
    return Feasibility.feasible(peer, attributes, Ribs.SETTINGS);
  }

  static Stream<Arguments> clauses() {
    PathAttribute own = new PathAttribute.OriginatorId(Ribs.SETTINGS.routerId());
    PathAttribute other = new PathAttribute.OriginatorId(Inet4Address.ofLiteral("1.2.3.4"));
    return Stream.of(
        row("RFC 4271 9.1.2: own AS at the end", EXTERNAL, false, AsPath.of(EXTERNAL, 65000)),
        row("RFC 4271 9.1.2: own AS in a set", EXTERNAL, false, withSet(65000)),
        row("RFC 4271 9.1.2: own AS from an internal peer", INTERNAL, false, AsPath.of(9, 65000)),
        row("RFC 4271 9.1.2: other ASes only", EXTERNAL, true, AsPath.of(EXTERNAL, 9)),
        row("RFC 7607 2: AS 0", EXTERNAL, false, AsPath.of(EXTERNAL, 0)),
        row("RFC 7607 2: AS 0 in a set", INTERNAL, false, withSet(0)),
        row("RFC 4271 6.3: another AS in front", EXTERNAL, false, AsPath.of(9, EXTERNAL)),
        row("RFC 4271 6.3: no AS in front", EXTERNAL, false, AsPath.EMPTY),
        row(
            "RFC 4271 6.3: a set in front",
            EXTERNAL,
            false,
            new AsPath(List.of(new AsPath.Segment(AsPath.Kind.SET, List.of(EXTERNAL))))),
        row("RFC 4271 5.1.2: an internal route begins anyhow", INTERNAL, true, AsPath.of(9)),
        row("RFC 4271 5.1.2: an internal route of this AS", INTERNAL, true, AsPath.EMPTY),
        row("RFC 4456 8: own ORIGINATOR_ID", INTERNAL, false, ONE, own),
        row("RFC 4456 8: another ORIGINATOR_ID", INTERNAL, true, ONE, other),
        row("RFC 4456 8: external ORIGINATOR_ID", EXTERNAL, true, ONE, own),
        row(
            "RFC 4456 8: own CLUSTER_ID",
            INTERNAL,
            false,
            ONE,
            Decisions.clusters("1.2.3.4", "192.168.0.1")),
        row("RFC 4456 8: other CLUSTER_IDs", INTERNAL, true, ONE, Decisions.clusters("1.2.3.4")),
        row(
            "RFC 4456 8: external CLUSTER_LIST",
            EXTERNAL,
            true,
            ONE,
            Decisions.clusters("192.168.0.1")));
  }

  private static AsPath withSet(long asn) {
    return new AsPath(
        List.of(
            new AsPath.Segment(AsPath.Kind.SEQUENCE, List.of(EXTERNAL)),
            new AsPath.Segment(AsPath.Kind.SET, List.of(9L, asn))));
  }

  private static Arguments row(
      String clause, long asn, boolean feasible, AsPath path, PathAttribute... more) {
    return Arguments.of(clause, asn, feasible, Ribs.attributes(path, more));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void clauses(String clause, long asn, boolean feasible, PathAttributes attributes) {
    assertThat(feasible(peer(asn, "10.0.0.1", "10.0.0.2", false), attributes))
        .as(clause)
        .isEqualTo(feasible);
  }

  @ParameterizedTest(name = "RFC 4271 6.3: next hop {0} from {1} to {2}: {3}")
  @CsvSource({
    "10.0.0.9, 10.0.0.1, 10.0.0.2, true",
    "10.0.0.1, 10.0.0.1, 10.0.0.2, true",
    "10.0.0.2, 10.0.0.1, 10.0.0.2, false",
    "10.0.0.2, 10.0.0.2, 10.0.0.2, true",
    "0.0.0.0, 10.0.0.1, 10.0.0.2, false",
    "0.1.2.3, 10.0.0.1, 10.0.0.2, false",
    "127.0.0.1, 10.0.0.1, 10.0.0.2, false",
    "127.0.0.1, 127.0.0.1, 127.0.0.2, true",
    "127.0.0.2, 127.0.0.1, 127.0.0.2, false",
    "224.0.0.1, 10.0.0.1, 10.0.0.2, false",
    "240.0.0.1, 10.0.0.1, 10.0.0.2, false",
    "255.255.255.255, 10.0.0.1, 10.0.0.2, false",
    "fd00::9, fd00::1, fd00::2, true",
    "fe80::9, fd00::1, fd00::2, true",
    "fd00::2, fd00::1, fd00::2, false",
    "'::', fd00::1, fd00::2, false",
    "::1, fd00::1, fd00::2, false",
    "::1, ::1, ::1, true",
    "ff02::1, fd00::1, fd00::2, false",
  })
  void nextHops(String nextHop, String address, String local, boolean feasible) {
    PathAttributes attributes =
        Ribs.attributes(ONE, new PathAttribute.NextHop(InetAddress.ofLiteral(nextHop)));
    assertThat(feasible(peer(EXTERNAL, address, local, false), attributes)).isEqualTo(feasible);
  }

  @Test
  void aRouteNeedsANextHop() {
    assertThat(
            feasible(
                peer(EXTERNAL, "10.0.0.1", "10.0.0.2", false), PathAttributes.of(Origin.IGP, ONE)))
        .isFalse();
  }

  @Test
  void aRouteServerIsNotInThePath() { // RFC 7947 section 2.2.2.1
    RibPeer server = peer(65009, "10.0.0.1", "10.0.0.2", true);
    assertThat(feasible(server, Ribs.attributes(AsPath.of(EXTERNAL, 9)))).isTrue();
    assertThat(feasible(server, Ribs.attributes(AsPath.of(EXTERNAL, 65000)))).isFalse();
  }
}

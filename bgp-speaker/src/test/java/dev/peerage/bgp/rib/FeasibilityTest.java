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

  private static Verdict verdict(RibPeer peer, PathAttributes attributes) {
    return Feasibility.of(peer, attributes, Ribs.SETTINGS);
  }

  static Stream<Arguments> clauses() {
    PathAttribute own = new PathAttribute.OriginatorId(Ribs.SETTINGS.routerId());
    PathAttribute other = new PathAttribute.OriginatorId(Inet4Address.ofLiteral("1.2.3.4"));
    return Stream.of(
        row(
            "RFC 4271 9.1.2: own AS at the end",
            EXTERNAL,
            Verdict.LOOP,
            AsPath.of(EXTERNAL, 65000)),
        row("RFC 4271 9.1.2: own AS in a set", EXTERNAL, Verdict.LOOP, withSet(65000)),
        row(
            "RFC 4271 9.1.2: own AS from an internal peer",
            INTERNAL,
            Verdict.LOOP,
            AsPath.of(9, 65000)),
        row("RFC 4271 9.1.2: other ASes only", EXTERNAL, Verdict.USABLE, AsPath.of(EXTERNAL, 9)),
        row("RFC 7607 2: AS 0", EXTERNAL, Verdict.AS_0, AsPath.of(EXTERNAL, 0)),
        row("RFC 7607 2: AS 0 in a set", INTERNAL, Verdict.AS_0, withSet(0)),
        row(
            "RFC 4271 6.3: another AS in front",
            EXTERNAL,
            Verdict.FIRST_AS,
            AsPath.of(9, EXTERNAL)),
        row("RFC 4271 6.3: no AS in front", EXTERNAL, Verdict.FIRST_AS, AsPath.EMPTY),
        row(
            "RFC 4271 6.3: a set in front",
            EXTERNAL,
            Verdict.FIRST_AS,
            new AsPath(List.of(new AsPath.Segment(AsPath.Kind.SET, List.of(EXTERNAL))))),
        row(
            "RFC 4271 5.1.2: an internal route begins anyhow",
            INTERNAL,
            Verdict.USABLE,
            AsPath.of(9)),
        row("RFC 4271 5.1.2: an internal route of this AS", INTERNAL, Verdict.USABLE, AsPath.EMPTY),
        row("RFC 4456 8: own ORIGINATOR_ID", INTERNAL, Verdict.OWN_ORIGINATOR, ONE, own),
        row("RFC 4456 8: another ORIGINATOR_ID", INTERNAL, Verdict.USABLE, ONE, other),
        row("RFC 4456 8: external ORIGINATOR_ID", EXTERNAL, Verdict.USABLE, ONE, own),
        row(
            "RFC 4456 8: own CLUSTER_ID",
            INTERNAL,
            Verdict.CLUSTER_LOOP,
            ONE,
            Decisions.clusters("1.2.3.4", "192.168.0.1")),
        row(
            "RFC 4456 8: other CLUSTER_IDs",
            INTERNAL,
            Verdict.USABLE,
            ONE,
            Decisions.clusters("1.2.3.4")),
        row(
            "RFC 4456 8: external CLUSTER_LIST",
            EXTERNAL,
            Verdict.USABLE,
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
      String clause, long asn, Verdict verdict, AsPath path, PathAttribute... more) {
    return Arguments.of(clause, asn, verdict, Ribs.attributes(path, more));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void clauses(String clause, long asn, Verdict verdict, PathAttributes attributes) {
    RibPeer peer = peer(asn, "10.0.0.1", "10.0.0.2", false);
    assertThat(verdict(peer, attributes)).as(clause).isEqualTo(verdict);
    // What would be wrong anyhow is said before the policy.
    assertThat(verdict(peer.withImport(false, false), attributes))
        .as(clause)
        .isEqualTo(verdict == Verdict.USABLE ? Verdict.IMPORT_POLICY : verdict);
  }

  @ParameterizedTest(name = "RFC 4271 6.3: next hop {0} from {1} to {2}: {3}")
  @CsvSource({
    "10.0.0.9, 10.0.0.1, 10.0.0.2, USABLE",
    "10.0.0.1, 10.0.0.1, 10.0.0.2, USABLE",
    "10.0.0.2, 10.0.0.1, 10.0.0.2, OWN_NEXT_HOP",
    "10.0.0.2, 10.0.0.2, 10.0.0.2, USABLE",
    "0.0.0.0, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "0.1.2.3, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "127.0.0.1, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "127.0.0.1, 127.0.0.1, 127.0.0.2, USABLE",
    "127.0.0.2, 127.0.0.1, 127.0.0.2, OWN_NEXT_HOP",
    "224.0.0.1, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "240.0.0.1, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "255.255.255.255, 10.0.0.1, 10.0.0.2, BAD_NEXT_HOP",
    "fd00::9, fd00::1, fd00::2, USABLE",
    "fe80::9, fd00::1, fd00::2, USABLE",
    "fd00::2, fd00::1, fd00::2, OWN_NEXT_HOP",
    "'::', fd00::1, fd00::2, BAD_NEXT_HOP",
    "::1, fd00::1, fd00::2, BAD_NEXT_HOP",
    "::1, ::1, ::1, USABLE",
    "ff02::1, fd00::1, fd00::2, BAD_NEXT_HOP",
  })
  void nextHops(String nextHop, String address, String local, Verdict verdict) {
    PathAttributes attributes =
        Ribs.attributes(ONE, new PathAttribute.NextHop(InetAddress.ofLiteral(nextHop)));
    assertThat(verdict(peer(EXTERNAL, address, local, false), attributes)).isEqualTo(verdict);
  }

  /** Of both families, whichever one the session has: MP_REACH_NLRI may say any of them. */
  @ParameterizedTest(name = "next hop {0}: {1}")
  @CsvSource({
    "10.0.0.2, OWN_NEXT_HOP",
    "fd00::2, OWN_NEXT_HOP",
    "fe80::2, OWN_NEXT_HOP",
    "fd00::9, USABLE",
    "10.0.0.1, USABLE",
  })
  void noAddressOfThisHostIsANextHop(String nextHop, Verdict verdict) {
    RibPeer of = peer(EXTERNAL, "10.0.0.1", "10.0.0.2", false);
    var peer =
        new RibPeer(
            of.name(),
            of.address(),
            of.asn(),
            of.bgpIdentifier(),
            of.localAddress(),
            Set.of(
                of.localAddress(),
                InetAddress.ofLiteral("fd00::2"),
                InetAddress.ofLiteral("fe80::2")),
            of.families(),
            of.codec(),
            false,
            false,
            true,
            false,
            of.exportPolicy());
    assertThat(
            verdict(
                peer,
                Ribs.attributes(ONE, new PathAttribute.NextHop(InetAddress.ofLiteral(nextHop)))))
        .isEqualTo(verdict);
  }

  @Test
  void aRouteNeedsANextHop() {
    assertThat(
            verdict(
                peer(EXTERNAL, "10.0.0.1", "10.0.0.2", false), PathAttributes.of(Origin.IGP, ONE)))
        .isEqualTo(Verdict.NO_NEXT_HOP);
  }

  @Test
  void aRouteServerIsNotInThePath() { // RFC 7947 section 2.2.2.1
    RibPeer server = peer(65009, "10.0.0.1", "10.0.0.2", true);
    assertThat(verdict(server, Ribs.attributes(AsPath.of(EXTERNAL, 9)))).isEqualTo(Verdict.USABLE);
    assertThat(verdict(server, Ribs.attributes(AsPath.of(EXTERNAL, 65000))))
        .isEqualTo(Verdict.LOOP);
  }
}

package dev.peerage.bgp.export;

import static dev.peerage.bgp.rib.Ribs.LOCAL;
import static dev.peerage.bgp.rib.Ribs.SETTINGS;
import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.announce;
import static dev.peerage.bgp.rib.Ribs.attributes;
import static dev.peerage.bgp.rib.Ribs.peer;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static dev.peerage.bgp.wire.AddressFamily.IPV6_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.rib.Ribs;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which routes a peer gets, and with what attributes. */
class RibExportTest {
  private static final Instant T1 = T0.plusSeconds(1);
  private static final ExportPolicy ALL = new ExportPolicy.All();
  private static final Prefix VIP = prefix("20.0.10.100/32");
  private static final Prefix POD = prefix("10.244.1.0/24");
  private static final Prefix POD6 = prefix("fd00:1::/64");

  private final Rib rib = new Rib(SETTINGS);

  private static ExportStatement statement(
      PrefixSet prefixes, long localPreference, Community... communities) {
    return new ExportStatement(
        "s",
        prefixes,
        new ExportStatement.Attributes(localPreference, List.of(communities), List.of()));
  }

  @Test
  void announcesOnlyWhatTheStatementsName() {
    Community tag = new Community(0xfde80063L);
    rib.originate(PrefixSet.of(VIP, POD, POD6), T0);
    rib.peerUp(
        peer(
            "tor",
            65001,
            "10.0.0.1",
            Ribs.statements(
                statement(PrefixSet.of(VIP, POD6), 100, tag), statement(PrefixSet.of(VIP), 7))),
        T0);
    PathAttributes expected =
        PathAttributes.of(
            Origin.IGP,
            AsPath.of(65000),
            new PathAttribute.NextHop(LOCAL),
            new PathAttribute.Communities(List.of(tag)));
    RouteChanges changes = Ribs.drain(rib, "tor", T0);
    assertThat(changes.withdrawals()).isEmpty();
    assertThat(changes.announcements())
        .containsExactlyInAnyOrder(
            new Update.Announcement(expected, PrefixList.of(VIP)),
            new Update.Announcement(expected, PrefixList.of(POD6)));
    assertThat(rib.advertisedCount("tor", IPV4_UNICAST)).isEqualTo(1);
    assertThat(Ribs.drain(rib, "tor", T0).isEmpty()).isTrue();
  }

  @Test
  void sendsLocalPrefToInternalPeersOnly() {
    rib.originate(PrefixSet.of(VIP), T0);
    ExportPolicy policy = Ribs.statements(statement(PrefixSet.of(VIP), 200));
    rib.peerUp(peer("ibgp", 65000, "10.0.0.1", policy), T0);
    assertThat(Ribs.drain(rib, "ibgp", T0).announcements())
        .map(Update.Announcement::attributes)
        .containsExactly(
            PathAttributes.of(
                Origin.IGP,
                AsPath.EMPTY,
                new PathAttribute.NextHop(LOCAL),
                new PathAttribute.LocalPref(200)));
  }

  @Test
  void readvertisesToExternalPeersWithItsOwnAsInFront() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.peerUp(peer("b", 65002, "10.0.0.2", ALL), T0);
    PathAttribute.Unknown unknown = new PathAttribute.Unknown(0xc0, 200, Bytes.of((byte) 1));
    rib.received(
        "a",
        announce(
            attributes(
                AsPath.of(65001),
                new PathAttribute.Med(5),
                unknown,
                new PathAttribute.Communities(List.of(new Community(7)))),
            VIP),
        T0);
    for (String each : List.of("a", "b")) { // also back to where it came from, as FRR does
      assertThat(Ribs.drain(rib, each, T0).announcements())
          .containsExactly(
              new Update.Announcement(
                  PathAttributes.of(
                      Origin.IGP,
                      AsPath.of(65000, 65001),
                      new PathAttribute.NextHop(LOCAL),
                      unknown,
                      new PathAttribute.Communities(List.of(new Community(7)))),
                  PrefixList.of(VIP)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // from, to, community, is sent
    "65001, 65002, 0, true",
    "65001, 65000, 0, true",
    "65000, 65001, 0, true",
    "65000, 65000, 0, false", // no route reflector
    "65001, 65002, 4294967041, false", // NO_EXPORT
    "65001, 65000, 4294967041, true",
    "65001, 65002, 4294967042, false", // NO_ADVERTISE
    "65001, 65000, 4294967042, false",
    "65001, 65002, 4294967043, false", // NO_EXPORT_SUBCONFED
  })
  void honoursWellKnownCommunitiesAndInternalPeering(
      long from, long to, long community, boolean sent) {
    rib.peerUp(peer("from", from, "10.0.0.1", ALL), T0);
    rib.peerUp(peer("to", to, "10.0.0.2", ALL), T0);
    rib.received(
        "from",
        announce(
            attributes(
                AsPath.of(from == 65000 ? 65009 : from),
                new PathAttribute.Communities(List.of(new Community(community)))),
            VIP),
        T0);
    assertThat(Ribs.drain(rib, "to", T0).announcements()).hasSize(sent ? 1 : 0);
  }

  @Test
  void changesOnlyTheRoutesThatANewPolicyChanges() {
    Prefix other = prefix("20.0.10.101/32");
    rib.originate(PrefixSet.of(VIP, other, POD), T0);
    rib.peerUp(
        peer(
            "a",
            65000,
            "10.0.0.1",
            Ribs.statements(
                statement(PrefixSet.of(VIP, other), 100), statement(PrefixSet.of(POD), 100))),
        T0);
    Ribs.drain(rib, "a", T0);
    rib.exportPolicyChanged(
        "a", Ribs.statements(statement(PrefixSet.of(VIP), 100), statement(PrefixSet.of(POD), 300)));
    RouteChanges changes = Ribs.drain(rib, "a", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(other));
    assertThat(changes.announcements())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.prefixes()).isEqualTo(PrefixList.of(POD));
          assertThat(each.attributes().localPref()).isEqualTo(300);
        });
    rib.exportPolicyChanged("a", ALL);
    assertThat(Ribs.drain(rib, "a", T1).announcements())
        .flatMap(each -> each.prefixes().asList())
        .containsExactlyInAnyOrder(other, POD);
    rib.exportPolicyChanged("a", Ribs.statements());
    assertThat(Ribs.drain(rib, "a", T1).withdrawals())
        .flatMap(PrefixList::asList)
        .containsExactlyInAnyOrder(VIP, other, POD);
  }

  @Test
  void announcesNoIpv4OverAnIpv6SessionWithoutExtendedNextHop() {
    rib.originate(PrefixSet.of(VIP, POD6), T0);
    for (boolean extendedNextHop : List.of(false, true)) {
      RibPeer v6 =
          new RibPeer(
              "v6",
              InetAddress.ofLiteral("2001:db8::2"),
              65001,
              Inet4Address.ofLiteral("1.1.1.1"),
              InetAddress.ofLiteral("2001:db8::1"),
              Set.of(IPV4_UNICAST, IPV6_UNICAST),
              new CodecContext(true, false, extendedNextHop, Set.of(IPV4_UNICAST, IPV6_UNICAST)),
              false,
              false,
              true,
              false,
              ALL);
      rib.peerUp(v6, T0);
      assertThat(Ribs.drain(rib, "v6", T0).announcements())
          .flatMap(each -> each.prefixes().asList())
          .containsExactlyInAnyOrderElementsOf(
              extendedNextHop ? List.of(VIP, POD6) : List.of(POD6));
    }
  }

  /** What the peer has stays; only what has another next hop now is told again. */
  @Test
  void otherNextHopsChangeTheRoutesOfTheirFamily() {
    rib.originate(PrefixSet.of(VIP, POD6), T0);
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.peerUp(peer("b", 65001, "10.0.0.2", ALL), T0);
    Ribs.drain(rib, "a", T0);
    Ribs.drain(rib, "b", T0);
    InetAddress own = InetAddress.ofLiteral("2001:db8::1");

    rib.nextHopsChanged("a", NextHops.of(LOCAL, false, List.of(own)));
    RouteChanges changes = Ribs.drain(rib, "a", T1);
    assertThat(changes.withdrawals()).isEmpty();
    assertThat(changes.announcements())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.prefixes()).isEqualTo(PrefixList.of(POD6));
          assertThat(each.attributes().nextHop()).contains(own);
        });
    assertThat(Ribs.drain(rib, "b", T1).isEmpty()).as("another peer").isTrue();

    rib.nextHopsChanged("a", new NextHops(Map.of(IPV6_UNICAST, own)));
    changes = Ribs.drain(rib, "a", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(VIP));
    assertThat(changes.announcements()).isEmpty();

    rib.originate(PrefixSet.of(VIP), T1);
    assertThat(Ribs.drain(rib, "a", T1).withdrawals()).containsExactly(PrefixList.of(POD6));
    rib.peerDown("a", T1);
    rib.peerDown("b", T1);
  }

  @Test
  void announcesNegotiatedFamiliesOnly() {
    rib.originate(PrefixSet.of(VIP, POD6), T0);
    rib.peerUp(
        new RibPeer(
            "a",
            InetAddress.ofLiteral("10.0.0.1"),
            65001,
            Inet4Address.ofLiteral("1.1.1.1"),
            LOCAL,
            Set.of(IPV6_UNICAST),
            new CodecContext(true, false, false, Set.of(IPV6_UNICAST)),
            false,
            false,
            true,
            false,
            ALL),
        T0);
    assertThat(Ribs.drain(rib, "a", T0).announcements())
        .flatMap(each -> each.prefixes().asList())
        .containsExactly(POD6);
    assertThat(rib.advertisedCount("a", IPV4_UNICAST)).isZero();
  }
}

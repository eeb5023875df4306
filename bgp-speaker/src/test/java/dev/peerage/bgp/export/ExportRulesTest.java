package dev.peerage.bgp.export;

import static dev.peerage.bgp.rib.Ribs.LOCAL;
import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.rib.Ribs;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.ExtendedCommunity;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttribute.Communities;
import dev.peerage.bgp.wire.PathAttribute.ExtendedCommunities;
import dev.peerage.bgp.wire.PathAttribute.LocalPref;
import dev.peerage.bgp.wire.PathAttribute.Med;
import dev.peerage.bgp.wire.PathAttribute.NextHop;
import dev.peerage.bgp.wire.PathAttribute.Unknown;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.Update;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the attributes of a route on its way out, clause by clause. AS 65000 is here. */
class ExportRulesTest {
  private static final Community LLGR_STALE = new Community(0xffff_0006L); // RFC 9494 section 3
  private static final long HERE = 65000;
  private static final long FROM = 65001;
  private static final long TO = 65002;
  private static final Prefix ROUTE = prefix("10.1.0.0/24");
  private static final ExportPolicy ALL = new ExportPolicy.All();

  private static final ExtendedCommunity TARGET = new ExtendedCommunity(0x0002_fde8_0000_0001L);
  private static final ExtendedCommunity BANDWIDTH = new ExtendedCommunity(0x4004_fde8_0000_0001L);
  private static final Unknown TRANSITIVE = new Unknown(0xc0, 200, Bytes.of((byte) 1));
  private static final Unknown LOCAL_ONLY = new Unknown(0x80, 201, Bytes.of((byte) 1));

  private final Rib rib = new Rib(Ribs.SETTINGS);

  private static Arguments row(
      String clause, long from, long to, PathAttribute received, PathAttribute... sent) {
    return Arguments.of(clause, from, to, received, List.of(sent));
  }

  private static Communities communities(long... values) {
    return new Communities(Arrays.stream(values).mapToObj(Community::new).toList());
  }

  static Stream<Arguments> kept() {
    AsPath path = AsPath.of(FROM);
    LocalPref standard = new LocalPref(100);
    AsPath own = AsPath.of(HERE, FROM);
    NextHop self = new NextHop(LOCAL);
    return Stream.of(
        row("RFC 4271 5.1.2: own AS in front to another AS", FROM, TO, path, own, self),
        row("RFC 4271 5.1.2: as it is to the own AS", FROM, HERE, path, path, self, standard),
        row("RFC 4271 5.1.3: this side is the next hop", FROM, TO, path, own, self),
        row("RFC 4271 5.1.4: MED not to another AS", FROM, TO, new Med(5), own, self),
        row(
            "RFC 4271 5.1.4: MED to the own AS",
            FROM,
            HERE,
            new Med(5),
            path,
            self,
            new Med(5),
            standard),
        row("RFC 4271 5.1.5: LOCAL_PREF not to another AS", HERE, TO, new LocalPref(7), own, self),
        row("RFC 4271 5: unknown transitive", FROM, TO, TRANSITIVE, own, self, TRANSITIVE),
        row("RFC 4271 5: unknown non-transitive", FROM, TO, LOCAL_ONLY, own, self),
        row("RFC 1997: communities", FROM, TO, communities(7), own, self, communities(7)),
        row(
            "RFC 4360 6: non-transitive communities stay in the AS",
            FROM,
            TO,
            new ExtendedCommunities(List.of(TARGET, BANDWIDTH)),
            own,
            self,
            new ExtendedCommunities(List.of(TARGET))),
        row(
            "RFC 4360 6: non-transitive communities within the AS",
            FROM,
            HERE,
            new ExtendedCommunities(List.of(BANDWIDTH)),
            path,
            self,
            standard,
            new ExtendedCommunities(List.of(BANDWIDTH))),
        row(
            "RFC 8092 3: large communities",
            FROM,
            TO,
            new PathAttribute.LargeCommunities(List.of(new LargeCommunity(1, 2, 3))),
            own,
            self,
            new PathAttribute.LargeCommunities(List.of(new LargeCommunity(1, 2, 3)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kept")
  void sends(String clause, long from, long to, PathAttribute received, List<PathAttribute> sent) {
    rib.peerUp(Ribs.peer("from", from, "10.0.0.1", ALL), T0);
    rib.peerUp(Ribs.peer("to", to, "10.0.0.2", ALL), T0);
    rib.received("from", Ribs.announce(Ribs.attributes(AsPath.of(FROM), received), ROUTE), T0);
    PathAttributes expected = PathAttributes.of(Origin.IGP);
    for (PathAttribute each : sent) {
      expected = expected.with(each);
    }
    assertThat(Ribs.drain(rib, "to", T0).announcements())
        .map(Update.Announcement::attributes)
        .containsExactly(expected);
  }

  @Test
  void longLivedStaleRoutesGoOnlyToPeersThatTakeThem() { // RFC 9494 section 4.3
    RibPeer takes = Ribs.peer("takes", TO, "10.0.0.2", ALL);
    rib.peerUp(Ribs.peer("from", FROM, "10.0.0.1", ALL), T0);
    rib.peerUp(takes, T0);
    rib.peerUp(
        new RibPeer(
            "refuses",
            takes.address(),
            TO,
            takes.bgpIdentifier(),
            LOCAL,
            takes.families(),
            Ribs.CODEC,
            false,
            false,
            true,
            false,
            ALL),
        T0);
    rib.received(
        "from",
        Ribs.announce(
            Ribs.attributes(AsPath.of(FROM), new Communities(List.of(LLGR_STALE))), ROUTE),
        T0);
    assertThat(Ribs.drain(rib, "takes", T0).announcements()).hasSize(1);
    assertThat(Ribs.drain(rib, "refuses", T0).isEmpty()).isTrue();
  }

  @Test
  void sendsTheCommunitiesOfAStatementOnceAndInOrder() {
    Community one = new Community(1);
    Community two = new Community(2);
    LargeCommunity large = new LargeCommunity(1, 1, 1);
    LargeCommunity larger = new LargeCommunity(1, 2, 1);
    rib.originate(PrefixSet.of(ROUTE), T0);
    rib.peerUp(
        Ribs.peer(
            "to",
            TO,
            "10.0.0.2",
            Ribs.statements(
                new ExportStatement(
                    "s",
                    PrefixSet.of(ROUTE),
                    new ExportStatement.Attributes(
                        100, List.of(two, one, two), List.of(larger, large, larger))))),
        T0);
    assertThat(Ribs.drain(rib, "to", T0).announcements())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.attributes().communities()).containsExactly(one, two);
          assertThat(each.attributes().largeCommunities()).containsExactly(large, larger);
        });
  }

  /** As Cilium does; RFC 4760 section 3 leaves the next hop's form to its family. */
  @Test
  void ipv6OverAnIpv4SessionHasAnIpv4MappedNextHop() {
    rib.originate(PrefixSet.of(prefix("fd00::/64")), T0);
    rib.peerUp(Ribs.peer("to", TO, "10.0.0.2", ALL), T0);
    // AFI 2, SAFI 1, 16 octets ::ffff:192.168.0.1, reserved, fd00::/64.
    assertThat(sent("to"))
        .contains("0002" + "01" + "10" + "00000000000000000000ffffc0a80001" + "00" + "40fd00");
    rib.peerDown("to", T0);
  }

  @ParameterizedTest
  @CsvSource({"IGP, 00", "EGP, 01", "INCOMPLETE, 02"})
  void sendsTheOriginOfAStatement(Origin origin, String code) { // RFC 4271 section 5.1.1
    rib.originate(PrefixSet.of(ROUTE), T0);
    rib.peerUp(
        Ribs.peer(
            "to",
            TO,
            "10.0.0.2",
            Ribs.statements(
                new ExportStatement(
                    "s",
                    PrefixSet.of(ROUTE),
                    new ExportStatement.Attributes(origin, 100, List.of(), List.of())))),
        T0);
    // ORIGIN: well-known, type 1, one octet; then AS_PATH, type 2.
    assertThat(sent("to")).contains("400101" + code + "4002");
    rib.peerDown("to", T0);
  }

  private String sent(String peer) {
    StringBuilder all = new StringBuilder();
    for (var next = rib.outbox(peer).next(T0); next.isPresent(); next = rib.outbox(peer).next(T0)) {
      ByteBuf messages = next.get();
      all.append(ByteBufUtil.hexDump(messages));
      messages.release();
    }
    return all.toString();
  }
}

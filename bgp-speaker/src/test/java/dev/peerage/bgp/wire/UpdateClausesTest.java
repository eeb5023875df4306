package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.NO_IPV4;
import static dev.peerage.bgp.wire.Wire.ip;
import static dev.peerage.bgp.wire.Wire.ipv4;
import static dev.peerage.bgp.wire.Wire.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the clauses of the RFCs say about a legal UPDATE: bytes in, value out, and bytes again that
 * mean the same.
 */
class UpdateClausesTest {
  private static final Set<AddressFamily> BOTH = EnumSet.allOf(AddressFamily.class);
  private static final Set<AddressFamily> V4 = Set.of(AddressFamily.IPV4_UNICAST);
  private static final Set<AddressFamily> V6 = Set.of(AddressFamily.IPV6_UNICAST);
  private static final CodecContext MODERN = Wire.MODERN;
  private static final CodecContext OLD = Wire.TWO_OCTET;
  private static final CodecContext NEXT_HOPS = new CodecContext(true, false, true, BOTH);

  private static final String IGP = "40 01 01 00 ";
  private static final String PATH = "40 02 06 02 01 00 00 fd e8 "; // 65000
  private static final String HOP = "40 03 04 0a 00 00 01 "; // 10.0.0.1
  private static final String BASE = IGP + PATH + HOP;
  private static final PathAttributes BASIC =
      PathAttributes.of(Origin.IGP, AsPath.of(65000), new PathAttribute.NextHop(ip("10.0.0.1")));

  /** One row; {@code canonical} when writing gives the very bytes that were read. */
  private record Case(
      String clause,
      CodecContext context,
      String attributes,
      String nlri,
      Update update,
      boolean canonical) {
    @Override
    public String toString() {
      return clause;
    }
  }

  private static Case same(
      String clause,
      CodecContext context,
      String attributes,
      String nlri,
      PathAttributes expected,
      PrefixList announced) {
    return new Case(
        clause, context, attributes, nlri, new Update(NO_IPV4, expected, announced), true);
  }

  private static Case reads(
      String clause, CodecContext context, String attributes, PathAttributes expected) {
    return new Case(
        clause, context, attributes, "08 0a", new Update(NO_IPV4, expected, TEN), false);
  }

  private static final PrefixList TEN = prefixes("10.0.0.0/8");

  private static PrefixList paths(AddressFamily family, Object... prefixesAndIds) {
    PrefixList.Builder builder = new PrefixList.Builder(family, 1);
    for (int i = 0; i < prefixesAndIds.length; i += 2) {
      Prefix prefix = Prefix.parse((String) prefixesAndIds[i]);
      builder.add(prefix.high(), prefix.low(), prefix.length(), (Integer) prefixesAndIds[i + 1]);
    }
    return builder.build();
  }

  private static PathAttributes path(AsPath path, PathAttribute... more) {
    PathAttributes result = BASIC.with(path);
    for (PathAttribute attribute : more) {
      result = result.with(attribute);
    }
    return result;
  }

  private static AsPath segments(Object... kindsAndAsns) {
    List<AsPath.Segment> segments = new ArrayList<>();
    for (int i = 0; i < kindsAndAsns.length; i += 2) {
      @SuppressWarnings("unchecked")
      List<Long> asns = (List<Long>) kindsAndAsns[i + 1];
      segments.add(new AsPath.Segment((AsPath.Kind) kindsAndAsns[i], asns));
    }
    return new AsPath(segments);
  }

  static Stream<Case> communities() {
    return Stream.of(
        same(
            "RFC 1997: three communities",
            MODERN,
            BASE + "c0 08 0c fd e8 00 01 ff ff ff 01 00 00 00 00",
            "08 0a",
            BASIC.with(
                new PathAttribute.Communities(
                    List.of(new Community(0xfde80001L), Community.NO_EXPORT, new Community(0)))),
            TEN),
        same(
            "RFC 4360 2: route target, opaque non-transitive",
            MODERN,
            BASE + "c0 10 10 00 02 fd e8 00 00 00 63 43 00 00 00 00 00 00 02",
            "08 0a",
            BASIC.with(
                new PathAttribute.ExtendedCommunities(
                    List.of(
                        new ExtendedCommunity(0x0002fde800000063L),
                        new ExtendedCommunity(0x4300000000000002L)))),
            TEN),
        same(
            "RFC 5701 2: route target of an IPv6 address",
            MODERN,
            BASE + "c0 19 14 00 02 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 00 07",
            "08 0a",
            BASIC.with(
                new PathAttribute.Ipv6ExtendedCommunities(
                    List.of(new Ipv6ExtendedCommunity(2, 0x20010db800000000L, 1, 7)))),
            TEN),
        same(
            "RFC 8092 3: large community",
            MODERN,
            BASE + "c0 20 0c fb f0 00 01 00 00 00 02 ff ff ff ff",
            "08 0a",
            BASIC.with(
                new PathAttribute.LargeCommunities(
                    List.of(new LargeCommunity(4226809857L, 2, 4294967295L)))),
            TEN),
        reads(
            "RFC 8092 5: duplicate large communities count once",
            MODERN,
            BASE
                + "c0 20 18 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 01 00 00 00 02 00 00 00 03",
            BASIC.with(new PathAttribute.LargeCommunities(List.of(new LargeCommunity(1, 2, 3))))),
        same(
            "RFC 9494 4.6: LLGR_STALE and NO_LLGR",
            MODERN,
            BASE + "c0 08 08 ff ff 00 06 ff ff 00 07",
            "08 0a",
            BASIC.with(
                new PathAttribute.Communities(List.of(Community.LLGR_STALE, Community.NO_LLGR))),
            TEN),
        same(
            "RFC 4456 8: originator and cluster list",
            MODERN,
            BASE + "40 05 04 00 00 00 64 80 09 04 01 02 03 04 80 0a 08 01 02 03 04 05 06 07 08",
            "08 0a",
            path(
                AsPath.of(65000),
                new PathAttribute.LocalPref(100),
                new PathAttribute.OriginatorId(ipv4("1.2.3.4")),
                new PathAttribute.ClusterList(List.of(ipv4("1.2.3.4"), ipv4("5.6.7.8")))),
            TEN));
  }

  static Stream<Case> unknownAttributes() {
    return Stream.of(
        reads(
            "RFC 4271 5: unknown, optional, transitive: kept with Partial",
            MODERN,
            BASE + "c0 63 02 be ef",
            BASIC.with(new PathAttribute.Unknown(0xe0, 99, Bytes.octets(0xbe, 0xef)))),
        same(
            "RFC 4271 5: Partial stays set",
            MODERN,
            BASE + "e0 63 02 be ef",
            "08 0a",
            BASIC.with(new PathAttribute.Unknown(0xe0, 99, Bytes.octets(0xbe, 0xef))),
            TEN),
        same(
            "RFC 4271 5: Partial of a known attribute stays set",
            MODERN,
            BASE + "e0 08 04 fd e8 00 01",
            "08 0a",
            BASIC
                .with(new PathAttribute.Communities(List.of(new Community(0xfde80001L))))
                .withPartial(1 << 8),
            TEN),
        reads(
            "RFC 4271 4.3: Partial of another attribute means nothing",
            MODERN,
            "60 01 01 00" + PATH + HOP,
            BASIC),
        reads(
            "RFC 4271 5: unknown, optional, non-transitive: dropped",
            MODERN,
            BASE + "80 63 02 be ef",
            BASIC),
        reads(
            "RFC 4271 4.3: extended length where one octet would do",
            MODERN,
            "50 01 00 01 00" + PATH + HOP,
            BASIC),
        reads(
            "RFC 4271 4.3: unused flag bits are ignored",
            MODERN,
            "4f 01 01 00" + PATH + HOP,
            BASIC),
        reads(
            "RFC 6793 4.1: AS4_PATH and AS4_AGGREGATOR between new speakers: dropped",
            MODERN,
            BASE + "c0 11 06 02 01 00 00 00 07 c0 12 08 00 00 00 07 01 01 01 01",
            BASIC));
  }

  static Stream<Case> fourOctetAsns() {
    String hop = HOP;
    return Stream.of(
        reads(
            "RFC 6793 4.2.3: AS_PATH only",
            OLD,
            IGP + "40 02 06 02 02 fd e8 fd e9" + hop,
            path(AsPath.of(65000, 65001))),
        reads(
            "RFC 6793 4.2.3: as many ASNs in both",
            OLD,
            IGP + "40 02 06 02 02 fd e8 5b a0" + hop + "c0 11 0a 02 02 00 00 fd e8 fb f0 00 01",
            path(AsPath.of(65000, 4226809857L))),
        reads(
            "RFC 6793 4.2.3: AS_PATH is longer: its head stays",
            OLD,
            IGP + "40 02 08 02 03 fd e8 fd e9 5b a0" + hop + "c0 11 06 02 01 fb f0 00 01",
            path(AsPath.of(65000, 65001, 4226809857L))),
        reads(
            "RFC 6793 4.2.3: AS_PATH is shorter: AS4_PATH is ignored",
            OLD,
            IGP + "40 02 04 02 01 5b a0" + hop + "c0 11 0a 02 02 00 00 00 01 00 00 00 02",
            path(AsPath.of(23456))),
        reads(
            "RFC 6793 4.2.3: a set counts once",
            OLD,
            IGP
                + "40 02 0a 02 01 fd e8 01 02 5b a0 5b a0"
                + hop
                + "c0 11 0a 01 02 fb f0 00 01 fb f0 00 02",
            path(
                segments(
                    AsPath.Kind.SEQUENCE,
                    List.of(65000L),
                    AsPath.Kind.SET,
                    List.of(4226809857L, 4226809858L)))),
        reads(
            "RFC 6793 4.2.3: a leading confederation segment stays",
            OLD,
            IGP
                + "40 02 0a 03 01 00 09 02 02 5b a0 fd e9"
                + hop
                + "c0 11 0a 02 02 fb f0 00 01 00 00 fd e9",
            path(
                segments(
                    AsPath.Kind.CONFED_SEQUENCE,
                    List.of(9L),
                    AsPath.Kind.SEQUENCE,
                    List.of(4226809857L, 65001L)))),
        reads(
            "RFC 6793 4.2.3: one behind a segment that was cut does not",
            OLD,
            IGP
                + "40 02 0e 02 02 fd e8 5b a0 03 01 00 09 02 01 5b a0"
                + hop
                + "c0 11 0a 02 02 fb f0 00 01 fb f0 00 02",
            path(AsPath.of(65000, 4226809857L, 4226809858L))),
        reads(
            "RFC 6793 3: confederation segments in AS4_PATH are dropped",
            OLD,
            IGP + "40 02 04 02 01 5b a0" + hop + "c0 11 0c 03 01 00 00 00 09 02 01 fb f0 00 01",
            path(AsPath.of(4226809857L))),
        reads(
            "RFC 6793 4.2.3: both aggregators, AGGREGATOR is AS_TRANS",
            OLD,
            IGP
                + "40 02 04 02 01 5b a0"
                + hop
                + "c0 07 06 5b a0 01 01 01 01"
                + "c0 11 06 02 01 fb f0 00 01 c0 12 08 fb f0 00 02 02 02 02 02",
            path(
                AsPath.of(4226809857L),
                new PathAttribute.Aggregator(4226809858L, ipv4("2.2.2.2")))),
        reads(
            "RFC 6793 4.2.3: both aggregators, AGGREGATOR is none: AS4_* are ignored",
            OLD,
            IGP
                + "40 02 04 02 01 5b a0"
                + hop
                + "c0 07 06 fd e8 01 01 01 01"
                + "c0 11 06 02 01 fb f0 00 01 c0 12 08 fb f0 00 02 02 02 02 02",
            path(AsPath.of(23456), new PathAttribute.Aggregator(65000, ipv4("1.1.1.1")))),
        reads(
            "RFC 6793 4.2.3: AGGREGATOR alone does not spoil AS4_PATH",
            OLD,
            IGP
                + "40 02 04 02 01 5b a0"
                + hop
                + "c0 07 06 fd e8 01 01 01 01"
                + "c0 11 06 02 01 fb f0 00 01",
            path(AsPath.of(4226809857L), new PathAttribute.Aggregator(65000, ipv4("1.1.1.1")))),
        reads(
            "RFC 6793 4.2.3: AS4_AGGREGATOR without AGGREGATOR is no aggregator",
            OLD,
            IGP + "40 02 04 02 01 fd e8" + hop + "c0 12 08 fb f0 00 02 02 02 02 02",
            path(AsPath.of(65000))),
        same(
            "RFC 6793 4.2.2: written as AS_TRANS with AS4_PATH and AS4_AGGREGATOR",
            OLD,
            IGP
                + "40 02 06 02 02 fd e8 5b a0"
                + hop
                + "c0 07 06 5b a0 02 02 02 02"
                + "c0 11 0a 02 02 00 00 fd e8 fb f0 00 01 c0 12 08 fb f0 00 02 02 02 02 02",
            "08 0a",
            path(
                AsPath.of(65000, 4226809857L),
                new PathAttribute.Aggregator(4226809858L, ipv4("2.2.2.2"))),
            TEN),
        same(
            "RFC 6793 4.2.2: no AS4_* where two octets are enough",
            OLD,
            IGP + "40 02 06 02 02 fd e8 fd e9" + hop + "c0 07 06 fd e8 02 02 02 02",
            "08 0a",
            path(AsPath.of(65000, 65001), new PathAttribute.Aggregator(65000, ipv4("2.2.2.2"))),
            TEN));
  }

  static Stream<Case> nextHops() {
    PathAttributes noHop = PathAttributes.of(Origin.IGP, AsPath.of(65000));
    String six = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 ";
    String local = "fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01 ";
    return Stream.of(
        same(
            "RFC 4760 3: IPv6 route; one length octet where that is enough",
            MODERN,
            "80 0e 1a 00 02 01 10 " + six + "00 20 20 01 0d b8" + IGP + PATH,
            "",
            noHop.with(new PathAttribute.MpReach(ip("2001:db8::1"), prefixes("2001:db8::/32"))),
            NO_IPV4),
        new Case(
            "RFC 2545 3: global and link-local next hop: the global one counts",
            MODERN,
            "80 0e 2a 00 02 01 20 " + six + local + "00 20 20 01 0d b8" + IGP + PATH,
            "",
            new Update(
                NO_IPV4,
                noHop.with(new PathAttribute.MpReach(ip("2001:db8::1"), prefixes("2001:db8::/32"))),
                NO_IPV4),
            false),
        new Case(
            "RFC 2545 3: no global one: the link-local one counts",
            MODERN,
            "80 0e 2a 00 02 01 20 " + "00".repeat(16) + local + "00 20 20 01 0d b8" + IGP + PATH,
            "",
            new Update(
                NO_IPV4,
                noHop.with(new PathAttribute.MpReach(ip("fe80::1"), prefixes("2001:db8::/32"))),
                NO_IPV4),
            false),
        same(
            "RFC 4291 2.5.5.2: IPv6 route over an IPv4 session, next hop IPv4-mapped",
            MODERN,
            "80 0e 1a 00 02 01 10 "
                + "00".repeat(10)
                + "ff ff 0a 00 00 01 00 20 20 01 0d b8"
                + IGP
                + PATH,
            "",
            noHop.with(new PathAttribute.MpReach(ip("10.0.0.1"), prefixes("2001:db8::/32"))),
            NO_IPV4),
        same(
            "RFC 8950 3: IPv4 route with an IPv6 next hop",
            NEXT_HOPS,
            "80 0e 17 00 01 01 10 " + six + "00 08 0a" + IGP + PATH,
            "",
            noHop.with(new PathAttribute.MpReach(ip("2001:db8::1"), TEN)),
            NO_IPV4),
        new Case(
            "RFC 8950 3: with a pair of IPv6 next hops",
            NEXT_HOPS,
            "80 0e 27 00 01 01 20 " + six + local + "00 08 0a" + IGP + PATH,
            "",
            new Update(
                NO_IPV4, noHop.with(new PathAttribute.MpReach(ip("2001:db8::1"), TEN)), NO_IPV4),
            false),
        same(
            "RFC 4760 3: IPv4 route in MP_REACH_NLRI",
            MODERN,
            "80 0e 0b 00 01 01 04 0a 00 00 01 00 08 0a" + IGP + PATH,
            "",
            noHop.with(new PathAttribute.MpReach(ip("10.0.0.1"), TEN)),
            NO_IPV4),
        same(
            "RFC 4760 4: IPv6 withdrawal alone",
            MODERN,
            "80 0f 08 00 02 01 20 20 01 0d b8",
            "",
            PathAttributes.of(new PathAttribute.MpUnreach(prefixes("2001:db8::/32"))),
            NO_IPV4),
        same(
            "RFC 4724 2: End-of-RIB of IPv6",
            MODERN,
            "80 0f 03 00 02 01",
            "",
            PathAttributes.of(
                new PathAttribute.MpUnreach(PrefixList.empty(AddressFamily.IPV6_UNICAST))),
            NO_IPV4));
  }

  static Stream<Case> pathIdentifiers() {
    CodecContext four = MODERN.withAddPath(V4, V4);
    CodecContext six = MODERN.withAddPath(V6, V6);
    PathAttributes noHop = PathAttributes.of(Origin.IGP, AsPath.of(65000));
    return Stream.of(
        same(
            "RFC 7911 3: two paths of one IPv4 prefix",
            four,
            BASE,
            "00 00 00 01 08 0a ff ff ff ff 08 0a",
            BASIC,
            paths(AddressFamily.IPV4_UNICAST, "10.0.0.0/8", 1, "10.0.0.0/8", -1)),
        same(
            "RFC 7911 3: IPv6 route in MP_REACH_NLRI",
            six,
            "80 0e 1e 00 02 01 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 00"
                + "00 00 00 07 20 20 01 0d b8"
                + IGP
                + PATH,
            "",
            noHop.with(
                new PathAttribute.MpReach(
                    ip("2001:db8::1"), paths(AddressFamily.IPV6_UNICAST, "2001:db8::/32", 7))),
            NO_IPV4),
        same(
            "RFC 7911 3: IPv6 withdrawal names its path",
            six,
            "80 0f 0c 00 02 01 00 00 00 07 20 20 01 0d b8",
            "",
            PathAttributes.of(
                new PathAttribute.MpUnreach(paths(AddressFamily.IPV6_UNICAST, "2001:db8::/32", 7))),
            NO_IPV4),
        same("RFC 7911 4: only the family that was negotiated", six, BASE, "08 0a", BASIC, TEN));
  }

  static Stream<Case> cases() {
    return Stream.of(
            communities(), unknownAttributes(), fourOctetAsns(), nextHops(), pathIdentifiers())
        .flatMap(each -> each);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void meansWhatTheClauseSays(Case each) throws MalformedMessageException {
    byte[] frame = ByteBufUtil.getBytes(Wire.update("", each.attributes, each.nlri));
    Update decoded = Wire.decodeUpdate(Unpooled.wrappedBuffer(frame), each.context);
    assertThat(decoded).isEqualTo(each.update);
    byte[] again = Wire.encode(decoded, each.context.mirrored());
    if (each.canonical) {
      assertThat(HexFormat.of().formatHex(again)).isEqualTo(HexFormat.of().formatHex(frame));
    }
    assertThat(Wire.decodeUpdate(Unpooled.wrappedBuffer(again), each.context)).isEqualTo(decoded);
  }
}

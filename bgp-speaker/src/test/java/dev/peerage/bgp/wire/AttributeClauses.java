package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.UpdateClause.BASE;
import static dev.peerage.bgp.wire.UpdateClause.BASIC;
import static dev.peerage.bgp.wire.UpdateClause.HOP;
import static dev.peerage.bgp.wire.UpdateClause.IGP;
import static dev.peerage.bgp.wire.UpdateClause.MODERN;
import static dev.peerage.bgp.wire.UpdateClause.OLD;
import static dev.peerage.bgp.wire.UpdateClause.PATH;
import static dev.peerage.bgp.wire.UpdateClause.TEN;
import static dev.peerage.bgp.wire.UpdateClause.path;
import static dev.peerage.bgp.wire.UpdateClause.reads;
import static dev.peerage.bgp.wire.UpdateClause.same;
import static dev.peerage.bgp.wire.UpdateClause.segments;
import static dev.peerage.bgp.wire.Wire.ipv4;

import java.util.List;
import java.util.stream.Stream;

/** Clauses about path attributes and four-octet AS numbers. */
final class AttributeClauses {
  private AttributeClauses() {}

  static Stream<UpdateClause> communities() {
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

  static Stream<UpdateClause> unknownAttributes() {
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

  static Stream<UpdateClause> fourOctetAsns() {
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
}

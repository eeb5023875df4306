package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.UpdateClause.BASE;
import static dev.peerage.bgp.wire.UpdateClause.BASIC;
import static dev.peerage.bgp.wire.UpdateClause.IGP;
import static dev.peerage.bgp.wire.UpdateClause.MODERN;
import static dev.peerage.bgp.wire.UpdateClause.NEXT_HOPS;
import static dev.peerage.bgp.wire.UpdateClause.PATH;
import static dev.peerage.bgp.wire.UpdateClause.TEN;
import static dev.peerage.bgp.wire.UpdateClause.V4;
import static dev.peerage.bgp.wire.UpdateClause.V6;
import static dev.peerage.bgp.wire.UpdateClause.paths;
import static dev.peerage.bgp.wire.UpdateClause.same;
import static dev.peerage.bgp.wire.Wire.NO_IPV4;
import static dev.peerage.bgp.wire.Wire.ip;
import static dev.peerage.bgp.wire.Wire.prefixes;

import java.util.stream.Stream;

/** Clauses about next hops, NLRI of other families and path identifiers. */
final class NlriClauses {
  private NlriClauses() {}

  static Stream<UpdateClause> nextHops() {
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
        new UpdateClause(
            "RFC 2545 3: global and link-local next hop: the global one counts",
            MODERN,
            "80 0e 2a 00 02 01 20 " + six + local + "00 20 20 01 0d b8" + IGP + PATH,
            "",
            new Update(
                NO_IPV4,
                noHop.with(new PathAttribute.MpReach(ip("2001:db8::1"), prefixes("2001:db8::/32"))),
                NO_IPV4),
            false),
        new UpdateClause(
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
        new UpdateClause(
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

  static Stream<UpdateClause> pathIdentifiers() {
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
}

package dev.peerage.bench;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.rib.RibSettings;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Routes as a router sends them: one attribute set, and one UPDATE, per 100 prefixes. */
final class RibRoutes {
  static final int PER_UPDATE = 100;
  static final RibSettings SETTINGS =
      new RibSettings(65000, Inet4Address.ofLiteral("10.0.0.1"), false);

  private static final Set<AddressFamily> FAMILIES = EnumSet.allOf(AddressFamily.class);

  private RibRoutes() {}

  /** Takes what the peer is to be told, as after each batch that a socket brings. */
  static void drain(Rib rib, int number, Instant now) {
    for (var next = rib.outbox(name(number)).next(now);
        next.isPresent();
        next = rib.outbox(name(number)).next(now)) {
      next.get().release();
    }
  }

  /** An external peer, to which local routes could go. */
  static RibPeer peer(int number, boolean accept) {
    InetAddress address = InetAddress.ofLiteral("10.0.1." + number);
    return new RibPeer(
        name(number),
        address,
        65001,
        (Inet4Address) address,
        InetAddress.ofLiteral("10.0.0.1"),
        FAMILIES,
        new CodecContext(true, false, false, FAMILIES),
        false,
        false,
        accept,
        false,
        new ExportPolicy.Statements("none", List.of()));
  }

  static String name(int number) {
    return "peer-" + number;
  }

  /** The prefixes of one UPDATE: /24s all over IPv4, or /64s of 2001:db8::/32. */
  static PrefixList prefixes(AddressFamily family, int update) {
    PrefixList.Builder prefixes = new PrefixList.Builder(family, PER_UPDATE);
    for (int i = 0; i < PER_UPDATE; i++) {
      long number = update * (long) PER_UPDATE + i;
      switch (family) {
        case IPV4_UNICAST -> prefixes.add((number * 0x9e3779b1L & 0xff_ffff) << 40, 0, 24);
        case IPV6_UNICAST ->
            prefixes.add(0x2001_0db8_0000_0000L | number * 0x9e3779b1L & 0xffff_ffffL, 0, 64);
      }
    }
    return prefixes.build();
  }

  /** An attribute set that differs from those of other numbers. */
  static PathAttributes attributes(int number) {
    return PathAttributes.of(
        Origin.IGP,
        AsPath.of(65001, 4_200_000_000L + number, 64512),
        new PathAttribute.NextHop(InetAddress.ofLiteral("10.0.2.1")),
        new PathAttribute.Communities(List.of(new Community(65001L << 16 | 1))));
  }

  static Update announce(PathAttributes attributes, PrefixList prefixes) {
    PrefixList none = PrefixList.empty(AddressFamily.IPV4_UNICAST);
    return switch (prefixes.family()) {
      case IPV4_UNICAST -> new Update(none, attributes, prefixes);
      case IPV6_UNICAST ->
          new Update(
              none,
              attributes.with(
                  new PathAttribute.MpReach(InetAddress.ofLiteral("2001:db8::1"), prefixes)),
              none);
    };
  }

  static Update withdraw(PrefixList prefixes) {
    PrefixList none = PrefixList.empty(AddressFamily.IPV4_UNICAST);
    return switch (prefixes.family()) {
      case IPV4_UNICAST -> new Update(prefixes, PathAttributes.NONE, none);
      case IPV6_UNICAST ->
          new Update(none, PathAttributes.of(new PathAttribute.MpUnreach(prefixes)), none);
    };
  }
}

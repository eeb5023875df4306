package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.RouteChanges;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Peers, updates and a model of the other end for the tests of tables and of export. */
public final class Ribs {
  public static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  public static final RibSettings SETTINGS =
      new RibSettings(65000, Inet4Address.ofLiteral("192.168.0.1"), true);
  public static final InetAddress LOCAL = InetAddress.ofLiteral("192.168.0.1");
  public static final CodecContext CODEC =
      new CodecContext(true, false, false, EnumSet.allOf(AddressFamily.class));
  private static final PrefixList NO_IPV4 = PrefixList.empty(AddressFamily.IPV4_UNICAST);

  private Ribs() {}

  public static RibPeer peer(String name, long asn, String address, ExportPolicy policy) {
    return peer(name, asn, address, address, policy, true);
  }

  public static RibPeer peer(
      String name, long asn, String address, String id, ExportPolicy policy, boolean imports) {
    return new RibPeer(
        name,
        InetAddress.ofLiteral(address),
        asn,
        Inet4Address.ofLiteral(id),
        LOCAL,
        EnumSet.allOf(AddressFamily.class),
        CODEC,
        false,
        true,
        imports,
        false,
        policy);
  }

  /** The same peer on a session from this address. */
  public static RibPeer from(String local, RibPeer peer) {
    return new RibPeer(
        peer.name(),
        peer.address(),
        peer.asn(),
        peer.bgpIdentifier(),
        InetAddress.ofLiteral(local),
        peer.families(),
        peer.codec(),
        peer.enhancedRefresh(),
        peer.longLived(),
        peer.importRoutes(),
        peer.routeServer(),
        peer.exportPolicy());
  }

  public static ExportPolicy statements(ExportStatement... statements) {
    return new ExportPolicy.Statements("policy", List.of(statements));
  }

  public static Prefix prefix(String text) {
    return Prefix.parse(text);
  }

  public static PathAttributes attributes(AsPath path, PathAttribute... more) {
    PathAttributes attributes =
        PathAttributes.of(
            Origin.IGP, path, new PathAttribute.NextHop(InetAddress.ofLiteral("10.0.0.9")));
    for (PathAttribute each : more) {
      attributes = attributes.with(each);
    }
    return attributes;
  }

  public static Update announce(PathAttributes attributes, Prefix... prefixes) {
    PrefixList ipv6 = of(AddressFamily.IPV6_UNICAST, prefixes);
    return new Update(
        NO_IPV4,
        ipv6.isEmpty()
            ? attributes
            : attributes.with(new PathAttribute.MpReach(attributes.nextHop().orElseThrow(), ipv6)),
        of(AddressFamily.IPV4_UNICAST, prefixes));
  }

  public static Update withdraw(Prefix... prefixes) {
    PrefixList ipv6 = of(AddressFamily.IPV6_UNICAST, prefixes);
    return new Update(
        of(AddressFamily.IPV4_UNICAST, prefixes),
        ipv6.isEmpty() ? PathAttributes.NONE : PathAttributes.of(new PathAttribute.MpUnreach(ipv6)),
        NO_IPV4);
  }

  private static PrefixList of(AddressFamily family, Prefix... prefixes) {
    return PrefixList.of(
        family, Arrays.stream(prefixes).filter(each -> each.family() == family).toList());
  }

  /**
   * Applies changes to a plain map, as the peer would.
   *
   * @param exact whether every change must change something; a peer that lags behind others of its
   *     group may hear of a change that is none for it
   */
  public static void apply(RouteChanges changes, Map<Prefix, PathAttributes> told, boolean exact) {
    for (PrefixList withdrawn : changes.withdrawals()) {
      for (Prefix prefix : withdrawn.asList()) {
        if (told.remove(prefix) == null && exact) {
          throw new AssertionError(prefix + " is withdrawn and was never announced");
        }
      }
    }
    for (Update.Announcement announcement : changes.announcements()) {
      for (Prefix prefix : announcement.prefixes().asList()) {
        if (announcement.attributes().equals(told.put(prefix, announcement.attributes()))
            && exact) {
          throw new AssertionError(prefix + " is announced again, unchanged");
        }
      }
    }
  }

  /** What the peer has to be told since the last call; it counts as told. */
  public static RouteChanges drain(Rib rib, String peer, Instant now) {
    return RouteChanges.drain(rib.outbox(peer), now);
  }

  /** The loc-rib. */
  public static List<Route> locRib(Rib rib, AddressFamily family) {
    return all(rib.readLocRib(family));
  }

  /** What a peer sent. */
  public static List<Route> adjRibIn(Rib rib, String peer, AddressFamily family) {
    return all(rib.readAdjRibIn(peer, family));
  }

  /** What a peer was told. */
  public static List<Route> adjRibOut(Rib rib, String peer, AddressFamily family) {
    return all(rib.readAdjRibOut(peer, family));
  }

  /** All that is still to be read, while nothing changes. */
  static List<Route> all(RouteReader reader) {
    List<Route> routes = new ArrayList<>();
    while (!reader.isDone()) {
      routes.addAll(reader.next());
    }
    return routes;
  }

  /** The adj-rib-out as a map. */
  public static Map<Prefix, PathAttributes> advertised(Rib rib, String peer) {
    Map<Prefix, PathAttributes> routes = new TreeMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      adjRibOut(rib, peer, family).forEach(route -> routes.put(route.prefix(), route.attributes()));
    }
    return routes;
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.Route;
import dev.peerage.bgp.rib.RouteReader;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.InetAddress;

/** Tables of a RIB as callers see them. */
final class RouteViews {
  private RouteViews() {}

  static RouteReader read(Rib rib, RouteTable table, AddressFamily family) {
    return switch (table) {
      case RouteTable.LocRib _ -> rib.readLocRib(family);
      case RouteTable.AdjRibIn(var peer) -> rib.readAdjRibIn(peer, family);
      case RouteTable.AdjRibOut(var peer) -> rib.readAdjRibOut(peer, family);
    };
  }

  static RouteView view(Route route) {
    PathAttributes attributes = route.attributes();
    return new RouteView(
        route.prefix(),
        attributes.nextHop().orElseGet(() -> unspecified(route.prefix().family())),
        route.peer(),
        route.since(),
        attributes.origin(),
        attributes.asPath().text(),
        attributes.med(),
        attributes.localPref(),
        attributes.communities(),
        attributes.largeCommunities(),
        switch (route.selection()) {
          case BEST -> RouteView.Selection.BEST;
          case MULTIPATH -> RouteView.Selection.MULTIPATH;
          case VALID -> RouteView.Selection.VALID;
          case REJECTED -> RouteView.Selection.REJECTED;
          case NOT_KEPT -> RouteView.Selection.NOT_KEPT;
        },
        route.verdict().words());
  }

  private static InetAddress unspecified(AddressFamily family) {
    return InetAddress.ofLiteral(
        switch (family) {
          case IPV4_UNICAST -> "0.0.0.0";
          case IPV6_UNICAST -> "::";
        });
  }
}

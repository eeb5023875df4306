package dev.peerage.table;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.RouteView.Selection;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.util.List;

/** A router's BGP table in the layout of FRR 8.4's {@code show ip bgp}. */
public final class RouterTable {
  private static final int NETWORK_WIDTH = 17;
  private static final int NEXT_HOP_WIDTH = 16;
  // FRR gives locally originated routes this weight.
  private static final int LOCAL_WEIGHT = 32768;

  private RouterTable() {}

  /**
   * Renders a loc-rib.
   *
   * @param version how often the table changed
   * @param routerId the router's BGP identifier
   * @param routes sorted by prefix, best first
   */
  public static String of(
      long version, Inet4Address routerId, long localAsn, List<RouteView> routes) {
    var text =
        new StringBuilder(
            """
            BGP table version is %d, local router ID is %s, vrf id 0
            Default local pref 100, local AS %d
            Status codes:  s suppressed, d damped, h history, * valid, > best, = multipath,
                           i internal, r RIB-failure, S Stale, R Removed
            Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self
            Origin codes:  i - IGP, e - EGP, ? - incomplete
            RPKI validation codes: V valid, I invalid, N Not found

               Network          Next Hop            Metric LocPrf Weight Path
            """
                .formatted(version, IpText.of(routerId), localAsn));
    Prefix last = null;
    int prefixes = 0;
    for (RouteView route : routes) {
      boolean repeated = route.prefix().equals(last);
      if (!repeated) {
        prefixes++;
        last = route.prefix();
      }
      line(text, route, repeated);
    }
    return text.append("\nDisplayed  ")
        .append(prefixes)
        .append(" routes and ")
        .append(routes.size())
        .append(" total paths\n")
        .toString();
  }

  private static void line(StringBuilder text, RouteView route, boolean repeated) {
    text.append('*').append(mark(route.selection())).append(route.localPref() < 0 ? ' ' : 'i');
    column(
        text,
        repeated ? "" : IpText.of(route.prefix().address()) + "/" + route.prefix().length(),
        NETWORK_WIDTH,
        3);
    column(text, route.nextHopText(), NEXT_HOP_WIDTH, 3 + NETWORK_WIDTH);
    boolean local = route.peer().isEmpty();
    String metric = route.med() >= 0 ? Long.toString(route.med()) : local ? "0" : "";
    String preference = route.localPref() >= 0 ? Long.toString(route.localPref()) : "";
    text.append("%10s%7s%7d ".formatted(metric, preference, local ? LOCAL_WEIGHT : 0));
    if (!route.asPath().isEmpty()) {
      text.append(route.asPath()).append(' ');
    }
    text.append(route.origin().symbol()).append('\n');
  }

  // FRR breaks the line after a cell that is too wide for its column.
  private static void column(StringBuilder text, String cell, int width, int indent) {
    text.append(cell);
    if (cell.length() >= width) {
      text.append('\n').repeat(" ", indent + width);
    } else {
      text.repeat(" ", width - cell.length());
    }
  }

  private static char mark(Selection selection) {
    return switch (selection) {
      case BEST -> '>';
      case MULTIPATH -> '=';
      case VALID, REJECTED, NOT_KEPT -> ' ';
    };
  }
}

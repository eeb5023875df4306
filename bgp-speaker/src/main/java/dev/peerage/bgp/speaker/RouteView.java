package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * A route as tables show it.
 *
 * @param prefix the destination
 * @param nextHop the next hop; the unspecified address for a local route of the loc-rib
 * @param peer the peer that it came from or goes to; empty for a local route of the loc-rib
 * @param since when the prefix entered the table; attribute changes do not move it
 * @param asPath AS_PATH as routers print it, for example {@code 65000 65001}; empty for local
 *     routes
 * @param med MULTI_EXIT_DISC or -1
 * @param localPref LOCAL_PREF or -1
 * @param communities RFC 1997
 * @param largeCommunities RFC 8092
 * @param selection its rank in the decision process (RFC 4271 section 9.1)
 * @param rejection why the decision process may not consider it, in words; empty when it may
 */
public record RouteView(
    Prefix prefix,
    InetAddress nextHop,
    String peer,
    Instant since,
    Origin origin,
    String asPath,
    long med,
    long localPref,
    List<Community> communities,
    List<LargeCommunity> largeCommunities,
    Selection selection,
    String rejection) {

  public RouteView {
    communities = List.copyOf(communities);
    largeCommunities = List.copyOf(largeCommunities);
  }

  /** That may be used. */
  public RouteView(
      Prefix prefix,
      InetAddress nextHop,
      String peer,
      Instant since,
      Origin origin,
      String asPath,
      long med,
      long localPref,
      List<Community> communities,
      List<LargeCommunity> largeCommunities,
      Selection selection) {
    this(
        prefix,
        nextHop,
        peer,
        since,
        origin,
        asPath,
        med,
        localPref,
        communities,
        largeCommunities,
        selection,
        "");
  }

  /** The next hop as it is on the wire. */
  public String nextHopText() {
    return nextHopText(prefix, nextHop);
  }

  /** The next hop of a route as it is on the wire: of IPv6 routes an IPv4 address is mapped. */
  public static String nextHopText(Prefix prefix, InetAddress nextHop) {
    return prefix.family() == AddressFamily.IPV6_UNICAST
            && nextHop instanceof Inet4Address
            && !nextHop.isAnyLocalAddress()
        ? IpText.mapped(nextHop)
        : IpText.of(nextHop);
  }

  /** The outcome of the decision process for one route. */
  public enum Selection {
    /** The best route of its prefix. */
    BEST,
    /** Used beside the best one. */
    MULTIPATH,
    /** Known, not used. */
    VALID,
    /** Known, and may not be used: {@link RouteView#rejection} says why. */
    REJECTED,
    /** Not used, and its attributes were not kept for want of room: this shows none. */
    NOT_KEPT
  }
}

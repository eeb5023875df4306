package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Whether the decision process may consider a received route at all (RFC 4271 sections 6.3 and
 * 9.1.2). What may not be is kept and counted, as what import policy rejects.
 */
final class Feasibility {
  private Feasibility() {}

  static boolean feasible(RibPeer peer, PathAttributes attributes, RibSettings settings) {
    boolean external = peer.asn() != settings.localAsn();
    return !looped(attributes, settings, external)
        && (!external || startsWith(attributes.asPath(), peer))
        && attributes.nextHop().filter(nextHop -> usable(nextHop, peer)).isPresent();
  }

  private static boolean looped(PathAttributes attributes, RibSettings settings, boolean external) {
    AsPath path = attributes.asPath();
    if (path.contains(settings.localAsn()) // RFC 4271 section 9.1.2
        || path.contains(0)) { // RFC 7607 section 2
      return true;
    }
    // RFC 4456 section 8, for internal peers; from external ones these attributes mean nothing.
    return !external
        && (attributes
                .find(PathAttribute.OriginatorId.class)
                .filter(each -> each.id().equals(settings.routerId()))
                .isPresent()
            || attributes
                .find(PathAttribute.ClusterList.class)
                .filter(each -> each.ids().contains(settings.routerId()))
                .isPresent());
  }

  /** RFC 4271 section 6.3: the leftmost AS is the peer's; not so with a route server (RFC 7947). */
  private static boolean startsWith(AsPath path, RibPeer peer) {
    return peer.routeServer() || path.neighborAsn() == peer.asn();
  }

  /**
   * RFC 4271 section 6.3: the address of a host, and not of this one. A session between loopback
   * addresses has loopback next hops. Two speakers that share one address cannot tell.
   */
  private static boolean usable(InetAddress nextHop, RibPeer peer) {
    if (nextHop.isAnyLocalAddress()
        || nextHop.isMulticastAddress()
        || nextHop.isLoopbackAddress() && !peer.address().isLoopbackAddress()) {
      return false;
    }
    if (nextHop instanceof Inet4Address) {
      int first = nextHop.getAddress()[0] & 0xff;
      if (first == 0 || first >= 240) {
        return false;
      }
    }
    return peer.localAddress().equals(peer.address()) || !nextHop.equals(peer.localAddress());
  }
}

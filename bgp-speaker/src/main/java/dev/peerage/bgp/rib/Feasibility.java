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

  static Verdict of(RibPeer peer, PathAttributes attributes, RibSettings settings) {
    boolean external = peer.asn() != settings.localAsn();
    AsPath path = attributes.asPath();
    if (path.contains(settings.localAsn())) {
      return Verdict.LOOP;
    }
    if (path.contains(0)) {
      return Verdict.AS_0;
    }
    // RFC 4456 section 8, for internal peers; from external ones these attributes mean nothing.
    if (!external) {
      if (attributes
          .find(PathAttribute.OriginatorId.class)
          .filter(each -> each.id().equals(settings.routerId()))
          .isPresent()) {
        return Verdict.OWN_ORIGINATOR;
      }
      if (attributes
          .find(PathAttribute.ClusterList.class)
          .filter(each -> each.ids().contains(settings.routerId()))
          .isPresent()) {
        return Verdict.CLUSTER_LOOP;
      }
    }
    // Not so with a route server (RFC 7947 section 2.2.2.1).
    if (external && !peer.routeServer() && path.neighborAsn() != peer.asn()) {
      return Verdict.FIRST_AS;
    }
    Verdict nextHop =
        attributes.nextHop().map(each -> nextHop(each, peer)).orElse(Verdict.NO_NEXT_HOP);
    return nextHop == Verdict.USABLE && !peer.importRoutes() ? Verdict.IMPORT_POLICY : nextHop;
  }

  /**
   * RFC 4271 section 6.3: the address of a host, and not of this one. Two speakers that share one
   * address cannot tell. A loopback address only gets here where it stands for another one.
   */
  private static Verdict nextHop(InetAddress nextHop, RibPeer peer) {
    if (nextHop.isAnyLocalAddress()
        || nextHop.isMulticastAddress()
        || nextHop.isLoopbackAddress() && !peer.address().isLoopbackAddress()) {
      return Verdict.BAD_NEXT_HOP;
    }
    if (nextHop instanceof Inet4Address) {
      int first = nextHop.getAddress()[0] & 0xff;
      if (first == 0 || first >= 240) {
        return Verdict.BAD_NEXT_HOP;
      }
    }
    return peer.ownAddresses().contains(nextHop) && !nextHop.equals(peer.address())
        ? Verdict.OWN_NEXT_HOP
        : Verdict.USABLE;
  }
}

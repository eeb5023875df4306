package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Set;

/**
 * What the RIB needs to know of an established session.
 *
 * @param name the peer's name, unique in the RIB
 * @param address the peer's address
 * @param asn the peer's ASN; the same as the local one makes it internal
 * @param bgpIdentifier from its OPEN
 * @param localAddress this side's address of the session, the next hop of what is announced
 * @param families the negotiated families
 * @param extendedNextHop whether IPv4 routes may have IPv6 next hops (RFC 8950)
 * @param importRoutes whether received routes may enter the loc-rib; if not, they are only kept and
 *     counted
 * @param routeServer whether the peer is a route server, which does not put its own AS in front of
 *     the AS_PATH (RFC 7947 section 2.2.2.1)
 * @param exportPolicy what is sent
 */
public record RibPeer(
    String name,
    InetAddress address,
    long asn,
    Inet4Address bgpIdentifier,
    InetAddress localAddress,
    Set<AddressFamily> families,
    boolean extendedNextHop,
    boolean importRoutes,
    boolean routeServer,
    ExportPolicy exportPolicy) {

  /** Copies the set. */
  public RibPeer {
    families = Set.copyOf(families);
  }

  /** The same peer with another import policy. */
  public RibPeer withImportRoutes(boolean imports) {
    return new RibPeer(
        name,
        address,
        asn,
        bgpIdentifier,
        localAddress,
        families,
        extendedNextHop,
        imports,
        routeServer,
        exportPolicy);
  }

  /**
   * Whether a route of the family can be announced: there must be a next hop that the peer takes.
   */
  boolean reaches(AddressFamily family) {
    return families.contains(family)
        && (family == AddressFamily.IPV6_UNICAST
            || localAddress instanceof Inet4Address
            || extendedNextHop);
  }
}

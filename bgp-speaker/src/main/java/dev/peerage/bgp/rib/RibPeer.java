package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.NextHops;
import dev.peerage.bgp.export.UpdateGroupKey;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * What the RIB needs to know of an established session.
 *
 * @param name the peer's name, unique in the RIB
 * @param asn the peer's ASN; the same as the local one makes it internal
 * @param bgpIdentifier from its OPEN
 * @param localAddress this side's address of the session
 * @param ownAddresses all addresses of this host, as far as they can be told from the peer's: what
 *     may not be the next hop of a received route
 * @param families the negotiated families
 * @param codec how messages to the peer are encoded
 * @param enhancedRefresh whether a refresh is marked with BoRR and EoRR (RFC 7313)
 * @param longLived whether the peer takes long-lived stale routes (RFC 9494)
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
    Set<InetAddress> ownAddresses,
    Set<AddressFamily> families,
    CodecContext codec,
    boolean enhancedRefresh,
    boolean longLived,
    boolean importRoutes,
    boolean routeServer,
    ExportPolicy exportPolicy) {

  public RibPeer {
    ownAddresses = Set.copyOf(ownAddresses);
    families = Set.copyOf(families);
  }

  /** Of a session of which only this side's address is known. */
  public RibPeer(
      String name,
      InetAddress address,
      long asn,
      Inet4Address bgpIdentifier,
      InetAddress localAddress,
      Set<AddressFamily> families,
      CodecContext codec,
      boolean enhancedRefresh,
      boolean longLived,
      boolean importRoutes,
      boolean routeServer,
      ExportPolicy exportPolicy) {
    this(
        name,
        address,
        asn,
        bgpIdentifier,
        localAddress,
        Set.of(localAddress),
        families,
        codec,
        enhancedRefresh,
        longLived,
        importRoutes,
        routeServer,
        exportPolicy);
  }

  /** The next hops of a side that has no other address than that of the session. */
  NextHops nextHops() {
    return NextHops.of(localAddress, codec.extendedNextHop(), List.of());
  }

  UpdateGroupKey updateGroup(RibSettings settings, NextHops nextHops) {
    return new UpdateGroupKey(asn != settings.localAsn(), nextHops, families, longLived, codec);
  }

  /** The same peer with another import policy. */
  RibPeer withImport(boolean imports, boolean server) {
    return new RibPeer(
        name,
        address,
        asn,
        bgpIdentifier,
        localAddress,
        ownAddresses,
        families,
        codec,
        enhancedRefresh,
        longLived,
        imports,
        server,
        exportPolicy);
  }
}

package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A source and an attribute set, shared by all prefixes that came with them; compared by identity.
 * What the decision process looks at is at hand.
 */
final class Path {
  /** Where a path comes from. */
  enum Kind {
    LOCAL,
    EXTERNAL,
    INTERNAL
  }

  /** RFC 9494 section 3. */
  static final Community LLGR_STALE = new Community(0xffff_0006L);

  static final Community NO_LLGR = new Community(0xffff_0007L);

  private static final int DEFAULT_LOCAL_PREF = 100;
  private static final InetAddress NOWHERE = Inet4Address.ofLiteral("0.0.0.0");

  /** Every locally originated route. */
  static final Path LOCAL =
      new Path(Kind.LOCAL, "", NOWHERE, 0, PathAttributes.of(Origin.IGP, AsPath.EMPTY), true);

  final Kind kind;
  final String peer;
  final PathAttributes attributes;
  final boolean accepted;
  final boolean longLived;
  final long localPref;
  final AsPath asPath;
  final int asPathLength;
  final int origin;
  final long med;
  final long neighborAsn;
  final int clusterListLength;
  private final InetAddress address;
  private final long identifier;

  /** How many prefixes of the adj-rib-in have it. */
  int references;

  private Path(
      Kind kind,
      String peer,
      InetAddress address,
      long identifier,
      PathAttributes attributes,
      boolean accepted) {
    this.kind = kind;
    this.peer = peer;
    this.address = address;
    this.identifier = identifier;
    this.attributes = attributes;
    this.accepted = accepted;
    this.longLived = attributes.communities().contains(LLGR_STALE);
    this.localPref = attributes.localPref() < 0 ? DEFAULT_LOCAL_PREF : attributes.localPref();
    this.asPath = attributes.asPath();
    this.asPathLength = asPath.length();
    this.origin = attributes.origin().code();
    this.med = Math.max(0, attributes.med());
    this.neighborAsn = asPath.neighborAsn();
    this.clusterListLength =
        attributes.find(PathAttribute.ClusterList.class).map(each -> each.ids().size()).orElse(0);
  }

  /** A received path. It is accepted when import policy lets it and nothing tells of a loop. */
  static Path received(RibPeer peer, PathAttributes attributes, RibSettings settings) {
    Inet4Address originator =
        attributes
            .find(PathAttribute.OriginatorId.class)
            .map(PathAttribute.OriginatorId::id)
            .orElse(peer.bgpIdentifier());
    boolean looped =
        attributes.asPath().contains(settings.localAsn())
            || originator.equals(settings.routerId()) // RFC 4456 section 8
            || pointsHere(peer, attributes);
    return new Path(
        peer.asn() == settings.localAsn() ? Kind.INTERNAL : Kind.EXTERNAL,
        peer.name(),
        peer.address(),
        unsigned(originator),
        attributes,
        peer.importRoutes() && !looped);
  }

  /** The attributes of a route that is stale for long. */
  static PathAttributes longLived(PathAttributes attributes) {
    if (attributes.communities().contains(LLGR_STALE)) {
      return attributes;
    }
    List<Community> communities = new ArrayList<>(attributes.communities());
    communities.add(LLGR_STALE);
    return attributes.with(new PathAttribute.Communities(communities));
  }

  /** RFC 4271 section 6.3. Two speakers that share one address cannot tell. */
  private static boolean pointsHere(RibPeer peer, PathAttributes attributes) {
    return !peer.localAddress().equals(peer.address())
        && attributes.nextHop().filter(peer.localAddress()::equals).isPresent();
  }

  private static long unsigned(Inet4Address address) {
    long value = 0;
    for (byte octet : address.getAddress()) {
      value = (value << 8) | (octet & 0xff);
    }
    return value;
  }

  /** RFC 4271 section 9.1.2.2 (f) and (g), RFC 4456 section 9. */
  static int compareTieBreakers(Path one, Path other) {
    int order = Long.compare(one.identifier, other.identifier);
    if (order == 0) {
      order = Integer.compare(one.clusterListLength, other.clusterListLength);
    }
    if (order == 0) {
      order = Arrays.compareUnsigned(one.address.getAddress(), other.address.getAddress());
    }
    return order == 0 ? one.peer.compareTo(other.peer) : order;
  }
}

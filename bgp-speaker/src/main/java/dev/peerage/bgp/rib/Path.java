package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.BestPath;
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
final class Path implements BestPath {
  /** Where a path comes from. */
  enum Kind {
    LOCAL,
    EXTERNAL,
    INTERNAL
  }

  private static final int DEFAULT_LOCAL_PREF = 100;
  private static final InetAddress NOWHERE = Inet4Address.ofLiteral("0.0.0.0");

  /** Every locally originated route. */
  static final Path LOCAL =
      new Path(
          Kind.LOCAL,
          "",
          NOWHERE,
          0,
          PathAttributes.of(Origin.IGP, AsPath.EMPTY),
          0,
          Verdict.USABLE,
          true,
          new PathSet(new PathSet.Bytes()));

  final Kind kind;
  final String peer;
  final PathAttributes attributes;

  /** Why the decision process does not consider it, if so. */
  final Verdict verdict;

  /** Whether the decision process considers it. */
  final boolean accepted;

  /** Whether the attributes are those that came; else there was no room for them. */
  final boolean kept;

  final boolean longLived;
  final long localPref;
  final AsPath asPath;

  /** The steps before MED in one number, the lowest first. */
  final long rank;

  final long med;
  final long neighborAsn;
  private final int clusterListLength;
  private final InetAddress address;
  private final long identifier;

  /** What it takes of memory, with its attributes. */
  final int bytes;

  final PathSet home;

  /** What the routes of its {@link PathTable} know it by, while there are any. */
  int number;

  /** How many routes have it. */
  int references;

  private Path(
      Kind kind,
      String peer,
      InetAddress address,
      long identifier,
      PathAttributes attributes,
      long neighborAsn,
      Verdict verdict,
      boolean kept,
      PathSet home) {
    this.kind = kind;
    this.peer = peer;
    this.address = address;
    this.identifier = identifier;
    this.attributes = attributes;
    this.neighborAsn = neighborAsn;
    this.verdict = verdict;
    this.accepted = verdict == Verdict.USABLE;
    this.kept = kept;
    this.home = home;
    this.bytes = HeapSize.ofPath(attributes);
    this.longLived = attributes.communities().contains(Community.LLGR_STALE);
    this.localPref = localPref(kind, attributes);
    this.asPath = attributes.asPath();
    this.med = Math.max(0, attributes.med());
    this.clusterListLength =
        attributes.find(PathAttribute.ClusterList.class).map(each -> each.ids().size()).orElse(0);
    this.rank = rank();
  }

  static Path received(
      RibPeer peer, PathAttributes attributes, RibSettings settings, PathSet home) {
    return received(peer, attributes, settings, true, home);
  }

  /** A path without the attributes that came; it is not used. */
  static Path bare(RibPeer peer, RibSettings settings, PathSet home) {
    return received(peer, PathAttributes.NONE, settings, false, home);
  }

  private static Path received(
      RibPeer peer, PathAttributes attributes, RibSettings settings, boolean kept, PathSet home) {
    Kind kind = peer.asn() == settings.localAsn() ? Kind.INTERNAL : Kind.EXTERNAL;
    // RFC 4456 section 8: attributes among internal peers.
    Inet4Address originator =
        attributes
            .find(PathAttribute.OriginatorId.class)
            .filter(_ -> kind == Kind.INTERNAL)
            .map(PathAttribute.OriginatorId::id)
            .orElse(peer.bgpIdentifier());
    long neighbor = attributes.asPath().neighborAsn();
    return new Path(
        kind,
        peer.name(),
        peer.address(),
        unsigned(originator),
        attributes,
        neighbor == 0 ? peer.asn() : neighbor,
        kept ? Feasibility.of(peer, attributes, settings) : Verdict.IMPORT_POLICY,
        kept,
        home);
  }

  /** Degree of preference (RFC 4271 section 9.1.1); section 5.1.5: only internal peers set it. */
  private static long localPref(Kind kind, PathAttributes attributes) {
    return kind == Kind.INTERNAL && attributes.localPref() >= 0
        ? attributes.localPref()
        : DEFAULT_LOCAL_PREF;
  }

  private long rank() {
    long rank = longLived ? 1 : 0;
    rank = rank << 1 | (kind == Kind.LOCAL ? 0 : 1);
    rank = rank << 32 | (0xffff_ffffL - localPref);
    rank = rank << 16 | Math.min(asPath.length(), 0xffff); // more do not fit into a message
    return rank << 2 | attributes.origin().code();
  }

  /** Forgets the path when no route has it. */
  void release() {
    if (references == 0) {
      forget();
    }
  }

  /** The next route with these attributes gets another path. */
  void forget() {
    home.remove(this);
  }

  @Override
  public boolean isLocal() {
    return kind == Kind.LOCAL;
  }

  @Override
  public boolean isInternal() {
    return kind == Kind.INTERNAL;
  }

  @Override
  public boolean isLongLived() {
    return longLived;
  }

  @Override
  public long localPref() {
    return localPref;
  }

  @Override
  public PathAttributes attributes() {
    return attributes;
  }

  /** The attributes of a route that is stale for long. */
  static PathAttributes longLived(PathAttributes attributes) {
    if (attributes.communities().contains(Community.LLGR_STALE)) {
      return attributes;
    }
    List<Community> communities = new ArrayList<>(attributes.communities());
    communities.add(Community.LLGR_STALE);
    return attributes.with(new PathAttribute.Communities(communities));
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

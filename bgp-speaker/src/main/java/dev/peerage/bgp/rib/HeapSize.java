package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * How many bytes of heap an attribute set takes with what belongs to it alone, by the layout of
 * objects on a 64-bit JVM with compressed pointers. What several sets may share is counted for
 * each. Pure.
 */
final class HeapSize {
  private static final int RECORD = 16;

  /** A record with one long, or a boxed number. */
  private static final int WIDE_RECORD = 24;

  private static final int IPV4_ADDRESS = 24 + 32;
  private static final int IPV6_ADDRESS = 32 + 32 + 32 + 32;
  private static final int POINTER = 4;

  /** A {@link Path}, its entry in a hash table, its share of that and of the {@link PathTable}. */
  private static final int PATH = 96 + 32 + 8 + 16;

  private HeapSize() {}

  /** Of a path with these attributes. */
  static int ofPath(PathAttributes attributes) {
    int size = PATH + 32 + list(attributes.asList().size());
    for (PathAttribute attribute : attributes.asList()) {
      size += of(attribute);
    }
    return size;
  }

  private static int of(PathAttribute attribute) {
    return switch (attribute) {
      case Origin _ -> 0;
      case AsPath path -> RECORD + list(path.segments().size()) + segments(path);
      case PathAttribute.NextHop(var address) -> RECORD + of(address);
      case PathAttribute.Med _, PathAttribute.LocalPref _ -> WIDE_RECORD;
      case PathAttribute.AtomicAggregate _ -> RECORD;
      case PathAttribute.Aggregator _ -> 32 + IPV4_ADDRESS;
      case PathAttribute.Communities(var values) -> RECORD + list(values.size(), WIDE_RECORD);
      case PathAttribute.ExtendedCommunities(var values) ->
          RECORD + list(values.size(), WIDE_RECORD);
      case PathAttribute.LargeCommunities(var values) -> RECORD + list(values.size(), 40);
      case PathAttribute.Ipv6ExtendedCommunities(var values) -> RECORD + list(values.size(), 40);
      case PathAttribute.OriginatorId _ -> RECORD + IPV4_ADDRESS;
      case PathAttribute.ClusterList(var ids) -> RECORD + list(ids.size(), IPV4_ADDRESS);
      case PathAttribute.Unknown(_, _, var value) -> 24 + RECORD + array(value.length());
      // They carry routes, and are not among the attributes of a route.
      case PathAttribute.MpReach _, PathAttribute.MpUnreach _ -> 0;
    };
  }

  private static int segments(AsPath path) {
    int size = 0;
    for (AsPath.Segment segment : path.segments()) {
      size += WIDE_RECORD + list(segment.asns().size(), WIDE_RECORD);
    }
    return size;
  }

  private static int of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4_ADDRESS : IPV6_ADDRESS;
  }

  /** An immutable list of the JDK and its elements. */
  private static int list(int length, int element) {
    return list(length) + length * element;
  }

  private static int list(int length) {
    return switch (length) {
      case 0 -> 0;
      case 1, 2 -> 24;
      default -> 24 + array(POINTER * length);
    };
  }

  private static int array(int bytes) {
    return 16 + (bytes + 7 & ~7);
  }
}

package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import dev.peerage.bgp.wire.Malformed.TreatAsWithdraw;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the value of one attribute that is neither MP_* nor AS4_*. What is wrong with it becomes
 * a problem in the terms of RFC 7606 section 7, and the attribute is left out.
 */
final class AttributeDecoder {
  private AttributeDecoder() {}

  /** The value's slice ends where the attribute ends, so nothing can be read beyond it. */
  static void decode(
      AttributeType type,
      ByteBuf value,
      CodecContext context,
      List<PathAttribute> attributes,
      List<Malformed> problems) {
    int length = value.readableBytes();
    if (!lengthFits(type, length, context)) {
      problems.add(badLength(type, length));
      return;
    }
    switch (type) {
      case ORIGIN -> origin(value.readUnsignedByte(), attributes, problems);
      case AS_PATH -> asPath(value, context.fourOctetAsn() ? 4 : 2, attributes, problems);
      case NEXT_HOP -> nextHop(Addresses.ipv4(value.readInt()), attributes, problems);
      case MULTI_EXIT_DISC -> attributes.add(new PathAttribute.Med(value.readUnsignedInt()));
      case LOCAL_PREF -> attributes.add(new PathAttribute.LocalPref(value.readUnsignedInt()));
      case ATOMIC_AGGREGATE -> attributes.add(new PathAttribute.AtomicAggregate());
      case AGGREGATOR -> {
        long asn = context.fourOctetAsn() ? value.readUnsignedInt() : value.readUnsignedShort();
        if (asn == 0) { // RFC 7607 section 2
          problems.add(
              new AttributeDiscard(
                  type.code(), NotificationCode.OPTIONAL_ATTRIBUTE_ERROR, "AGGREGATOR with AS 0"));
        } else {
          attributes.add(new PathAttribute.Aggregator(asn, Addresses.ipv4(value.readInt())));
        }
      }
      case COMMUNITIES -> {
        List<Community> communities = new ArrayList<>(length / 4);
        while (value.isReadable()) {
          communities.add(new Community(value.readUnsignedInt()));
        }
        attributes.add(new PathAttribute.Communities(communities));
      }
      case ORIGINATOR_ID ->
          attributes.add(new PathAttribute.OriginatorId(Addresses.ipv4(value.readInt())));
      case CLUSTER_LIST -> {
        List<Inet4Address> ids = new ArrayList<>(length / 4);
        while (value.isReadable()) {
          ids.add(Addresses.ipv4(value.readInt()));
        }
        attributes.add(new PathAttribute.ClusterList(ids));
      }
      case EXTENDED_COMMUNITIES -> {
        List<ExtendedCommunity> communities = new ArrayList<>(length / 8);
        while (value.isReadable()) {
          communities.add(new ExtendedCommunity(value.readLong()));
        }
        attributes.add(new PathAttribute.ExtendedCommunities(communities));
      }
      case IPV6_EXTENDED_COMMUNITIES -> {
        List<Ipv6ExtendedCommunity> communities = new ArrayList<>(length / 20);
        while (value.isReadable()) {
          communities.add(
              new Ipv6ExtendedCommunity(
                  value.readUnsignedShort(),
                  value.readLong(),
                  value.readLong(),
                  value.readUnsignedShort()));
        }
        attributes.add(new PathAttribute.Ipv6ExtendedCommunities(communities));
      }
      case LARGE_COMMUNITY -> {
        List<LargeCommunity> communities = new ArrayList<>(length / 12);
        while (value.isReadable()) {
          communities.add(
              new LargeCommunity(
                  value.readUnsignedInt(), value.readUnsignedInt(), value.readUnsignedInt()));
        }
        // RFC 8092 section 5: duplicates are removed
        attributes.add(
            new PathAttribute.LargeCommunities(communities.stream().distinct().toList()));
      }
      case MP_REACH_NLRI, MP_UNREACH_NLRI, AS4_PATH, AS4_AGGREGATOR ->
          throw new IllegalArgumentException(type + " is decoded elsewhere");
    }
  }

  private static boolean lengthFits(AttributeType type, int length, CodecContext context) {
    return switch (type) {
      case ORIGIN -> length == 1;
      case AS_PATH -> true; // its segments are checked one by one
      case NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID -> length == 4;
      case ATOMIC_AGGREGATE -> length == 0;
      case AGGREGATOR -> length == (context.fourOctetAsn() ? 8 : 6);
      case COMMUNITIES, CLUSTER_LIST -> length > 0 && length % 4 == 0;
      case EXTENDED_COMMUNITIES -> length > 0 && length % 8 == 0;
      case IPV6_EXTENDED_COMMUNITIES -> length > 0 && length % 20 == 0;
      case LARGE_COMMUNITY -> length > 0 && length % 12 == 0;
      case MP_REACH_NLRI, MP_UNREACH_NLRI, AS4_PATH, AS4_AGGREGATOR -> true;
    };
  }

  /** RFC 7606 sections 7.6 and 7.7: what does not change the choice of routes is discarded. */
  private static Malformed badLength(AttributeType type, int length) {
    String reason = type + " of " + length + " bytes";
    return type == AttributeType.ATOMIC_AGGREGATE || type == AttributeType.AGGREGATOR
        ? new AttributeDiscard(type.code(), NotificationCode.ATTRIBUTE_LENGTH_ERROR, reason)
        : new TreatAsWithdraw(type.code(), NotificationCode.ATTRIBUTE_LENGTH_ERROR, reason);
  }

  private static void origin(int code, List<PathAttribute> attributes, List<Malformed> problems) {
    for (Origin origin : Origin.values()) {
      if (origin.code() == code) {
        attributes.add(origin);
        return;
      }
    }
    problems.add(
        new TreatAsWithdraw(
            AttributeType.ORIGIN.code(),
            NotificationCode.INVALID_ORIGIN_ATTRIBUTE,
            "ORIGIN " + code + ", not 0 to 2"));
  }

  private static void asPath(
      ByteBuf value, int width, List<PathAttribute> attributes, List<Malformed> problems) {
    try {
      attributes.add(AsPathDecoder.decode(value, width));
    } catch (AsPathDecoder.BadPath e) {
      problems.add(
          new TreatAsWithdraw(
              AttributeType.AS_PATH.code(), NotificationCode.MALFORMED_AS_PATH, e.reason()));
    }
  }

  private static void nextHop(
      Inet4Address address, List<PathAttribute> attributes, List<Malformed> problems) {
    if (usable(address)) {
      attributes.add(new PathAttribute.NextHop(address));
    } else {
      problems.add(
          new TreatAsWithdraw(
              AttributeType.NEXT_HOP.code(),
              NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE,
              "NEXT_HOP " + IpText.of(address)));
    }
  }

  /**
   * Whether packets can be sent to a next hop (RFC 4271 section 6.3). Of loopback addresses {@link
   * UpdateValidator} decides: in the lab they stand for others.
   */
  static boolean usable(InetAddress nextHop) {
    return !nextHop.isAnyLocalAddress()
        && !nextHop.isMulticastAddress()
        && !(nextHop instanceof Inet4Address
            && ((nextHop.getAddress()[0] & 0xf0) == 0xf0 || nextHop.getAddress()[0] == 0));
  }
}

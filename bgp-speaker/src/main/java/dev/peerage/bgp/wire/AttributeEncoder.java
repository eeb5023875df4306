package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.AttributeType.Flags;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Encodes path attributes (RFC 4271 section 4.3). MP attributes stand first (RFC 7606 5.1). */
final class AttributeEncoder {
  private final CodecContext context;

  AttributeEncoder(CodecContext context) {
    this.context = context;
  }

  /** Writes all attributes. */
  void write(PathAttributes attributes, ByteBuf out) {
    for (PathAttribute attribute : attributes.asList()) {
      switch (attribute) {
        case PathAttribute.MpReach(InetAddress nextHop, PrefixList prefixes) -> {
          int size = Nlri.size(prefixes, addPath(prefixes));
          Multiprotocol.reach(prefixes.family(), nextHop, size, out);
          Nlri.write(prefixes, addPath(prefixes), out);
        }
        case PathAttribute.MpUnreach(PrefixList prefixes) -> {
          int size = Nlri.size(prefixes, addPath(prefixes));
          Multiprotocol.unreach(prefixes.family(), size, out);
          Nlri.write(prefixes, addPath(prefixes), out);
        }
        default -> {}
      }
    }
    writeShared(attributes, false, out);
  }

  /** Writes all but MP attributes, and NEXT_HOP only on demand. */
  void writeShared(PathAttributes attributes, boolean withoutNextHop, ByteBuf out) {
    for (PathAttribute attribute : attributes.asList()) {
      if (!(withoutNextHop && attribute instanceof PathAttribute.NextHop)) {
        int start = out.writerIndex();
        write(attribute, out);
        if (attributes.isPartial(attribute.typeCode())) {
          out.setByte(start, out.getByte(start) | Flags.PARTIAL);
        }
      }
    }
    if (!context.fourOctetAsn()) {
      writeFourOctet(attributes, out);
    }
  }

  private boolean addPath(PrefixList prefixes) {
    return context.addPathSent().contains(prefixes.family());
  }

  private int asnWidth() {
    return context.fourOctetAsn() ? 4 : 2;
  }

  private void write(PathAttribute attribute, ByteBuf out) {
    switch (attribute) {
      case Origin origin -> header(AttributeType.ORIGIN, 1, out).writeByte(origin.code());
      case AsPath path -> {
        header(AttributeType.AS_PATH, length(path.segments(), asnWidth()), out);
        writePath(path.segments(), asnWidth(), out);
      }
      case PathAttribute.NextHop(var address) -> {
        if (!(address instanceof Inet4Address)) {
          throw new IllegalArgumentException(
              "NEXT_HOP " + IpText.of(address) + " only fits into MP_REACH_NLRI");
        }
        header(AttributeType.NEXT_HOP, 4, out).writeBytes(address.getAddress());
      }
      case PathAttribute.Med(long value) ->
          header(AttributeType.MULTI_EXIT_DISC, 4, out).writeInt((int) value);
      case PathAttribute.LocalPref(long value) ->
          header(AttributeType.LOCAL_PREF, 4, out).writeInt((int) value);
      case PathAttribute.AtomicAggregate() -> header(AttributeType.ATOMIC_AGGREGATE, 0, out);
      case PathAttribute.Aggregator(long asn, Inet4Address address) -> {
        header(AttributeType.AGGREGATOR, 4 + asnWidth(), out);
        writeAsn(asn, asnWidth(), out);
        out.writeBytes(address.getAddress());
      }
      case PathAttribute.Communities(List<Community> values) -> {
        header(AttributeType.COMMUNITIES, 4 * values.size(), out);
        for (Community community : values) {
          out.writeInt((int) community.value());
        }
      }
      case PathAttribute.OriginatorId(Inet4Address id) ->
          header(AttributeType.ORIGINATOR_ID, 4, out).writeBytes(id.getAddress());
      case PathAttribute.ClusterList(List<Inet4Address> ids) -> {
        header(AttributeType.CLUSTER_LIST, 4 * ids.size(), out);
        for (Inet4Address id : ids) {
          out.writeBytes(id.getAddress());
        }
      }
      case PathAttribute.ExtendedCommunities(List<ExtendedCommunity> values) -> {
        header(AttributeType.EXTENDED_COMMUNITIES, 8 * values.size(), out);
        for (ExtendedCommunity community : values) {
          out.writeLong(community.value());
        }
      }
      case PathAttribute.Ipv6ExtendedCommunities(List<Ipv6ExtendedCommunity> values) -> {
        header(AttributeType.IPV6_EXTENDED_COMMUNITIES, 20 * values.size(), out);
        for (Ipv6ExtendedCommunity community : values) {
          out.writeShort(community.type()).writeLong(community.high());
          out.writeLong(community.low()).writeShort(community.local());
        }
      }
      case PathAttribute.LargeCommunities(List<LargeCommunity> values) -> {
        header(AttributeType.LARGE_COMMUNITY, 12 * values.size(), out);
        for (LargeCommunity community : values) {
          out.writeInt((int) community.global());
          out.writeInt((int) community.local1());
          out.writeInt((int) community.local2());
        }
      }
      case PathAttribute.Unknown(int flags, int typeCode, Bytes value) -> {
        header(flags, typeCode, value.length(), out);
        value.writeTo(out, value.length());
      }
      case PathAttribute.MpReach _, PathAttribute.MpUnreach _ -> {} // written already
    }
  }

  private static ByteBuf header(AttributeType type, int length, ByteBuf out) {
    return header(type.flags(), type.code(), length, out);
  }

  static ByteBuf header(int flags, int code, int length, ByteBuf out) {
    return length > 255
        ? out.writeByte(flags | Flags.EXTENDED_LENGTH).writeByte(code).writeShort(length)
        : out.writeByte(flags & ~Flags.EXTENDED_LENGTH).writeByte(code).writeByte(length);
  }

  private static int length(List<AsPath.Segment> segments, int width) {
    int length = 0;
    for (AsPath.Segment segment : segments) {
      length += 2 + width * segment.asns().size();
    }
    return length;
  }

  private static void writePath(List<AsPath.Segment> segments, int width, ByteBuf out) {
    for (AsPath.Segment segment : segments) {
      out.writeByte(segment.kind().code()).writeByte(segment.asns().size());
      for (long asn : segment.asns()) {
        writeAsn(asn, width, out);
      }
    }
  }

  private static void writeAsn(long asn, int width, ByteBuf out) {
    if (width == 4) {
      out.writeInt((int) asn);
    } else {
      out.writeShort(asn > 0xffff ? Open.AS_TRANS : (int) asn);
    }
  }

  /** RFC 6793 section 4.2.2: only where two octets lose something. */
  private static void writeFourOctet(PathAttributes attributes, ByteBuf out) {
    List<AsPath.Segment> segments =
        attributes.asPath().segments().stream()
            .filter(segment -> !segment.kind().confederation())
            .toList();
    if (segments.stream().flatMap(each -> each.asns().stream()).anyMatch(asn -> asn > 0xffff)) {
      header(AttributeType.AS4_PATH, length(segments, 4), out);
      writePath(segments, 4, out);
    }
    attributes
        .find(PathAttribute.Aggregator.class)
        .filter(aggregator -> aggregator.asn() > 0xffff)
        .ifPresent(aggregator ->
            header(AttributeType.AS4_AGGREGATOR, 8, out)
                .writeInt((int) aggregator.asn())
                .writeBytes(aggregator.address().getAddress()));
  }
}

package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import dev.peerage.bgp.wire.Malformed.TreatAsWithdraw;
import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Decodes MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760). Where their routes cannot be read, nothing
 * milder than a session reset is left (RFC 7606 sections 5.3 and 7.11).
 */
final class MultiprotocolDecoder {
  private MultiprotocolDecoder() {}

  static void decode(
      AttributeType type,
      ByteBuf whole,
      ByteBuf value,
      CodecContext context,
      List<PathAttribute> attributes,
      List<Malformed> problems)
      throws MalformedMessageException {
    boolean reach = type == AttributeType.MP_REACH_NLRI;
    if (value.readableBytes() < (reach ? 5 : 3)) {
      throw malformed(whole, type + " of " + value.readableBytes() + " bytes");
    }
    int afi = value.readUnsignedShort();
    int safi = value.readUnsignedByte();
    Optional<AddressFamily> family =
        AddressFamily.of(afi, safi).filter(context.families()::contains);
    if (family.isEmpty()) {
      problems.add(
          new AttributeDiscard(
              type.code(),
              NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
              type + " of AFI " + afi + ", SAFI " + safi + ", which was not negotiated"));
    } else if (reach) {
      reach(whole, value, family.get(), context, attributes, problems);
    } else {
      attributes.add(new PathAttribute.MpUnreach(prefixes(whole, value, family.get(), context)));
    }
  }

  private static void reach(
      ByteBuf whole,
      ByteBuf value,
      AddressFamily family,
      CodecContext context,
      List<PathAttribute> attributes,
      List<Malformed> problems)
      throws MalformedMessageException {
    int length = value.readUnsignedByte();
    if (!nextHopLength(length, family, context) || length > value.readableBytes() - 1) {
      throw malformed(
          whole, "MP_REACH_NLRI of " + family + " with a next hop of " + length + " bytes");
    }
    InetAddress nextHop = nextHop(value.readSlice(length));
    value.skipBytes(1); // reserved
    if (!AttributeDecoder.usable(nextHop)) {
      problems.add(
          new TreatAsWithdraw(
              AttributeType.MP_REACH_NLRI.code(),
              NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
              "MP_REACH_NLRI with next hop " + IpText.of(nextHop)));
    }
    attributes.add(new PathAttribute.MpReach(nextHop, prefixes(whole, value, family, context)));
  }

  /** 32 bytes are a global and a link-local address (RFC 2545 section 3). */
  private static boolean nextHopLength(int length, AddressFamily family, CodecContext context) {
    boolean ipv6 = length == 16 || length == 32;
    return switch (family) {
      case IPV4_UNICAST -> length == 4 || (ipv6 && context.extendedNextHop());
      case IPV6_UNICAST -> ipv6;
    };
  }

  private static InetAddress nextHop(ByteBuf in) {
    InetAddress first = Addresses.read(in, Math.min(in.readableBytes(), 16));
    return first.isAnyLocalAddress() && first instanceof Inet6Address && in.isReadable()
        ? Addresses.read(in, 16)
        : first;
  }

  private static PrefixList prefixes(
      ByteBuf whole, ByteBuf value, AddressFamily family, CodecContext context)
      throws MalformedMessageException {
    try {
      return Nlri.read(value, family, context.addPathReceived().contains(family));
    } catch (MalformedMessageException e) {
      throw malformed(whole, e.error().reason());
    }
  }

  private static MalformedMessageException malformed(ByteBuf whole, String reason) {
    return MalformedMessageException.of(
        NotificationCode.OPTIONAL_ATTRIBUTE_ERROR, Bytes.read(whole.duplicate()), reason);
  }
}

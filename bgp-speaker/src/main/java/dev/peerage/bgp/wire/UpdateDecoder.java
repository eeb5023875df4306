package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;

/**
 * Decodes UPDATE (RFC 4271 section 4.3). First the three fields are delimited, so that routes are
 * known whatever is wrong with the attributes (RFC 7606 section 4).
 */
final class UpdateDecoder {
  private UpdateDecoder() {}

  /** The body has at least 4 bytes. */
  static Update decode(ByteBuf in, CodecContext context) throws MalformedMessageException {
    boolean addPath = context.addPathReceived().contains(AddressFamily.IPV4_UNICAST);
    int withdrawnLength = in.readUnsignedShort();
    if (withdrawnLength > in.readableBytes() - 2) {
      throw MalformedMessageException.of(
          NotificationCode.MALFORMED_ATTRIBUTE_LIST,
          "withdrawn routes of "
              + withdrawnLength
              + " bytes where "
              + (in.readableBytes() - 2)
              + " are left");
    }
    PrefixList withdrawn =
        Nlri.read(in.readSlice(withdrawnLength), AddressFamily.IPV4_UNICAST, addPath);
    int attributesLength = in.readUnsignedShort();
    if (attributesLength > in.readableBytes()) {
      throw MalformedMessageException.of(
          NotificationCode.MALFORMED_ATTRIBUTE_LIST,
          "path attributes of "
              + attributesLength
              + " bytes where "
              + in.readableBytes()
              + " are left");
    }
    ByteBuf attributes = in.readSlice(attributesLength);
    PrefixList announced = Nlri.read(in, AddressFamily.IPV4_UNICAST, addPath);
    var decoder = new AttributeListDecoder(context);
    decoder.read(attributes);
    if (announced.isEmpty()) {
      decoder.ignoreNextHop();
    }
    if (!context.families().contains(AddressFamily.IPV4_UNICAST)
        && !(withdrawn.isEmpty() && announced.isEmpty())) {
      decoder.ignoreIpv4();
      withdrawn = PrefixList.empty(AddressFamily.IPV4_UNICAST);
      announced = withdrawn;
    }
    var update = new Update(withdrawn, decoder.attributes(), announced, decoder.problems());
    if (decoder.ignoredSome() && update.endOfRib().isPresent()) {
      decoder.notAnEndOfRib();
      return new Update(withdrawn, update.attributes(), announced, decoder.problems());
    }
    return update;
  }
}

package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes OPEN (RFC 4271 section 4.2, RFC 5492, RFC 9072). */
final class OpenDecoder {
  static final int CAPABILITIES = 2;
  static final int EXTENDED = 255;

  private OpenDecoder() {}

  /** The body has at least 10 bytes. */
  static Open decode(ByteBuf in) throws MalformedMessageException {
    int version = in.readUnsignedByte();
    if (version != Open.VERSION) {
      throw MalformedMessageException.of(
          NotificationCode.UNSUPPORTED_VERSION_NUMBER,
          Bytes.octets(0, Open.VERSION),
          "BGP version " + version + ", not 4");
    }
    int shortAsn = in.readUnsignedShort();
    int holdTime = in.readUnsignedShort();
    Inet4Address identifier = Addresses.ipv4(in.readInt());
    List<Capability> capabilities = parameters(in);
    if (holdTime == 1 || holdTime == 2) {
      throw MalformedMessageException.of(
          NotificationCode.UNACCEPTABLE_HOLD_TIME,
          Bytes.octets(0, holdTime),
          "hold time " + holdTime + " s, neither 0 nor at least 3 s");
    }
    if (identifier.isAnyLocalAddress()) { // RFC 6286 section 2.1
      throw MalformedMessageException.of(
          NotificationCode.BAD_BGP_IDENTIFIER, "BGP identifier 0.0.0.0");
    }
    Optional<Capability.FourOctetAsn> fourOctet =
        capabilities.stream()
            .filter(Capability.FourOctetAsn.class::isInstance)
            .map(Capability.FourOctetAsn.class::cast)
            .findFirst();
    long asn = fourOctet.map(Capability.FourOctetAsn::asn).orElse((long) shortAsn);
    if (shortAsn == 0 || (shortAsn != Open.AS_TRANS && shortAsn != asn)) {
      throw MalformedMessageException.of(
          NotificationCode.BAD_PEER_AS,
          Bytes.octets(shortAsn >> 8, shortAsn),
          shortAsn == 0
              ? "peer announces AS 0"
              : "peer announces AS " + shortAsn + " and the four-octet AS " + asn);
    }
    return new Open(asn, holdTime, identifier, capabilities);
  }

  private static List<Capability> parameters(ByteBuf in) throws MalformedMessageException {
    int length = in.readUnsignedByte();
    boolean extended = false;
    // RFC 9072 section 2: the first parameter's type tells the extended form. The octet before it
    // should be 255, but any value other than 0 is to be accepted.
    if (length != 0 && in.isReadable() && in.getUnsignedByte(in.readerIndex()) == EXTENDED) {
      if (in.readableBytes() < 3) {
        throw malformed("extended optional parameters end in their header");
      }
      in.skipBytes(1);
      length = in.readUnsignedShort();
      extended = true;
    }
    if (length != in.readableBytes()) {
      throw malformed(
          "optional parameters of " + length + " bytes in a space of " + in.readableBytes());
    }
    List<Capability> capabilities = new ArrayList<>();
    while (in.isReadable()) {
      parameter(in, extended, capabilities);
    }
    return capabilities;
  }

  private static void parameter(ByteBuf in, boolean extended, List<Capability> capabilities)
      throws MalformedMessageException {
    if (in.readableBytes() < (extended ? 3 : 2)) {
      throw malformed("optional parameters end in a parameter's header");
    }
    int type = in.readUnsignedByte();
    int length = extended ? in.readUnsignedShort() : in.readUnsignedByte();
    if (length > in.readableBytes()) {
      throw malformed(
          "optional parameter of " + length + " bytes where " + in.readableBytes() + " are left");
    }
    if (type != CAPABILITIES) {
      throw MalformedMessageException.of(
          NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER,
          Bytes.octets(type, length),
          "optional parameter of type " + type + ", not 2 (capabilities)");
    }
    ByteBuf parameter = in.readSlice(length);
    while (parameter.isReadable()) {
      if (parameter.readableBytes() < 2
          || parameter.getUnsignedByte(parameter.readerIndex() + 1)
              > parameter.readableBytes() - 2) {
        throw malformed("a capability runs past the end of its parameter");
      }
      int code = parameter.readUnsignedByte();
      capabilities.add(
          CapabilityCodec.decode(code, parameter.readSlice(parameter.readUnsignedByte())));
    }
  }

  private static MalformedMessageException malformed(String reason) {
    return MalformedMessageException.of(NotificationCode.OPEN_MESSAGE_ERROR, reason);
  }
}

package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Encodes messages straight into a buffer; lengths are set when they are known. */
final class MessageEncoder {
  private MessageEncoder() {}

  static void encode(Message message, CodecContext context, ByteBuf out) {
    int start = MessageHeader.begin(message.type(), out);
    switch (message) {
      case Open open -> open(open, out);
      case Update update -> update(update, context, out);
      case Notification(int code, int subcode, Bytes data) -> {
        out.writeByte(code).writeByte(subcode);
        data.writeTo(out, context.maxLength() - MessageCodec.HEADER_LENGTH - 2);
      }
      case Keepalive() -> {}
      case RouteRefresh(int afi, int subtype, int safi) ->
          out.writeShort(afi).writeByte(subtype).writeByte(safi);
    }
    int length = out.writerIndex() - start;
    int maximum = message instanceof Open ? CodecContext.MAX_LENGTH : context.maxLength();
    if (length > maximum) {
      out.writerIndex(start);
      throw new IllegalArgumentException(
          message.type() + " of " + length + " bytes, more than " + maximum);
    }
    MessageHeader.end(start, out);
  }

  private static void open(Open open, ByteBuf out) {
    out.writeByte(Open.VERSION);
    out.writeShort(open.asn() > 0xffff ? Open.AS_TRANS : (int) open.asn());
    out.writeShort(open.holdTime());
    out.writeBytes(open.bgpIdentifier().getAddress());
    ByteBuf parameter = Unpooled.buffer();
    for (Capability capability : open.capabilities()) {
      int start = parameter.writerIndex();
      parameter.writeByte(capability.code()).writeByte(0);
      CapabilityCodec.encode(capability, parameter);
      int length = parameter.writerIndex() - start - 2;
      if (length > 255) {
        throw new IllegalArgumentException("capability " + capability + " is too long");
      }
      parameter.setByte(start + 1, length);
    }
    int length = parameter.readableBytes();
    if (length == 0) {
      out.writeByte(0);
    } else if (length + 2 <= 255) {
      out.writeByte(length + 2).writeByte(OpenDecoder.CAPABILITIES).writeByte(length);
    } else { // RFC 9072 section 2
      out.writeByte(OpenDecoder.EXTENDED).writeByte(OpenDecoder.EXTENDED).writeShort(length + 3);
      out.writeByte(OpenDecoder.CAPABILITIES).writeShort(length);
    }
    out.writeBytes(parameter);
  }

  private static void update(Update update, CodecContext context, ByteBuf out) {
    boolean addPath = context.addPathSent().contains(AddressFamily.IPV4_UNICAST);
    int withdrawn = beginField(out);
    Nlri.write(update.withdrawn(), addPath, out);
    endField(withdrawn, out);
    int attributes = beginField(out);
    new AttributeEncoder(context).write(update.attributes(), out);
    endField(attributes, out);
    Nlri.write(update.announced(), addPath, out);
  }

  /** Starts a field with a two-octet length. */
  static int beginField(ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(0);
    return start;
  }

  /** Ends the field that starts there. */
  static void endField(int start, ByteBuf out) {
    out.setShort(start, out.writerIndex() - start - 2);
  }
}

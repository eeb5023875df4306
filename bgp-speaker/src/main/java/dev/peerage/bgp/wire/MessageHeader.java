package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** The message header (RFC 4271 section 4.1) and the bodies that hold next to nothing. */
final class MessageHeader {
  private static final int MARKER_LENGTH = 16;
  private static final int LENGTH_AT = 16;
  private static final int TYPE_AT = 18;

  private MessageHeader() {}

  /** Checks in the order of RFC 4271 section 6.1: marker, length, type. */
  static int frameLength(ByteBuf in, CodecContext context) throws MalformedMessageException {
    if (in.readableBytes() < MessageCodec.HEADER_LENGTH) {
      return 0;
    }
    int start = in.readerIndex();
    if (in.getLong(start) != -1L || in.getLong(start + 8) != -1L) {
      throw MalformedMessageException.of(
          NotificationCode.CONNECTION_NOT_SYNCHRONIZED, "the marker is not all ones");
    }
    int length = in.getUnsignedShort(start + LENGTH_AT);
    int code = in.getUnsignedByte(start + TYPE_AT);
    Optional<MessageType> type = MessageType.of(code);
    int minimum = type.map(MessageType::minimumLength).orElse(MessageCodec.HEADER_LENGTH);
    int maximum = type.map(each -> maximum(each, context)).orElse(context.maxReceivedLength());
    if (length < minimum || length > maximum) {
      throw MalformedMessageException.of(
          NotificationCode.BAD_MESSAGE_LENGTH,
          Bytes.octets(length >> 8, length),
          type.map(Enum::name).orElse("message")
              + " of "
              + length
              + " bytes, not "
              + minimum
              + " to "
              + maximum);
    }
    if (type.isEmpty()) {
      throw MalformedMessageException.of(
          NotificationCode.BAD_MESSAGE_TYPE, Bytes.octets(code), "unknown message type " + code);
    }
    return length;
  }

  private static int maximum(MessageType type, CodecContext context) {
    return switch (type) {
      case KEEPALIVE -> MessageCodec.HEADER_LENGTH;
      case OPEN -> CodecContext.MAX_LENGTH; // RFC 8654 section 4: never extended
      case UPDATE, NOTIFICATION, ROUTE_REFRESH -> context.maxReceivedLength();
    };
  }

  /** The type of a message whose header was checked. */
  static MessageType type(ByteBuf frame) {
    return MessageType.of(frame.getUnsignedByte(frame.readerIndex() + TYPE_AT)).orElseThrow();
  }

  static RouteRefresh routeRefresh(ByteBuf body) throws MalformedMessageException {
    // RFC 7313 section 5 wants exactly this length for its two subtypes only, and unknown subtypes
    // ignored. A longer request has ORF entries behind it (RFC 5291): Peerage never offers to
    // filter by them, so it answers as if they were not there.
    int subtype = body.getUnsignedByte(body.readerIndex() + 2);
    if (body.readableBytes() != 4
        && (subtype == RouteRefresh.BEGIN || subtype == RouteRefresh.END)) {
      throw MalformedMessageException.of(
          NotificationCode.ROUTE_REFRESH_INVALID_LENGTH,
          Bytes.read(body.duplicate().readerIndex(body.readerIndex() - MessageCodec.HEADER_LENGTH)),
          "ROUTE-REFRESH with a body of " + body.readableBytes() + " bytes, not 4");
    }
    return new RouteRefresh(
        body.readUnsignedShort(), body.readUnsignedByte(), body.readUnsignedByte());
  }

  /** Writes a header with length 0 and returns where the message starts. */
  static int begin(MessageType type, ByteBuf out) {
    int start = out.writerIndex();
    out.writeLong(-1L).writeLong(-1L).writeShort(0).writeByte(type.code());
    return start;
  }

  /** Sets the length of the message that ends at the writer index. */
  static void end(int start, ByteBuf out) {
    out.setShort(start + MARKER_LENGTH, out.writerIndex() - start);
  }
}

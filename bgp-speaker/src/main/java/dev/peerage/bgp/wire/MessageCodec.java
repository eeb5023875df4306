package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;

/** Messages to bytes and back (RFC 4271 section 4). */
public final class MessageCodec {
  /** The length of the message header in bytes. */
  public static final int HEADER_LENGTH = 19;

  private MessageCodec() {}

  /**
   * The length in bytes of the message that starts at the reader index, or 0 while fewer than
   * {@value #HEADER_LENGTH} bytes are readable. Reads nothing.
   *
   * @throws MalformedMessageException when marker, length or type are wrong (RFC 4271 section 6.1)
   */
  public static int frameLength(ByteBuf in, CodecContext context) throws MalformedMessageException {
    return MessageHeader.frameLength(in, context);
  }

  /**
   * Decodes one whole message, header included. The buffer's readable bytes are just this message;
   * it is neither released nor kept. An UPDATE may come with {@link Update#problems()}.
   *
   * @throws MalformedMessageException when the message must end the session
   */
  public static Message decode(ByteBuf frame, CodecContext context)
      throws MalformedMessageException {
    int length = frameLength(frame, context);
    if (length != frame.readableBytes()) {
      throw new IllegalArgumentException(
          "frame of " + frame.readableBytes() + " bytes holds a message of " + length);
    }
    MessageType type = MessageHeader.type(frame);
    ByteBuf body = frame.skipBytes(HEADER_LENGTH);
    return switch (type) {
      case OPEN -> OpenDecoder.decode(body);
      case UPDATE -> UpdateDecoder.decode(body, context);
      case NOTIFICATION ->
          new Notification(body.readUnsignedByte(), body.readUnsignedByte(), Bytes.read(body));
      case KEEPALIVE -> Keepalive.KEEPALIVE;
      case ROUTE_REFRESH -> MessageHeader.routeRefresh(body);
    };
  }

  /**
   * Appends a message to a buffer. NOTIFICATION data is cut to fit; an UPDATE that does not fit
   * throws {@link IllegalArgumentException} (use {@link UpdatePacker}).
   */
  public static void encode(Message message, CodecContext context, ByteBuf out) {
    MessageEncoder.encode(message, context, out);
  }
}

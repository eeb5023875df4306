package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Set;

/** What the fuzz targets of this package share: the first byte of an input chooses the session. */
final class FuzzInput {
  private FuzzInput() {}

  static int choice(byte[] input) {
    return input.length == 0 ? 0 : input[0];
  }

  static CodecContext context(byte[] input) {
    int choice = choice(input);
    Set<AddressFamily> families = EnumSet.allOf(AddressFamily.class);
    if ((choice & 8) != 0) {
      families.remove((choice & 16) != 0 ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST);
    }
    CodecContext context =
        new CodecContext((choice & 1) == 0, (choice & 2) != 0, (choice & 4) != 0, families);
    return (choice & 64) == 0 ? context : context.withAddPath(families, families);
  }

  /** A message of this type whose body is the input from its second byte on. */
  static ByteBuf message(MessageType type, byte[] input) {
    int body = Math.max(0, input.length - 1);
    ByteBuf out = Unpooled.buffer(MessageCodec.HEADER_LENGTH + body);
    int start = MessageHeader.begin(type, out);
    out.writeBytes(input, input.length - body, body);
    MessageHeader.end(start, out);
    return out;
  }

  /** Encodes with room for what may grow. */
  static ByteBuf encode(Message message, CodecContext context) {
    ByteBuf out = Unpooled.buffer();
    MessageCodec.encode(message, roomy(context), out);
    return out;
  }

  static CodecContext roomy(CodecContext context) {
    return new CodecContext(
            context.fourOctetAsn(), true, context.extendedNextHop(), context.families())
        .withAddPath(context.addPathReceived(), context.addPathSent());
  }

  /** What was accepted must be accepted again, and be the same. */
  static void roundTrip(Message message, CodecContext context) {
    Message again;
    try {
      again = MessageCodec.decode(encode(message, context), roomy(context));
    } catch (MalformedMessageException e) {
      throw new AssertionError(message + " is refused after encoding: " + e.error(), e);
    }
    if (!again.equals(message)) {
      throw new AssertionError(message + " became " + again);
    }
  }
}

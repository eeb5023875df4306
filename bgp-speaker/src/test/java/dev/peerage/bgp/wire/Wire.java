package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;

/** Bytes and contexts for the tests of this package. */
final class Wire {
  static final CodecContext MODERN =
      new CodecContext(true, false, false, EnumSet.allOf(AddressFamily.class));
  static final CodecContext TWO_OCTET =
      new CodecContext(false, false, false, EnumSet.allOf(AddressFamily.class));
  static final CodecContext EXTENDED =
      new CodecContext(true, true, true, EnumSet.allOf(AddressFamily.class));
  static final String MARKER = "ff".repeat(16);

  private Wire() {}

  /** Hexadecimal digits to bytes; blanks separate, '#' starts a comment. */
  static byte[] bytes(String text) {
    StringBuilder digits = new StringBuilder();
    text.lines().forEach(line -> digits.append(line.replaceAll("#.*|\\s", "")));
    return HexFormat.of().parseHex(digits);
  }

  static ByteBuf buffer(String text) {
    return Unpooled.wrappedBuffer(bytes(text));
  }

  /** A whole message of this type around a body. */
  static ByteBuf message(int type, String body) {
    byte[] bytes = bytes(body);
    return Unpooled.wrappedBuffer(
        bytes(MARKER + String.format("%04x%02x", bytes.length + 19, type)), bytes);
  }

  /** An UPDATE with these three fields. */
  static ByteBuf update(String withdrawn, String attributes, String nlri) {
    return message(
        2,
        String.format("%04x", bytes(withdrawn).length)
            + "\n"
            + withdrawn
            + "\n"
            + String.format("%04x", bytes(attributes).length)
            + "\n"
            + attributes
            + "\n"
            + nlri);
  }

  static Update decodeUpdate(ByteBuf frame, CodecContext context) throws MalformedMessageException {
    return (Update) MessageCodec.decode(frame, context);
  }

  static byte[] encode(Message message, CodecContext context) {
    ByteBuf out = Unpooled.buffer();
    MessageCodec.encode(message, context, out);
    return Bytes.read(out).toArray();
  }

  static Message roundTrip(Message message, CodecContext context) throws MalformedMessageException {
    return MessageCodec.decode(Unpooled.wrappedBuffer(encode(message, context)), context);
  }

  static Inet4Address ipv4(String text) {
    return Inet4Address.ofLiteral(text);
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  static PrefixList prefixes(String... texts) {
    List<Prefix> prefixes = Arrays.stream(texts).map(Prefix::parse).toList();
    return PrefixList.of(prefixes.getFirst().family(), prefixes);
  }

  static final PrefixList NO_IPV4 = PrefixList.empty(AddressFamily.IPV4_UNICAST);
}

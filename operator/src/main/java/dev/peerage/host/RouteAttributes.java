package dev.peerage.host;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes behind the fixed part of a message, rtnetlink(7); of a repeated one the last. */
final class RouteAttributes {
  private static final int HEADER_BYTES = 4;
  // The upper two bits say that the value is nested or in network byte order.
  private static final int TYPE = 0x3fff;

  private final Map<Integer, ByteBuffer> values = new HashMap<>();

  /** Reads to the end. Throws {@link MalformedMessage} if a length cannot be right. */
  RouteAttributes(ByteBuffer in) throws MalformedMessage {
    while (in.remaining() >= HEADER_BYTES) {
      int start = in.position();
      int length = Short.toUnsignedInt(in.getShort());
      int type = Short.toUnsignedInt(in.getShort()) & TYPE;
      if (length < HEADER_BYTES || length > in.limit() - start) {
        throw new MalformedMessage("attribute " + type + " has length " + length);
      }
      values.put(type, in.slice(start + HEADER_BYTES, length - HEADER_BYTES).order(in.order()));
      in.position(Math.min(in.limit(), start + Frame.aligned(length)));
    }
  }

  Optional<byte[]> octets(int type) {
    return Optional.ofNullable(values.get(type))
        .map(value -> {
          byte[] octets = new byte[value.remaining()];
          value.duplicate().get(octets);
          return octets;
        });
  }

  /** An unsigned 32-bit number. */
  Optional<Long> number(int type) throws MalformedMessage {
    ByteBuffer value = values.get(type);
    if (value == null) {
      return Optional.empty();
    }
    if (value.remaining() != Integer.BYTES) {
      throw new MalformedMessage(
          "attribute " + type + " is no 32-bit number but has octets: " + value.remaining());
    }
    return Optional.of(Integer.toUnsignedLong(value.getInt(0)));
  }

  /** A number of one octet. */
  Optional<Integer> octet(int type) {
    return octets(type).filter(value -> value.length > 0).map(value -> value[0] & 0xff);
  }

  /** Text up to its terminating zero. */
  Optional<String> text(int type) {
    return octets(type)
        .map(value -> {
          int end = 0;
          while (end < value.length && value[end] != 0) {
            end++;
          }
          return new String(value, 0, end, StandardCharsets.UTF_8);
        });
  }

  /** What is nested in this attribute; nothing if it is not there. */
  RouteAttributes nested(int type) throws MalformedMessage {
    return new RouteAttributes(value(type));
  }

  /** The value itself; empty if it is not there. */
  ByteBuffer value(int type) {
    ByteBuffer value = values.getOrDefault(type, ByteBuffer.allocate(0));
    return value.duplicate().order(value.order());
  }
}

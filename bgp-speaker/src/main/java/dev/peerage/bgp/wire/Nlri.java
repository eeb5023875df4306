package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;

/** Prefixes as length octet and as few address octets as needed (RFC 4271 section 4.3). */
final class Nlri {
  private Nlri() {}

  /** Consumes the buffer. Bits beyond a prefix's length are of no meaning and are cleared. */
  static PrefixList read(ByteBuf in, AddressFamily family) throws MalformedMessageException {
    if (!in.isReadable()) {
      return PrefixList.empty(family);
    }
    return switch (family) {
      case IPV4_UNICAST -> readIpv4(in);
      case IPV6_UNICAST -> readIpv6(in);
    };
  }

  private static PrefixList readIpv4(ByteBuf in) throws MalformedMessageException {
    int end = in.writerIndex();
    int at = in.readerIndex();
    PrefixList.Builder prefixes =
        new PrefixList.Builder(AddressFamily.IPV4_UNICAST, (end - at) / 4 + 1);
    while (at < end) {
      int length = in.getUnsignedByte(at++);
      int octets = checkedOctets(length, 32, end - at);
      long address;
      if (at + 4 <= end) {
        address = in.getInt(at);
      } else {
        address = 0;
        for (int i = 0; i < octets; i++) {
          address |= (long) in.getUnsignedByte(at + i) << (24 - 8 * i);
        }
      }
      long mask = length == 0 ? 0 : -1L << (64 - length);
      prefixes.add((address << 32) & mask, 0, length);
      at += octets;
    }
    in.readerIndex(end);
    return prefixes.build();
  }

  private static PrefixList readIpv6(ByteBuf in) throws MalformedMessageException {
    int end = in.writerIndex();
    int at = in.readerIndex();
    PrefixList.Builder prefixes =
        new PrefixList.Builder(AddressFamily.IPV6_UNICAST, (end - at) / 8 + 1);
    while (at < end) {
      int length = in.getUnsignedByte(at++);
      int octets = checkedOctets(length, 128, end - at);
      long high = word(in, at, Math.min(octets, 8));
      long low = octets > 8 ? word(in, at + 8, octets - 8) : 0;
      if (length < 64) {
        high &= length == 0 ? 0 : -1L << (64 - length);
      } else if (length < 128) {
        low &= length == 64 ? 0 : -1L << (128 - length);
      }
      prefixes.add(high, low, length);
      at += octets;
    }
    in.readerIndex(end);
    return prefixes.build();
  }

  private static long word(ByteBuf in, int at, int octets) {
    if (octets == 8) {
      return in.getLong(at);
    }
    long word = 0;
    for (int i = 0; i < octets; i++) {
      word |= (long) in.getUnsignedByte(at + i) << (56 - 8 * i);
    }
    return word;
  }

  private static int checkedOctets(int length, int maximum, int available)
      throws MalformedMessageException {
    int octets = (length + 7) >> 3;
    if (length > maximum || octets > available) {
      throw MalformedMessageException.of(
          NotificationCode.INVALID_NETWORK_FIELD,
          length > maximum
              ? "prefix length " + length + ", more than " + maximum
              : "a /" + length + " prefix with " + available + " octets left");
    }
    return octets;
  }

  /** The encoded size of one prefix in bytes. */
  static int size(int length) {
    return 1 + ((length + 7) >> 3);
  }

  /** Writes prefixes from an index on as far as they fit into the room, in bytes. */
  static int write(PrefixList prefixes, int from, int room, ByteBuf out) {
    int index = from;
    int left = room;
    int count = prefixes.size();
    while (index < count) {
      int length = prefixes.length(index);
      int size = size(length);
      if (size > left) {
        break;
      }
      write(prefixes, index, size - 1, length, out);
      left -= size;
      index++;
    }
    return index;
  }

  private static void write(PrefixList prefixes, int index, int octets, int length, ByteBuf out) {
    out.ensureWritable(17);
    int at = out.writerIndex();
    out.setByte(at, length);
    out.setLong(at + 1, prefixes.high(index));
    if (octets > 8) {
      out.setLong(at + 9, prefixes.low(index));
    }
    out.writerIndex(at + 1 + octets);
  }
}

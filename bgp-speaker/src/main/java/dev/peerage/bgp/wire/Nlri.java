package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Prefixes as length octet and as few address octets as needed (RFC 4271 section 4.3), with a path
 * identifier in front where that was negotiated (RFC 7911 section 3).
 */
final class Nlri {
  private Nlri() {}

  /** Consumes the buffer. Bits beyond a prefix's length are of no meaning and are cleared. */
  static PrefixList read(ByteBuf in, AddressFamily family, boolean addPath)
      throws MalformedMessageException {
    int end = in.readableBytes();
    if (end == 0) {
      return PrefixList.empty(family);
    }
    Scratch scratch = Scratch.own();
    byte[] bytes = scratch.take(in);
    if (addPath) {
      return readWithPaths(bytes, end, family);
    }
    return switch (family) {
      case IPV4_UNICAST -> readIpv4(bytes, end, scratch);
      case IPV6_UNICAST -> readIpv6(bytes, end, scratch);
    };
  }

  private static PrefixList readIpv4(byte[] bytes, int end, Scratch scratch)
      throws MalformedMessageException {
    long[] words = scratch.words();
    int used = 0;
    int at = 0;
    while (at < end) {
      int length = bytes[at] & 0xff;
      int next = at + Nlri.size(length);
      if (length > 32 || next > end) {
        throw malformed(length, 32, end - at - 1);
      }
      if (used == words.length) {
        words = scratch.grown(words);
      }
      long address = (long) Scratch.intAt(bytes, at + 1) << 32;
      words[used++] = (address & mask(length)) | length;
      at = next;
    }
    return PrefixList.packed(AddressFamily.IPV4_UNICAST, Arrays.copyOf(words, used));
  }

  private static PrefixList readIpv6(byte[] bytes, int end, Scratch scratch)
      throws MalformedMessageException {
    long[] words = scratch.words();
    int used = 0;
    int at = 0;
    while (at < end) {
      int length = bytes[at] & 0xff;
      int next = at + Nlri.size(length);
      if (length > 128 || next > end) {
        throw malformed(length, 128, end - at - 1);
      }
      if (used + 3 > words.length) {
        words = scratch.grown(words);
      }
      words[used++] = high(bytes, at + 1, length);
      words[used++] = low(bytes, at + 1, length);
      words[used++] = length;
      at = next;
    }
    return PrefixList.packed(AddressFamily.IPV6_UNICAST, Arrays.copyOf(words, used));
  }

  private static PrefixList readWithPaths(byte[] bytes, int end, AddressFamily family)
      throws MalformedMessageException {
    var prefixes = new PrefixList.Builder(family, 0);
    int at = 0;
    while (at < end) {
      if (end - at < 5) {
        throw MalformedMessageException.of(
            NotificationCode.INVALID_NETWORK_FIELD,
            "a prefix with path identifier in " + (end - at) + " octets");
      }
      int pathId = Scratch.intAt(bytes, at);
      int length = bytes[at + 4] & 0xff;
      int next = at + 4 + Nlri.size(length);
      if (length > family.maxLength() || next > end) {
        throw malformed(length, family.maxLength(), end - at - 5);
      }
      switch (family) {
        case IPV4_UNICAST ->
            prefixes.add(
                ((long) Scratch.intAt(bytes, at + 5) << 32) & mask(length), 0, length, pathId);
        case IPV6_UNICAST ->
            prefixes.add(high(bytes, at + 5, length), low(bytes, at + 5, length), length, pathId);
      }
      at = next;
    }
    return prefixes.build();
  }

  private static long high(byte[] bytes, int at, int length) {
    return Scratch.longAt(bytes, at) & mask(Math.min(length, 64));
  }

  private static long low(byte[] bytes, int at, int length) {
    return length <= 64 ? 0 : Scratch.longAt(bytes, at + 8) & mask(length - 64);
  }

  /** So many ones at the upper end, 0 to 64. */
  private static long mask(int length) {
    return length == 0 ? 0 : -1L << (64 - length);
  }

  private static MalformedMessageException malformed(int length, int maximum, int available) {
    return MalformedMessageException.of(
        NotificationCode.INVALID_NETWORK_FIELD,
        length > maximum
            ? "prefix length " + length + ", more than " + maximum
            : "a /" + length + " prefix with " + available + " octets left");
  }

  /** The encoded size of a prefix in bytes, without path identifier. */
  static int size(int length) {
    return 1 + ((length + 7) >> 3);
  }

  /** The encoded size of all prefixes in bytes. */
  static int size(PrefixList prefixes, boolean addPath) {
    int size = addPath ? 4 * prefixes.size() : 0;
    for (int i = 0; i < prefixes.size(); i++) {
      size += size(prefixes.length(i));
    }
    return size;
  }

  /** Appends all prefixes. */
  static void write(PrefixList prefixes, boolean addPath, ByteBuf out) {
    int size = size(prefixes, addPath);
    byte[] bytes = Scratch.own().bytes(size);
    fill(prefixes, 0, addPath, bytes, size);
    out.writeBytes(bytes, 0, size);
  }

  /**
   * Puts prefixes from an index on into an array, from 0, as far as they fit into the room.
   *
   * @param bytes at least {@link Scratch#SLACK} longer than the room
   * @return the index of the first prefix that did not fit in the upper half, the bytes used below
   */
  static long fill(PrefixList prefixes, int from, boolean addPath, byte[] bytes, int room) {
    if (addPath) {
      return fillWithPaths(prefixes, from, bytes, room);
    }
    return switch (prefixes.family()) {
      case IPV4_UNICAST -> fillIpv4(prefixes.words(), from, prefixes.size(), bytes, room);
      case IPV6_UNICAST -> fillIpv6(prefixes.words(), from, prefixes.size(), bytes, room);
    };
  }

  private static long fillIpv4(long[] words, int from, int count, byte[] bytes, int room) {
    int index = from;
    int at = 0;
    while (index < count) {
      long word = words[index];
      int next = at + size((int) word & 0xff);
      if (next > room) {
        break;
      }
      // Length and address in one store; what it writes too much, the next prefix overwrites.
      Scratch.longAt(bytes, at, (word << 56) | (word >>> 32 << 24));
      at = next;
      index++;
    }
    return (long) index << 32 | at;
  }

  private static long fillIpv6(long[] words, int from, int count, byte[] bytes, int room) {
    int index = from;
    int at = 0;
    while (index < count) {
      var length = (int) words[3 * index + 2];
      int next = at + size(length);
      if (next > room) {
        break;
      }
      bytes[at] = (byte) length;
      Scratch.longAt(bytes, at + 1, words[3 * index]);
      Scratch.longAt(bytes, at + 9, words[3 * index + 1]);
      at = next;
      index++;
    }
    return (long) index << 32 | at;
  }

  private static long fillWithPaths(PrefixList prefixes, int from, byte[] bytes, int room) {
    int index = from;
    int at = 0;
    while (index < prefixes.size()) {
      int length = prefixes.length(index);
      int next = at + 4 + size(length);
      if (next > room) {
        break;
      }
      Scratch.intAt(bytes, at, prefixes.pathId(index));
      bytes[at + 4] = (byte) length;
      Scratch.longAt(bytes, at + 5, prefixes.high(index));
      Scratch.longAt(bytes, at + 13, prefixes.low(index));
      at = next;
      index++;
    }
    return (long) index << 32 | at;
  }
}

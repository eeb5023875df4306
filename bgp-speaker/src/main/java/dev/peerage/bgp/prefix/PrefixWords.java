package dev.peerage.bgp.prefix;

import dev.peerage.bgp.wire.AddressFamily;

/**
 * Prefixes of one family in an array of longs, without an object each, in the words of {@link
 * dev.peerage.bgp.wire.Prefix}. An IPv4 prefix takes one word, the address above the length; an
 * IPv6 prefix takes three: the upper half of the address, the lower half, the length. Ascending
 * words, compared as unsigned numbers, are ascending prefixes.
 *
 * <p>A stride is the number of words per prefix, an index the number of prefixes before this one.
 */
public final class PrefixWords {
  private static final long IPV4_ADDRESS = 0xffff_ffff_0000_0000L;
  private static final int IPV4_LENGTH = 0xff;

  private PrefixWords() {}

  /** The stride of a family: 1 or 3. */
  public static int stride(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> 1;
      case IPV6_UNICAST -> 3;
    };
  }

  /** Writes a prefix. */
  public static void put(int stride, long[] words, int index, long high, long low, int length) {
    if (stride == 1) {
      words[index] = high | length;
    } else {
      int at = 3 * index;
      words[at] = high;
      words[at + 1] = low;
      words[at + 2] = length;
    }
  }

  /** The upper half of the address at an index. */
  public static long high(int stride, long[] words, int index) {
    return stride == 1 ? words[index] & IPV4_ADDRESS : words[3 * index];
  }

  /** The lower half of the address at an index; 0 for IPv4. */
  public static long low(int stride, long[] words, int index) {
    return stride == 1 ? 0 : words[3 * index + 1];
  }

  /** The length at an index, in bits. */
  public static int length(int stride, long[] words, int index) {
    return stride == 1 ? (int) words[index] & IPV4_LENGTH : (int) words[3 * index + 2];
  }

  static boolean isAt(int stride, long[] words, int index, long high, long low, int length) {
    if (stride == 1) {
      return words[index] == (high | length);
    }
    int at = 3 * index;
    return words[at] == high && words[at + 1] == low && words[at + 2] == length;
  }
}

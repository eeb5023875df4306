package dev.peerage.bgp.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP prefix: an address whose host bits are zero, and a length.
 *
 * @param family the address family
 * @param high the first 64 bits of the address; an IPv4 address lies in the first 32 of them
 * @param low the last 64 bits; 0 for IPv4
 * @param length the prefix length in bits, 0 to 32 or 128
 */
public record Prefix(AddressFamily family, long high, long low, int length)
    implements Comparable<Prefix> {

  /** Clears the host bits. Throws {@link IllegalArgumentException} on a length out of range. */
  public Prefix {
    if (length < 0 || length > family.maxLength()) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is not in 0.." + family.maxLength());
    }
    high &= length >= 64 ? -1L : mask(length);
    low &= length <= 64 ? 0L : mask(length - 64);
  }

  private static long mask(int length) {
    return length == 0 ? 0L : -1L << (64 - length);
  }

  /** The prefix of this length around an address. IPv4-mapped IPv6 addresses count as IPv4. */
  public static Prefix of(InetAddress address, int length) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return new Prefix(AddressFamily.IPV4_UNICAST, word(bytes, 0, 4) << 32, 0, length);
    }
    return new Prefix(AddressFamily.IPV6_UNICAST, word(bytes, 0, 8), word(bytes, 8, 8), length);
  }

  /** The host prefix (/32 or /128) of an address. */
  public static Prefix host(InetAddress address) {
    return of(address, address.getAddress().length * 8);
  }

  /**
   * Reads {@code address/length}, for example {@code 172.20.0.0/24}. Throws {@link
   * IllegalArgumentException} with the reason when the text is no prefix.
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' has no prefix length");
    }
    try {
      return of(
          InetAddress.ofLiteral(text.substring(0, slash)),
          Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no valid prefix length", e);
    }
  }

  private static long word(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = from; i < from + count; i++) {
      word = (word << 8) | (bytes[i] & 0xff);
    }
    return word;
  }

  /** The network address. */
  public InetAddress address() {
    byte[] bytes = new byte[family.maxLength() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i < 8 ? high >>> (56 - 8 * i) : low >>> (120 - 8 * i));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Orders by family, then address as an unsigned number, then length. */
  @Override
  public int compareTo(Prefix other) {
    int order = family.compareTo(other.family);
    if (order == 0) {
      order = Long.compareUnsigned(high, other.high);
    }
    if (order == 0) {
      order = Long.compareUnsigned(low, other.low);
    }
    return order == 0 ? Integer.compare(length, other.length) : order;
  }

  /** For example {@code 172.20.0.0/24}. */
  @Override
  public String toString() {
    return IpText.of(address()) + "/" + length;
  }
}

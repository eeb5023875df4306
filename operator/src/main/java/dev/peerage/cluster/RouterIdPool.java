package dev.peerage.cluster;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * The IPv4 addresses that instances without a router ID of their own get theirs from; the first and
 * the last count too.
 *
 * @param first unsigned, above zero: 0.0.0.0 identifies nobody (RFC 6286)
 * @param last unsigned, below 2^32
 */
public record RouterIdPool(long first, long last) {
  private static final int BITS = 32;

  /** Without the short forms such as {@code 10.1}. */
  private static final Pattern QUAD = Pattern.compile("[0-9]+([.][0-9]+){3}");

  /**
   * Reads an IPv4 CIDR.
   *
   * @throws IllegalArgumentException with a sentence for the user when the text is none
   */
  public static RouterIdPool parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw refused(text, "it has no prefix length");
    }
    long address = address(text, text.substring(0, slash));
    int length;
    try {
      length = Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException _) {
      throw refused(text, "its prefix length is no number");
    }
    if (length < 0 || length > BITS) {
      throw refused(text, "its prefix length is not within 0 to 32");
    }
    long size = 1L << (BITS - length);
    long first = address / size * size;
    if (first != address) {
      throw refused(
          text, "bits beyond its prefix length are set; it would be " + text(first) + "/" + length);
    }
    long last = first + size - 1;
    if (last == 0) {
      throw refused(text, "0.0.0.0 is no router ID");
    }
    return new RouterIdPool(Math.max(first, 1), last);
  }

  private static long address(String text, String address) {
    if (address.contains(":")) {
      throw refused(text, "router IDs are IPv4 addresses");
    }
    long number = QUAD.matcher(address).matches() ? number(address) : -1;
    if (number < 0) {
      throw refused(text, "it has no IPv4 address");
    }
    return number;
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no pool of router IDs: "
            + why
            + "; give an IPv4 CIDR such as"
            + " 10.255.0.0/16");
  }

  boolean contains(long id) {
    return first <= id && id <= last;
  }

  /** The number of a router ID; the API server has checked that it is one. */
  static long number(String id) {
    try {
      return InetAddress.ofLiteral(id) instanceof Inet4Address address ? number(address) : -1;
    } catch (IllegalArgumentException _) {
      return -1;
    }
  }

  private static long number(Inet4Address address) {
    var number = 0L;
    for (byte octet : address.getAddress()) {
      number = number << Byte.SIZE | octet & 0xff;
    }
    return number;
  }

  static String text(long id) {
    return (id >> 24 & 0xff) + "." + (id >> 16 & 0xff) + "." + (id >> 8 & 0xff) + "." + (id & 0xff);
  }
}

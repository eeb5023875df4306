package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.Block;
import java.math.BigInteger;

/**
 * The addresses of a pool's block.
 *
 * @param first first address that belongs to the block
 * @param last last address that belongs to the block
 * @param reserved addresses at each end that are not given out: 0 or 1
 * @param text as people wrote it
 */
record Range(Ip first, Ip last, int reserved, String text) {

  /**
   * Reads a block.
   *
   * @param allowFirstLast whether the ends of a CIDR are given out; those of ranges, and of CIDRs
   *     with one or two addresses, always are
   * @throws IllegalArgumentException with what is wrong
   */
  static Range of(Block block, boolean allowFirstLast) {
    String cidr = block.cidr();
    if (cidr != null && !cidr.isBlank()) {
      return cidr(cidr.trim(), allowFirstLast);
    }
    String start = block.start();
    if (start == null || start.isBlank()) {
      throw new IllegalArgumentException("it has neither cidr nor start; add one of them");
    }
    String stop = block.stop();
    Ip first = ip(start);
    Ip last = stop == null || stop.isBlank() ? first : ip(stop);
    String text = first.equals(last) ? first.toString() : first + "-" + last;
    if (first.v6() != last.v6()) {
      throw new IllegalArgumentException(
          text + " mixes IPv4 and IPv6; write a block for each of them");
    }
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(text + " starts after its end; swap start and stop");
    }
    return new Range(first, last, 0, text);
  }

  private static Range cidr(String cidr, boolean allowFirstLast) {
    int slash = cidr.indexOf('/');
    Ip address = ip(slash < 0 ? cidr : cidr.substring(0, slash));
    int hostBits = address.bits() - length(cidr, slash, address.bits());
    BigInteger size = BigInteger.ONE.shiftLeft(hostBits);
    var first = new Ip(address.v6(), address.value().shiftRight(hostBits).shiftLeft(hostBits));
    return new Range(
        first,
        first.plus(size.subtract(BigInteger.ONE)),
        allowFirstLast || hostBits < 2 ? 0 : 1,
        cidr);
  }

  private static int length(String cidr, int slash, int bits) {
    try {
      int length = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
      if (length >= 0 && length <= bits) {
        return length;
      }
    } catch (NumberFormatException _) {
      // Not a number: refused below, as a length out of range is.
    }
    throw new IllegalArgumentException(cidr + " has a prefix length that is not in 0.." + bits);
  }

  private static Ip ip(String text) {
    return Ip.parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is no IP address" + remedy(text)));
  }

  private static String remedy(String text) {
    if (text.contains("${") || text.contains("{{")) {
      return ", but a template's variable that nothing has replaced; write the address";
    }
    int slash = text.indexOf('/');
    return slash > 0 && Ip.parse(text.substring(0, slash)).isPresent()
        ? ", but a CIDR; write it as cidr, without start and stop"
        : "; correct it";
  }

  boolean contains(Ip ip) {
    return first.compareTo(ip) <= 0 && ip.compareTo(last) <= 0 && ip.v6() == first.v6();
  }

  /** Whether an address may be given out. */
  boolean gives(Ip ip) {
    return contains(ip) && firstGiven().compareTo(ip) <= 0 && ip.compareTo(lastGiven()) <= 0;
  }

  boolean overlaps(Range other) {
    return contains(other.first) || other.contains(first);
  }

  Ip firstGiven() {
    return first.plus(BigInteger.valueOf(reserved));
  }

  Ip lastGiven() {
    return last.plus(BigInteger.valueOf(-reserved));
  }

  /** Number of addresses, those that are not given out included. */
  BigInteger size() {
    return last.value().subtract(first.value()).add(BigInteger.ONE);
  }
}

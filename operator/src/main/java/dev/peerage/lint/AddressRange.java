package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.Block;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses of one family that follow each other.
 *
 * @param ipv6 the family
 * @param first as a number
 * @param last as a number
 */
record AddressRange(boolean ipv6, BigInteger first, BigInteger last) {
  /** A pool's block; empty when it cannot be read, of which its condition tells. */
  static Optional<AddressRange> of(Block block) {
    String cidr = block.cidr();
    if (cidr != null && !cidr.isBlank()) {
      return ofCidr(cidr.strip());
    }
    String start = block.start();
    String stop = block.stop();
    try {
      return start == null || start.isBlank()
          ? Optional.empty()
          : Optional.of(
                  between(
                      InetAddress.ofLiteral(start.strip()),
                      InetAddress.ofLiteral(
                          stop == null || stop.isBlank() ? start.strip() : stop.strip())))
              .filter(range -> range.first.compareTo(range.last) <= 0);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A range in CIDR notation; empty when it is none. */
  static Optional<AddressRange> ofCidr(String cidr) {
    int slash = cidr.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? cidr : cidr.substring(0, slash));
      int bits = address.getAddress().length * 8;
      int hostBits = bits - (slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1)));
      if (hostBits < 0 || hostBits > bits) {
        return Optional.empty();
      }
      BigInteger first = number(address).shiftRight(hostBits).shiftLeft(hostBits);
      return Optional.of(
          new AddressRange(
              bits == 128,
              first,
              first.add(BigInteger.ONE.shiftLeft(hostBits)).subtract(BigInteger.ONE)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static AddressRange between(InetAddress first, InetAddress last) {
    return new AddressRange(first.getAddress().length == 16, number(first), number(last));
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  boolean contains(InetAddress address) {
    BigInteger number = number(address);
    return ipv6 == (address.getAddress().length == 16)
        && first.compareTo(number) <= 0
        && number.compareTo(last) <= 0;
  }

  boolean overlaps(AddressRange other) {
    return ipv6 == other.ipv6
        && first.compareTo(other.last) <= 0
        && other.first.compareTo(last) <= 0;
  }
}

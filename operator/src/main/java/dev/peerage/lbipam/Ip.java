package dev.peerage.lbipam;

import dev.peerage.peering.IpLiteral;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address as a number, so that it has neighbours.
 *
 * @param value unsigned, below 2^32 or 2^128
 */
record Ip(boolean v6, BigInteger value) implements Comparable<Ip> {
  private static final Comparator<Ip> ORDER = Comparator.comparing(Ip::v6).thenComparing(Ip::value);

  /** What the JDK takes for an address, without the short IPv4 forms such as {@code 10.1}. */
  private static final Pattern LITERAL = Pattern.compile("[0-9]+([.][0-9]+){3}|[0-9a-fA-F:.]*:.*");

  /** Reads an address; empty when it is none. */
  static Optional<Ip> parse(String text) {
    String trimmed = text.trim();
    if (!LITERAL.matcher(trimmed).matches() || trimmed.contains("%")) {
      return Optional.empty();
    }
    try {
      var address = InetAddress.ofLiteral(trimmed);
      return Optional.of(
          new Ip(address instanceof Inet6Address, new BigInteger(1, address.getAddress())));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The address of an ingress entry; empty for a host name. */
  static Optional<Ip> of(LoadBalancerIngress entry) {
    return Optional.ofNullable(entry.getIp()).flatMap(Ip::parse);
  }

  /** Length in bits: 32 or 128. */
  int bits() {
    return v6 ? 128 : 32;
  }

  Ip plus(BigInteger offset) {
    return new Ip(v6, value.add(offset));
  }

  @Override
  public int compareTo(Ip other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    var bytes = new byte[bits() / 8];
    byte[] number = value.toByteArray();
    int length = Math.min(number.length, bytes.length);
    System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
    try {
      return IpLiteral.text(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are always an address", e);
    }
  }
}

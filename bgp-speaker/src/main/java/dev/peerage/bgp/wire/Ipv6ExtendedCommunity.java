package dev.peerage.bgp.wire;

/**
 * An extended community with an IPv6 address (RFC 5701).
 *
 * @param type both octets of the type, 0 to 65535
 * @param high the first half of the global administrator, an IPv6 address
 * @param low its second half
 * @param local the local administrator, 0 to 65535
 */
public record Ipv6ExtendedCommunity(int type, long high, long low, int local) {
  private static final int NON_TRANSITIVE = 0x4000;

  /** Checks the ranges. */
  public Ipv6ExtendedCommunity {
    Ranges.check(type, 0xffff, "type of an IPv6 extended community");
    Ranges.check(local, 0xffff, "local administrator");
  }

  /** Whether it may leave the AS (RFC 5701 section 2). */
  public boolean transitive() {
    return (type & NON_TRANSITIVE) == 0;
  }
}

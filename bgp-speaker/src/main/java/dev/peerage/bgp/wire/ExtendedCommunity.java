package dev.peerage.bgp.wire;

/**
 * An extended community (RFC 4360): a type of one or two octets and a value.
 *
 * @param value all eight octets, the type in the highest
 */
public record ExtendedCommunity(long value) {
  private static final int NON_TRANSITIVE = 0x40;

  /** The high octet of the type, 0 to 255. */
  public int type() {
    return (int) (value >>> 56);
  }

  /** The low octet of the type; part of the value where the type has no sub-types. */
  public int subtype() {
    return (int) (value >>> 48) & 0xff;
  }

  /** Whether it may leave the AS (RFC 4360 sections 2 and 6). */
  public boolean transitive() {
    return (type() & NON_TRANSITIVE) == 0;
  }

  /**
   * As routers print it where the type is a common one, for example {@code rt:65000:1}, else the
   * octets in hexadecimal.
   */
  @Override
  public String toString() {
    String name =
        switch (subtype()) {
          case 2 -> "rt:"; // route target
          case 3 -> "ro:"; // route origin
          default -> "";
        };
    if (name.isEmpty() || !transitive()) {
      return String.format("0x%016x", value);
    }
    return switch (type()) {
      case 0 -> name + (value >>> 32 & 0xffff) + ":" + (value & 0xffff_ffffL);
      case 1 -> name + IpText.of(Addresses.ipv4((int) (value >>> 16))) + ":" + (value & 0xffff);
      case 2 -> name + (value >>> 16 & 0xffff_ffffL) + ":" + (value & 0xffff); // RFC 5668
      default -> String.format("0x%016x", value);
    };
  }
}

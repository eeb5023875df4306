package dev.peerage.bgp.wire;

import java.util.Optional;

/** An address family and subsequent address family that Peerage carries (RFC 4760 section 3). */
public enum AddressFamily {
  IPV4_UNICAST(1, 1, 32, "ipv4", "unicast"),
  IPV6_UNICAST(2, 1, 128, "ipv6", "unicast");

  private final int afi;
  private final int safi;
  private final int maxLength;
  private final String afiName;
  private final String safiName;

  AddressFamily(int afi, int safi, int maxLength, String afiName, String safiName) {
    this.afi = afi;
    this.safi = safi;
    this.maxLength = maxLength;
    this.afiName = afiName;
    this.safiName = safiName;
  }

  /** The IANA address family number. */
  public int afi() {
    return afi;
  }

  /** The IANA subsequent address family identifier. */
  public int safi() {
    return safi;
  }

  /** The longest prefix of the family in bits: 32 or 128. */
  public int maxLength() {
    return maxLength;
  }

  /** The name in the Kubernetes API: {@code ipv4} or {@code ipv6}. */
  public String afiName() {
    return afiName;
  }

  /** The name in the Kubernetes API: {@code unicast}. */
  public String safiName() {
    return safiName;
  }

  /** The family of these code points, or empty when Peerage does not carry it. */
  public static Optional<AddressFamily> of(int afi, int safi) {
    for (AddressFamily family : values()) {
      if (family.afi == afi && family.safi == safi) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /** For example {@code ipv4/unicast}. */
  @Override
  public String toString() {
    return afiName + "/" + safiName;
  }
}

package dev.peerage.bgp.wire;

import java.util.Optional;

/**
 * ROUTE-REFRESH (RFC 2918, RFC 7313). Unknown subtypes and families are for the receiver to ignore.
 *
 * @param afi address family number, 0 to 65535
 * @param subtype 0 to 255
 * @param safi subsequent address family identifier, 0 to 255
 */
public record RouteRefresh(int afi, int subtype, int safi) implements Message {
  /** Asks for all routes again. */
  public static final int REQUEST = 0;

  /** Marks the beginning of a refresh (BoRR, RFC 7313). */
  public static final int BEGIN = 1;

  /** Marks the end of a refresh (EoRR, RFC 7313). */
  public static final int END = 2;

  /** Checks the ranges. */
  public RouteRefresh {
    Ranges.check(afi, 0xffff, "AFI");
    Ranges.check(subtype, 0xff, "route refresh subtype");
    Ranges.check(safi, 0xff, "SAFI");
  }

  /** A message of this subtype for a family. */
  public static RouteRefresh of(AddressFamily family, int subtype) {
    return new RouteRefresh(family.afi(), subtype, family.safi());
  }

  /** The family, or empty when Peerage does not carry it. */
  public Optional<AddressFamily> family() {
    return AddressFamily.of(afi, safi);
  }

  @Override
  public MessageType type() {
    return MessageType.ROUTE_REFRESH;
  }
}

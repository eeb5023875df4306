package dev.peerage.bgp.wire;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;

/**
 * OPEN (RFC 4271 section 4.2).
 *
 * @param asn the real ASN, 0 to 4294967295. The codec writes AS_TRANS into the two-octet field
 *     where the number needs four octets, and reads the real one from {@link
 *     Capability.FourOctetAsn}
 * @param holdTime the proposed hold time in seconds, 0 to 65535
 * @param bgpIdentifier the BGP identifier
 * @param capabilities in wire order, duplicates included
 */
public record Open(
    long asn, int holdTime, Inet4Address bgpIdentifier, List<Capability> capabilities)
    implements Message {

  /** The only version there is. */
  public static final int VERSION = 4;

  /** AS_TRANS (RFC 6793): stands for a four-octet ASN in a two-octet field. */
  public static final int AS_TRANS = 23456;

  /** Checks the ranges and copies the list. */
  public Open {
    Ranges.check(asn, Ranges.UNSIGNED_32, "ASN");
    Ranges.check(holdTime, 0xffff, "hold time");
    capabilities = List.copyOf(capabilities);
  }

  /** The first capability of a kind. */
  public <C extends Capability> Optional<C> capability(Class<C> kind) {
    return capabilities.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** Whether a capability of this kind is announced. */
  public boolean announces(Class<? extends Capability> kind) {
    return capability(kind).isPresent();
  }

  @Override
  public MessageType type() {
    return MessageType.OPEN;
  }
}

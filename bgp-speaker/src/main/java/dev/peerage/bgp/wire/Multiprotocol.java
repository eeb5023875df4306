package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.AttributeType.Flags;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;

/** Writes MP_REACH_NLRI and MP_UNREACH_NLRI up to their prefixes (RFC 4760 sections 3 and 4). */
final class Multiprotocol {
  /** The bytes in front of the prefixes of MP_UNREACH_NLRI: AFI and SAFI. */
  static final int UNREACH = 3;

  private Multiprotocol() {}

  /** The bytes in front of the prefixes of MP_REACH_NLRI: AFI, SAFI, next hop, reserved octet. */
  static int reachLength(AddressFamily family, InetAddress nextHop) {
    return 3 + 1 + (shortNextHop(family, nextHop) ? 4 : 16) + 1;
  }

  /**
   * The room for prefixes in an attribute that may have so many bytes, header included; negative
   * when there is none. The header has four octets only where three are not enough.
   */
  static int room(int available, int before) {
    return Math.max(Math.min(available - 3, 255), available - 4) - before;
  }

  static ByteBuf reach(AddressFamily family, InetAddress nextHop, int prefixBytes, ByteBuf out) {
    begin(AttributeType.MP_REACH_NLRI, reachLength(family, nextHop) + prefixBytes, family, out);
    if (shortNextHop(family, nextHop)) {
      out.writeByte(4).writeBytes(nextHop.getAddress());
    } else {
      out.writeByte(16);
      Addresses.writeIpv6(nextHop, out);
    }
    return out.writeByte(0); // reserved
  }

  static ByteBuf unreach(AddressFamily family, int prefixBytes, ByteBuf out) {
    return begin(AttributeType.MP_UNREACH_NLRI, UNREACH + prefixBytes, family, out);
  }

  private static boolean shortNextHop(AddressFamily family, InetAddress nextHop) {
    return family == AddressFamily.IPV4_UNICAST && nextHop instanceof Inet4Address;
  }

  private static ByteBuf begin(AttributeType type, int length, AddressFamily family, ByteBuf out) {
    AttributeEncoder.header(type.flags() & ~Flags.EXTENDED_LENGTH, type.code(), length, out);
    return out.writeShort(family.afi()).writeByte(family.safi());
  }
}

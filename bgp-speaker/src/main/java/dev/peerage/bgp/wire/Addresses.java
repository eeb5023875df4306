package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses as they lie in messages. */
final class Addresses {
  private Addresses() {}

  static Inet4Address ipv4(int bits) {
    byte[] bytes = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    return (Inet4Address) of(bytes);
  }

  /** The next bytes, 4 or 16. IPv4-mapped IPv6 addresses come as IPv4. */
  static InetAddress read(ByteBuf in, int length) {
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return of(bytes);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
    }
  }

  /** Writes 16 bytes; an IPv4 address IPv4-mapped (RFC 4291 section 2.5.5.2). */
  static void writeIpv6(InetAddress address, ByteBuf out) {
    if (address instanceof Inet4Address) {
      out.writeLong(0).writeInt(0xffff);
    }
    out.writeBytes(address.getAddress());
  }
}

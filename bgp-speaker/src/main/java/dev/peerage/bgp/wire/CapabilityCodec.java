package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Capabilities to bytes and back. A value that does not fit its code is kept as {@link
 * Capability.Unknown}: RFC 5492 has no error for it, and what is not understood is not negotiated.
 */
final class CapabilityCodec {
  private static final int RESTARTING = 0x8000;
  private static final int NOTIFICATION = 0x4000; // RFC 8538
  private static final int FORWARDING = 0x80;

  private CapabilityCodec() {}

  static Capability decode(int code, ByteBuf value) {
    int length = value.readableBytes();
    if (!fits(code, value)) {
      return new Capability.Unknown(code, Bytes.read(value));
    }
    return switch (code) {
      case Capability.Multiprotocol.CODE -> new Capability.Multiprotocol(wideFamily(value));
      case Capability.RouteRefresh.CODE -> new Capability.RouteRefresh();
      case Capability.ExtendedNextHop.CODE -> {
        List<Capability.ExtendedNextHop.Encoding> entries = new ArrayList<>(length / 6);
        while (value.isReadable()) {
          int afi = value.readUnsignedShort();
          // Two octets here (RFC 8950 section 4); a SAFI above 255 can only be a mistake.
          int safi = Math.min(value.readUnsignedShort(), 0xff);
          entries.add(
              new Capability.ExtendedNextHop.Encoding(
                  new Capability.Family(afi, safi), value.readUnsignedShort()));
        }
        yield new Capability.ExtendedNextHop(entries);
      }
      case Capability.ExtendedMessage.CODE -> new Capability.ExtendedMessage();
      case Capability.GracefulRestart.CODE -> {
        int head = value.readUnsignedShort();
        List<Capability.GracefulRestart.FamilyState> entries = new ArrayList<>(length / 4);
        while (value.isReadable()) {
          Capability.Family family = family(value);
          entries.add(
              new Capability.GracefulRestart.FamilyState(
                  family, (value.readUnsignedByte() & FORWARDING) != 0));
        }
        yield new Capability.GracefulRestart(
            (head & RESTARTING) != 0, (head & NOTIFICATION) != 0, head & 0xfff, entries);
      }
      case Capability.FourOctetAsn.CODE -> new Capability.FourOctetAsn(value.readUnsignedInt());
      case Capability.AddPath.CODE -> {
        List<Capability.AddPath.FamilyMode> entries = new ArrayList<>(length / 4);
        while (value.isReadable()) {
          Capability.Family family = family(value);
          entries.add(new Capability.AddPath.FamilyMode(family, value.readUnsignedByte()));
        }
        yield new Capability.AddPath(entries);
      }
      case Capability.EnhancedRouteRefresh.CODE -> new Capability.EnhancedRouteRefresh();
      case Capability.LongLivedGracefulRestart.CODE -> {
        List<Capability.LongLivedGracefulRestart.FamilyTime> entries = new ArrayList<>(length / 7);
        while (value.isReadable()) {
          Capability.Family family = family(value);
          boolean forwarding = (value.readUnsignedByte() & FORWARDING) != 0;
          entries.add(
              new Capability.LongLivedGracefulRestart.FamilyTime(
                  family, forwarding, value.readUnsignedMedium()));
        }
        yield new Capability.LongLivedGracefulRestart(entries);
      }
      case Capability.Fqdn.CODE -> new Capability.Fqdn(text(value), text(value));
      default -> new Capability.Unknown(code, Bytes.read(value));
    };
  }

  private static boolean fits(int code, ByteBuf value) {
    int length = value.readableBytes();
    return switch (code) {
      case Capability.RouteRefresh.CODE,
          Capability.ExtendedMessage.CODE,
          Capability.EnhancedRouteRefresh.CODE ->
          length == 0;
      case Capability.Multiprotocol.CODE, Capability.FourOctetAsn.CODE -> length == 4;
      case Capability.ExtendedNextHop.CODE -> length > 0 && length % 6 == 0;
      case Capability.GracefulRestart.CODE -> length % 4 == 2;
      case Capability.AddPath.CODE -> length > 0 && length % 4 == 0;
      case Capability.LongLivedGracefulRestart.CODE -> length % 7 == 0;
      case Capability.Fqdn.CODE -> fqdnFits(value);
      default -> true;
    };
  }

  /** AFI, a reserved octet, SAFI. */
  private static Capability.Family wideFamily(ByteBuf in) {
    int afi = in.readUnsignedShort();
    in.skipBytes(1);
    return new Capability.Family(afi, in.readUnsignedByte());
  }

  private static Capability.Family family(ByteBuf in) {
    return new Capability.Family(in.readUnsignedShort(), in.readUnsignedByte());
  }

  private static boolean fqdnFits(ByteBuf value) {
    int length = value.readableBytes();
    if (length < 2) {
      return false;
    }
    int host = value.getUnsignedByte(value.readerIndex());
    return host + 2 <= length
        && host + 2 + value.getUnsignedByte(value.readerIndex() + 1 + host) == length;
  }

  private static String text(ByteBuf in) {
    return in.readString(in.readUnsignedByte(), StandardCharsets.UTF_8);
  }

  /** Writes the value without code and length. */
  static void encode(Capability capability, ByteBuf out) {
    switch (capability) {
      case Capability.Multiprotocol(Capability.Family family) ->
          out.writeShort(family.afi()).writeByte(0).writeByte(family.safi());
      case Capability.RouteRefresh(),
          Capability.ExtendedMessage(),
          Capability.EnhancedRouteRefresh() -> {}
      case Capability.ExtendedNextHop(var entries) -> {
        for (Capability.ExtendedNextHop.Encoding entry : entries) {
          out.writeShort(entry.family().afi()).writeShort(entry.family().safi());
          out.writeShort(entry.nextHopAfi());
        }
      }
      case Capability.GracefulRestart restart -> {
        out.writeShort(
            (restart.restarting() ? RESTARTING : 0)
                | (restart.notification() ? NOTIFICATION : 0)
                | restart.restartTime());
        for (Capability.GracefulRestart.FamilyState entry : restart.families()) {
          write(entry.family(), out);
          out.writeByte(entry.forwarding() ? FORWARDING : 0);
        }
      }
      case Capability.FourOctetAsn(long asn) -> out.writeInt((int) asn);
      case Capability.AddPath(var families) -> {
        for (Capability.AddPath.FamilyMode entry : families) {
          write(entry.family(), out);
          out.writeByte(entry.mode());
        }
      }
      case Capability.LongLivedGracefulRestart(var families) -> {
        for (Capability.LongLivedGracefulRestart.FamilyTime entry : families) {
          write(entry.family(), out);
          out.writeByte(entry.forwarding() ? FORWARDING : 0).writeMedium(entry.staleTime());
        }
      }
      case Capability.Fqdn(String hostName, String domainName) -> {
        writeText(hostName, out);
        writeText(domainName, out);
      }
      case Capability.Unknown(int _, Bytes value) -> value.writeTo(out, value.length());
    }
  }

  private static void write(Capability.Family family, ByteBuf out) {
    out.writeShort(family.afi()).writeByte(family.safi());
  }

  private static void writeText(String text, ByteBuf out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeByte(utf8.length).writeBytes(utf8);
  }
}

package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes AS_PATH and AS4_PATH (RFC 4271 section 4.3, RFC 6793 section 3). */
final class AsPathDecoder {
  private AsPathDecoder() {}

  /** A path that is malformed (RFC 7606 section 7.2). */
  static final class BadPath extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    BadPath(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  /**
   * Consumes the buffer.
   *
   * @param width octets per ASN: 2 or 4
   */
  static AsPath decode(ByteBuf in, int width) throws BadPath {
    if (!in.isReadable()) {
      return AsPath.EMPTY;
    }
    List<AsPath.Segment> segments = new ArrayList<>(1);
    while (in.isReadable()) {
      if (in.readableBytes() < 2) {
        throw new BadPath("AS_PATH ends in a segment's header");
      }
      int code = in.readUnsignedByte();
      Optional<AsPath.Kind> kind = AsPath.Kind.of(code);
      if (kind.isEmpty()) {
        throw new BadPath("AS_PATH segment of type " + code);
      }
      segments.add(new AsPath.Segment(kind.get(), asns(in, in.readUnsignedByte(), width)));
    }
    return new AsPath(segments);
  }

  private static List<Long> asns(ByteBuf in, int count, int width) throws BadPath {
    if (count == 0) {
      throw new BadPath("AS_PATH segment without ASNs");
    }
    if (count * width > in.readableBytes()) {
      throw new BadPath(
          "AS_PATH segment of " + count + " ASNs with " + in.readableBytes() + " bytes left");
    }
    List<Long> asns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long asn = width == 4 ? in.readUnsignedInt() : in.readUnsignedShort();
      if (asn == 0) { // RFC 7607 section 2
        throw new BadPath("AS_PATH with AS 0");
      }
      asns.add(asn);
    }
    return asns;
  }
}

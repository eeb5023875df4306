package dev.peerage.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A request for all that the kernel holds of one sort. */
enum Dump {
  LINKS(Rtnetlink.RTM_GETLINK, Rtnetlink.AF_UNSPEC),
  ADDRESSES(Rtnetlink.RTM_GETADDR, Rtnetlink.AF_UNSPEC),
  IPV4_ROUTES(Rtnetlink.RTM_GETROUTE, Rtnetlink.AF_INET),
  IPV6_ROUTES(Rtnetlink.RTM_GETROUTE, Rtnetlink.AF_INET6);

  private static final int ATTRIBUTE_BYTES = 8;

  private final int type;
  private final int family;

  Dump(int type, int family) {
    this.type = type;
    this.family = family;
  }

  /** The request; the kernel repeats its sequence number in what it answers. */
  byte[] request(int sequence, ByteOrder order) {
    return switch (this) {
      case LINKS -> {
        ByteBuffer out = start(16 + ATTRIBUTE_BYTES, sequence, order);
        out.position(out.position() + 16);
        // Statistics are most of an answer and of no use here.
        yield attribute(out, Rtnetlink.IFLA_EXT_MASK, Rtnetlink.RTEXT_FILTER_SKIP_STATS);
      }
      case ADDRESSES -> start(8, sequence, order).array();
      case IPV4_ROUTES, IPV6_ROUTES -> {
        ByteBuffer out = start(12 + ATTRIBUTE_BYTES, sequence, order);
        int message = out.position();
        out.put(message + 4, (byte) Rtnetlink.RT_TABLE_MAIN);
        out.put(message + 7, (byte) Rtnetlink.RTN_UNICAST);
        out.position(message + 12);
        yield attribute(out, Rtnetlink.RTA_TABLE, Rtnetlink.RT_TABLE_MAIN);
      }
    };
  }

  /** A request that changes nothing and is answered at once. */
  static byte[] echo(ByteOrder order) {
    return header(Rtnetlink.NLMSG_NOOP, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK, 0, 0, order)
        .array();
  }

  private ByteBuffer start(int bytes, int sequence, ByteOrder order) {
    ByteBuffer out =
        header(type, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP, bytes, sequence, order);
    out.put(out.position(), (byte) family);
    return out;
  }

  private static ByteBuffer header(int type, int flags, int bytes, int sequence, ByteOrder order) {
    return ByteBuffer.allocate(Rtnetlink.HEADER_BYTES + bytes)
        .order(order)
        .putInt(Rtnetlink.HEADER_BYTES + bytes)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(0);
  }

  private static byte[] attribute(ByteBuffer out, int type, int value) {
    return out.putShort((short) ATTRIBUTE_BYTES).putShort((short) type).putInt(value).array();
  }
}

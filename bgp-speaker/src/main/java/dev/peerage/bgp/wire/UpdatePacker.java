package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Fills UPDATE messages up to the largest message. Each call appends one message, so that a caller
 * can pause between messages. IPv4 routes with an IPv4 next hop go into the classic fields, all
 * others into MP_REACH_NLRI and MP_UNREACH_NLRI.
 */
public final class UpdatePacker {
  // Header, length of the withdrawn routes, length of the path attributes.
  private static final int FIXED = MessageCodec.HEADER_LENGTH + 2 + 2;

  private final CodecContext context;
  private final AttributeEncoder encoder;

  /** For a session with these properties. */
  public UpdatePacker(CodecContext context) {
    this.context = context;
    this.encoder = new AttributeEncoder(context);
  }

  /**
   * Appends one UPDATE that withdraws prefixes from an index on.
   *
   * @param from 0 to {@code prefixes.size() - 1}
   * @return the index of the first prefix that did not fit; {@code prefixes.size()} when done
   */
  public int withdraw(PrefixList prefixes, int from, ByteBuf out) {
    // RFC 8950 section 4: routes that came in MP_REACH_NLRI leave in MP_UNREACH_NLRI.
    boolean classic = prefixes.family() == AddressFamily.IPV4_UNICAST && !context.extendedNextHop();
    int room = context.maxLength() - FIXED;
    byte[] bytes = Scratch.own().bytes(room);
    long filled =
        Nlri.fill(
            prefixes,
            from,
            addPath(prefixes),
            bytes,
            classic ? room : Multiprotocol.room(room, Multiprotocol.UNREACH));
    var size = (int) filled;
    int start = MessageHeader.begin(MessageType.UPDATE, out);
    if (classic) {
      out.writeShort(size).writeBytes(bytes, 0, size).writeShort(0);
    } else {
      out.writeShort(0);
      int attributes = MessageEncoder.beginField(out);
      Multiprotocol.unreach(prefixes.family(), size, out).writeBytes(bytes, 0, size);
      MessageEncoder.endField(attributes, out);
    }
    MessageHeader.end(start, out);
    return (int) (filled >>> 32);
  }

  /**
   * Appends one UPDATE that announces prefixes from an index on, or tells that some cannot be
   * announced; the buffer then is as before.
   *
   * @param attributes with {@link PathAttribute.NextHop}, without MP attributes
   * @param from 0 to {@code prefixes.size() - 1}
   */
  public Packed announce(PathAttributes attributes, PrefixList prefixes, int from, ByteBuf out) {
    InetAddress nextHop =
        attributes
            .nextHop()
            .orElseThrow(() -> new IllegalArgumentException("routes without a next hop"));
    boolean classic =
        prefixes.family() == AddressFamily.IPV4_UNICAST && nextHop instanceof Inet4Address;
    if (!classic
        && prefixes.family() == AddressFamily.IPV4_UNICAST
        && !context.extendedNextHop()) { // RFC 8950 section 4
      return new Packed.Unsendable(
          prefixes.size(),
          "the peer does not take IPv4 routes with next hop " + IpText.of(nextHop));
    }
    int start = MessageHeader.begin(MessageType.UPDATE, out);
    out.writeShort(0); // no classic withdrawals
    int next =
        classic
            ? classic(attributes, prefixes, from, start, out)
            : multiprotocol(attributes, nextHop, prefixes, from, start, out);
    if (next > from) {
      MessageHeader.end(start, out);
      return new Packed.Appended(next);
    }
    out.writerIndex(start);
    PathAttributes less =
        attributes
            .without(PathAttribute.Aggregator.class)
            .without(PathAttribute.AtomicAggregate.class);
    // RFC 8654 section 4: first without what RFC 7606 lets a receiver discard.
    return less == attributes
        ? new Packed.Unsendable(
            tooLong(prefixes, from),
            "the path attributes leave no room for "
                + prefixes.prefix(from)
                + " in a message of "
                + context.maxLength()
                + " bytes")
        : announce(less, prefixes, from, out);
  }

  /** The first prefix from here on that is shorter than the one that does not fit. */
  private static int tooLong(PrefixList prefixes, int from) {
    int size = Nlri.size(prefixes.length(from));
    int next = from + 1;
    while (next < prefixes.size() && Nlri.size(prefixes.length(next)) >= size) {
      next++;
    }
    return next;
  }

  private int classic(
      PathAttributes attributes, PrefixList prefixes, int from, int start, ByteBuf out) {
    int field = MessageEncoder.beginField(out);
    encoder.writeShared(attributes, false, out);
    int room = context.maxLength() - (out.writerIndex() - start);
    if (room <= 0) {
      return from;
    }
    MessageEncoder.endField(field, out);
    byte[] bytes = Scratch.own().bytes(room);
    long filled = Nlri.fill(prefixes, from, addPath(prefixes), bytes, room);
    out.writeBytes(bytes, 0, (int) filled);
    return (int) (filled >>> 32);
  }

  /** The other attributes are written behind MP_REACH_NLRI, yet their size decides its own. */
  private int multiprotocol(
      PathAttributes attributes,
      InetAddress nextHop,
      PrefixList prefixes,
      int from,
      int start,
      ByteBuf out) {
    int field = MessageEncoder.beginField(out);
    int first = out.writerIndex();
    encoder.writeShared(attributes, true, out); // only to measure
    int room =
        Multiprotocol.room(
            context.maxLength() - (out.writerIndex() - start),
            Multiprotocol.reachLength(prefixes.family(), nextHop));
    out.writerIndex(first);
    if (room <= 0) {
      return from;
    }
    byte[] bytes = Scratch.own().bytes(room);
    long filled = Nlri.fill(prefixes, from, addPath(prefixes), bytes, room);
    var size = (int) filled;
    Multiprotocol.reach(prefixes.family(), nextHop, size, out).writeBytes(bytes, 0, size);
    encoder.writeShared(attributes, true, out);
    MessageEncoder.endField(field, out);
    return (int) (filled >>> 32);
  }

  private boolean addPath(PrefixList prefixes) {
    return context.addPathSent().contains(prefixes.family());
  }

  /** Appends the End-of-RIB marker of a family (RFC 4724 section 2). */
  public void endOfRib(AddressFamily family, ByteBuf out) {
    MessageEncoder.encode(Update.endOfRib(family), context, out);
  }
}

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
    int start = MessageHeader.begin(MessageType.UPDATE, out);
    int next;
    // RFC 8950 section 4: routes that came in MP_REACH_NLRI leave in MP_UNREACH_NLRI.
    if (prefixes.family() == AddressFamily.IPV4_UNICAST && !context.extendedNextHop()) {
      int withdrawn = MessageEncoder.beginField(out);
      next = Nlri.write(prefixes, from, room(start, out) - 2, out);
      MessageEncoder.endField(withdrawn, out);
      out.writeShort(0); // no attributes
    } else {
      out.writeShort(0); // no classic withdrawals
      int attributes = MessageEncoder.beginField(out);
      int unreach = AttributeEncoder.beginUnreach(prefixes.family(), out);
      next = Nlri.write(prefixes, from, room(start, out), out);
      AttributeEncoder.endMultiprotocol(unreach, out);
      MessageEncoder.endField(attributes, out);
    }
    MessageHeader.end(start, out);
    return next;
  }

  /**
   * Appends one UPDATE that announces prefixes from an index on.
   *
   * @param attributes with {@link PathAttribute.NextHop}, without MP attributes
   * @param from 0 to {@code prefixes.size() - 1}
   * @return the index of the first prefix that did not fit; {@code prefixes.size()} when done
   * @throws IllegalArgumentException when the attributes leave no room for a prefix; the buffer is
   *     as before
   */
  public int announce(PathAttributes attributes, PrefixList prefixes, int from, ByteBuf out) {
    InetAddress nextHop =
        attributes
            .nextHop()
            .orElseThrow(() -> new IllegalArgumentException("routes without a next hop"));
    int start = MessageHeader.begin(MessageType.UPDATE, out);
    out.writeShort(0); // no classic withdrawals
    int field = MessageEncoder.beginField(out);
    int next =
        prefixes.family() == AddressFamily.IPV4_UNICAST && nextHop instanceof Inet4Address
            ? classic(attributes, prefixes, from, start, field, out)
            : multiprotocol(attributes, nextHop, prefixes, from, start, field, out);
    if (next == from) {
      out.writerIndex(start);
      throw new IllegalArgumentException(
          "path attributes leave no room for " + prefixes.prefix(from) + " in " + maximum());
    }
    MessageHeader.end(start, out);
    return next;
  }

  private String maximum() {
    return "a message of " + context.maxLength() + " bytes";
  }

  private int classic(
      PathAttributes attributes, PrefixList prefixes, int from, int start, int field, ByteBuf out) {
    encoder.writeShared(attributes, false, out);
    if (room(start, out) < 0) {
      return from;
    }
    MessageEncoder.endField(field, out);
    return Nlri.write(prefixes, from, room(start, out), out);
  }

  /** The other attributes are written behind MP_REACH_NLRI, yet their size decides its own. */
  private int multiprotocol(
      PathAttributes attributes,
      InetAddress nextHop,
      PrefixList prefixes,
      int from,
      int start,
      int field,
      ByteBuf out) {
    int reach =
        AttributeEncoder.beginReach(
            prefixes.family(), new PathAttribute.MpReach(nextHop, prefixes), out);
    int nlri = out.writerIndex();
    encoder.writeShared(attributes, true, out); // only to measure
    int room = room(start, out);
    out.writerIndex(nlri);
    int next = Nlri.write(prefixes, from, room, out);
    AttributeEncoder.endMultiprotocol(reach, out);
    encoder.writeShared(attributes, true, out);
    MessageEncoder.endField(field, out);
    return next;
  }

  private int room(int start, ByteBuf out) {
    return context.maxLength() - (out.writerIndex() - start);
  }

  /** Appends the End-of-RIB marker of a family (RFC 4724 section 2). */
  public void endOfRib(AddressFamily family, ByteBuf out) {
    MessageEncoder.encode(Update.endOfRib(family), context, out);
  }
}

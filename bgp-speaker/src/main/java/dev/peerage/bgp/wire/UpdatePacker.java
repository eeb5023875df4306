package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;

/**
 * Fills UPDATE messages up to the largest message. Each call appends one message, so that a caller
 * can pause between messages. IPv4 routes with an IPv4 next hop go into the classic fields, all
 * others into MP_REACH_NLRI and MP_UNREACH_NLRI.
 */
public final class UpdatePacker {
  private final CodecContext context;

  /** For a session with these properties. */
  public UpdatePacker(CodecContext context) {
    this.context = context;
  }

  /**
   * Appends one UPDATE that withdraws prefixes from an index on.
   *
   * @return the index of the first prefix that did not fit; {@code prefixes.size()} when done
   */
  public int withdraw(PrefixList prefixes, int from, ByteBuf out) {
    throw new UnsupportedOperationException("follows" + context);
  }

  /**
   * Appends one UPDATE that announces prefixes from an index on.
   *
   * @param attributes with {@link PathAttribute.NextHop}, without MP attributes
   * @return the index of the first prefix that did not fit; {@code prefixes.size()} when done
   * @throws IllegalArgumentException when the attributes leave no room for a single prefix
   */
  public int announce(PathAttributes attributes, PrefixList prefixes, int from, ByteBuf out) {
    throw new UnsupportedOperationException("follows");
  }

  /** Appends the End-of-RIB marker of a family (RFC 4724 section 2). */
  public void endOfRib(AddressFamily family, ByteBuf out) {
    MessageEncoder.encode(Update.endOfRib(family), context, out);
  }
}

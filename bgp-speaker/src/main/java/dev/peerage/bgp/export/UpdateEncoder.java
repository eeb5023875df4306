package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.Packed;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.UpdatePacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Encodes what the members of an update group are told. The messages of a page, or of withdrawals,
 * stay beside it for the next member. Callers release what they get.
 */
final class UpdateEncoder {
  /**
   * A page with at least this many bytes of prefixes keeps its messages after all members were sent
   * them, for members that come later. Smaller ones are encoded again as quickly.
   */
  private static final int WORTH_KEEPING = 2_048;

  private final CodecContext codec;
  private final UpdatePacker packer;
  private final ExportCounters counters;

  UpdateEncoder(CodecContext codec, ExportCounters counters) {
    this.codec = codec;
    this.packer = new UpdatePacker(codec);
    this.counters = counters;
  }

  /** The bytes that one UPDATE has for prefixes beside these attributes; 0 when they do not fit. */
  int room(AddressFamily family, PathAttributes attributes) {
    var probe =
        new Prefix(family, family == AddressFamily.IPV4_UNICAST ? 10L << 56 : 0x20L << 56, 0, 8);
    ByteBuf out = Unpooled.buffer(codec.maxLength());
    // The probe's 2 octets are free again. One is kept back: MP_REACH_NLRI with more prefixes has a
    // length of two octets (RFC 4271 section 4.3), with the probe alone of one.
    return switch (packer.announce(attributes, PrefixList.of(probe), 0, out)) {
      case Packed.Appended _ -> codec.maxLength() - out.readableBytes() + 2 - 1;
      case Packed.Unsendable _ -> 0;
    };
  }

  /** The messages that announce a page. */
  ByteBuf announcement(Page page, AdjRibOut table) {
    ByteBuf messages = page.encoded();
    if (messages == null) {
      PrefixList prefixes = table.prefixes(page);
      messages =
          ByteBufAllocator.DEFAULT.directBuffer(
              Math.min(codec.maxLength(), codec.maxLength() - page.set.room + page.bytes() + 1));
      int next = 0;
      while (next < prefixes.size()) {
        next = packer.announce(page.set.attributes, prefixes, next, messages).next();
      }
      counters.encoded++;
      page.keep(messages);
    }
    return messages.retainedDuplicate();
  }

  /** Releases a page's messages if all members were sent it and they are not worth keeping. */
  void passed(Page page, AdjRibOut table) {
    if (page.bytes() < WORTH_KEEPING && table.isPassed(page)) {
      page.forget();
    }
  }

  /**
   * The messages that withdraw routes.
   *
   * @param prefixes those that the member was told
   * @param all whether these are all of them
   */
  ByteBuf withdrawal(WithdrawnRoutes withdrawn, boolean all, PrefixList prefixes) {
    ByteBuf shared = withdrawn.encoded();
    if (all && shared != null) {
      return shared.retainedDuplicate();
    }
    ByteBuf messages = ByteBufAllocator.DEFAULT.directBuffer();
    int next = 0;
    while (next < prefixes.size()) {
      next = packer.withdraw(prefixes, next, messages);
    }
    counters.encoded++;
    if (all && withdrawn.isAwaited()) {
      withdrawn.keep(messages);
      return messages.retainedDuplicate();
    }
    return messages;
  }

  /** The End-of-RIB marker of a family (RFC 4724 section 2). */
  ByteBuf endOfRib(AddressFamily family) {
    ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(64);
    packer.endOfRib(family, out);
    return out;
  }

  /** The beginning or the end of a refresh (RFC 7313). */
  ByteBuf mark(RouteRefresh message) {
    ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(64);
    MessageCodec.encode(message, codec, out);
    return out;
  }
}

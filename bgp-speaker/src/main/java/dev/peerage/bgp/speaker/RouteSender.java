package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.RouteChanges;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Packed;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import dev.peerage.bgp.wire.UpdatePacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the differences of an adj-rib-out to an Established session: withdrawals first, then
 * announcements by attribute set, End-of-RIB after the first table. A table leaves in slices, one
 * per turn of the event loop, so that keepalives and other peers never wait for it; a peer that
 * does not read gets nothing more until it does.
 */
final class RouteSender {
  private static final Logger LOG = LoggerFactory.getLogger(RouteSender.class);

  // About a millisecond of encoding.
  private static final int SLICE_BYTES = 64 * 1024;

  private final Connection connection;
  private final Executor loop;
  private final UpdatePacker packer;
  private final int longest;
  private final Supplier<RouteChanges> differences;
  private final Runnable taken;
  private final Set<AddressFamily> endOfRib;
  private final Deque<Batch> batches = new ArrayDeque<>();
  private boolean scheduled;
  private boolean stopped;

  /** Prefixes of one kind, sent up to {@code next}. */
  private static final class Batch {
    final PrefixList prefixes;
    final Encoding encoding;
    int next;

    Batch(PrefixList prefixes, Encoding encoding) {
      this.prefixes = prefixes;
      this.encoding = encoding;
    }
  }

  private interface Encoding {
    int one(PrefixList prefixes, int from, ByteBuf out);
  }

  /**
   * @param differences takes what changed since it was last asked
   * @param taken called after differences were taken
   */
  RouteSender(
      Connection connection,
      Executor loop,
      CodecContext context,
      Supplier<RouteChanges> differences,
      Runnable taken) {
    this.connection = connection;
    this.loop = loop;
    this.packer = new UpdatePacker(context);
    this.longest = context.maxLength();
    this.differences = differences;
    this.taken = taken;
    this.endOfRib = EnumSet.copyOf(context.families());
  }

  /** There may be differences. They leave at the end of this turn of the event loop. */
  void wake() {
    if (!scheduled && !stopped) {
      scheduled = true;
      loop.execute(this::slice);
    }
  }

  /** The session is over. */
  void stop() {
    stopped = true;
    batches.clear();
  }

  private void slice() {
    scheduled = false;
    if (stopped || !connection.writable()) {
      return; // Connection events wake this again.
    }
    if (batches.isEmpty()) {
      take(differences.get());
    }
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer(SLICE_BYTES + longest);
    while (!batches.isEmpty() && out.readableBytes() < SLICE_BYTES) {
      Batch batch = batches.getFirst();
      batch.next = batch.encoding.one(batch.prefixes, batch.next, out);
      if (batch.next == batch.prefixes.size()) {
        batches.removeFirst();
      }
    }
    if (batches.isEmpty() && out.readableBytes() < SLICE_BYTES) {
      endOfRib.forEach(family -> packer.endOfRib(family, out));
      endOfRib.clear();
    }
    if (out.isReadable()) {
      connection.send(out);
      wake(); // Until a turn finds nothing to do.
    } else {
      out.release();
    }
  }

  private int announce(PathAttributes attributes, PrefixList prefixes, int from, ByteBuf out) {
    Packed packed = packer.announce(attributes, prefixes, from, out);
    if (packed instanceof Packed.Unsendable(int next, String reason)) {
      // RFC 4271 section 9.2: what does not fit into a message is not advertised.
      LOG.error("{} routes are not advertised: {}", next - from, reason);
    }
    return packed.next();
  }

  private void take(RouteChanges changes) {
    if (changes.isEmpty()) {
      return;
    }
    for (PrefixList withdrawn : changes.withdrawals()) {
      batches.add(new Batch(withdrawn, packer::withdraw));
    }
    taken.run();
    for (Update.Announcement announced : changes.announcements()) {
      batches.add(
          new Batch(
              announced.prefixes(),
              (prefixes, from, out) -> announce(announced.attributes(), prefixes, from, out)));
    }
  }
}

package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PrefixList;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch of routes that an update group withdraws, each with the page in which members were told
 * it. A member that was not sent that page does not know the route, and needs no withdrawal.
 */
final class WithdrawnRoutes {
  /** In place of a page: each member may know the route, and is told the withdrawal. */
  static final long ANYWHERE = -1;

  final PrefixList prefixes;
  private final long[] pages;
  private final long last;
  private @Nullable ByteBuf encoded;
  private boolean told;

  WithdrawnRoutes(PrefixList prefixes, long[] pages) {
    this.prefixes = prefixes;
    this.pages = pages;
    long highest = ANYWHERE;
    for (long page : pages) {
      highest = Math.max(highest, page);
    }
    this.last = highest;
  }

  /** Whether a member that was told the pages before this number knows all of the routes. */
  boolean allTold(long told) {
    return last < told;
  }

  /** Those that a member knows that was told the pages before this number. */
  PrefixList told(long told) {
    if (allTold(told)) {
      return prefixes;
    }
    var known = new PrefixList.Builder(prefixes.family(), prefixes.size());
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] < told) {
        known.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      }
    }
    return known.build();
  }

  /** A copy for another group, without the messages: each group releases its own. */
  WithdrawnRoutes copy() {
    return new WithdrawnRoutes(prefixes, pages);
  }

  /** The same routes, now withdrawn from every member, whatever page it has come to. */
  WithdrawnRoutes fromAnywhere() {
    long[] anywhere = new long[pages.length];
    Arrays.fill(anywhere, ANYWHERE);
    return new WithdrawnRoutes(prefixes, anywhere);
  }

  /** The messages, if they are at hand; not retained. */
  @Nullable ByteBuf encoded() {
    return encoded;
  }

  /** Keeps the messages and takes over the reference. */
  void keep(ByteBuf messages) {
    encoded = messages;
  }

  /** Whether there are members that were not told yet. */
  boolean isAwaited() {
    return !told;
  }

  /** All members were told: releases the messages. */
  void forget() {
    told = true;
    if (encoded != null) {
      encoded.release();
      encoded = null;
    }
  }
}

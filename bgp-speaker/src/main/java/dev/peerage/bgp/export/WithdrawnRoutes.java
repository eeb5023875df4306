package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PrefixList;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Routes that an update group withdraws at once, with the pages in which members were told them
 * last: a member that has not come to that page is not told the withdrawal.
 */
final class WithdrawnRoutes {
  /** Instead of a page: a member may have been told the route in any page. */
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

  /** Whether a member with this much of the table knows all of them. */
  boolean allTold(long told) {
    return last < told;
  }

  /** What a member with this much of the table knows. */
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

  /** The same without its messages, for a group of its own. */
  WithdrawnRoutes copy() {
    return new WithdrawnRoutes(prefixes, pages);
  }

  /** The same without its messages, as if members could have been told it in any page. */
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

  /** All members were told. */
  void forget() {
    told = true;
    if (encoded != null) {
      encoded.release();
      encoded = null;
    }
  }
}

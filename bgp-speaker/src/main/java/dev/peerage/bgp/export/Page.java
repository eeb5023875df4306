package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.prefix.PrefixWords;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PrefixList;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Routes of an update group that share their attributes and fit into one UPDATE. A route that
 * changes moves to a later page; what it leaves behind is skipped when the page is encoded again.
 */
final class Page {
  private static final int FIRST_CAPACITY = 4;

  final AddressFamily family;
  final AttributeSet set;

  /** Its place in the order of sending. */
  final long number;

  /**
   * Whether none of its prefixes was in an earlier page before. Then their withdrawal concerns only
   * members that were sent this page.
   */
  boolean fresh = true;

  private final int stride;
  private long[] words;
  private int count;

  /** How many prefixes are still in this page, and their size as NLRI. */
  private int live;

  private int bytes;
  private @Nullable ByteBuf encoded;

  Page(AddressFamily family, AttributeSet set, long number) {
    this.family = family;
    this.set = set;
    this.number = number;
    this.stride = PrefixWords.stride(family);
    this.words = new long[FIRST_CAPACITY * stride];
  }

  /** The size of a prefix as NLRI. */
  static int size(int length) {
    return 1 + ((length + 7) >> 3);
  }

  boolean takes(int length) {
    return live == count && bytes + size(length) <= set.room;
  }

  void add(long high, long low, int length) {
    if (count * stride == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    PrefixWords.put(stride, words, count, high, low, length);
    count++;
    live++;
    bytes += size(length);
    set.live++;
    forget();
  }

  /** A prefix has left this page: it is withdrawn, or in a later page with other attributes. */
  void drop(int length) {
    live--;
    bytes -= size(length);
    set.live--;
    forget();
  }

  int live() {
    return live;
  }

  int bytes() {
    return bytes;
  }

  /** The routes that are still here. */
  PrefixList prefixes(PrefixTable<Page> index) {
    var prefixes = new PrefixList.Builder(family, live);
    boolean whole = live == count;
    for (int i = 0; i < count; i++) {
      long high = PrefixWords.high(stride, words, i);
      long low = PrefixWords.low(stride, words, i);
      int length = PrefixWords.length(stride, words, i);
      if (whole || index.get(high, low, length) == this) {
        prefixes.add(high, low, length);
      }
    }
    return prefixes.build();
  }

  /** The messages, if they are at hand; not retained. */
  @Nullable ByteBuf encoded() {
    return encoded;
  }

  /** Keeps the messages and takes over the reference. */
  void keep(ByteBuf messages) {
    forget();
    words = Arrays.copyOf(words, count * stride);
    encoded = messages;
  }

  void forget() {
    if (encoded != null) {
      encoded.release();
      encoded = null;
    }
  }
}

package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PrefixList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes that were withdrawn since the slowest member of an update group was last told, in
 * batches in the order of time. Batches have consecutive numbers, to which {@link Cursor#withdrawn}
 * refers. When they grow, they are merged, so that a member that does not read costs at most one
 * entry per prefix.
 */
final class Withdrawals {
  /** The most prefixes in a batch. */
  private static final int BATCH = 16_384;

  /** Batches are merged when they hold twice what the last merge left, and this many more. */
  private static final int MIN_MERGE = 1_024;

  private final AddressFamily family;
  private final List<Cursor> cursors;
  private final PrefixTable<Page> advertised;
  private final List<WithdrawnRoutes> batches = new ArrayList<>();

  /** The number of the first batch. */
  private long first;

  private int prefixes;
  private int prefixesAfterMerge;

  /** The batch that is being filled, and the pages that its prefixes were in. */
  private PrefixList.Builder filling;

  private long[] fillingPages = new long[0];

  /**
   * No withdrawals yet.
   *
   * @param cursors of the members; the caller's list, not a copy
   * @param advertised what is advertised; the caller's table, not a copy
   */
  Withdrawals(AddressFamily family, List<Cursor> cursors, PrefixTable<Page> advertised) {
    this.family = family;
    this.cursors = cursors;
    this.advertised = advertised;
    this.filling = new PrefixList.Builder(family, 0);
  }

  /** The number that the next batch will have. */
  long end() {
    return first + batches.size();
  }

  /** How many prefixes are held, counted once per batch that they are in. */
  int prefixes() {
    return prefixes;
  }

  /** The next batch for a member, or null. */
  @Nullable WithdrawnRoutes next(Cursor cursor) {
    var at = (int) (cursor.withdrawn - first);
    return at < batches.size() ? batches.get(at) : null;
  }

  /** The member was told the next batch. */
  void passed(Cursor cursor) {
    cursor.withdrawn++;
    forgetTold();
  }

  /**
   * Adds a prefix.
   *
   * @param page the only page in which members were told it, or {@link WithdrawnRoutes#ANYWHERE}
   */
  void add(long high, long low, int length, long page) {
    int count = filling.size();
    if (count == fillingPages.length) {
      fillingPages = Arrays.copyOf(fillingPages, Math.max(16, 2 * count));
    }
    fillingPages[count] = page;
    filling.add(high, low, length);
    if (count + 1 == BATCH) {
      endBatch();
    }
  }

  /** The batch of decisions is over, or its slice: what was added may be sent. */
  void endOfDecisions() {
    endBatch();
    if (prefixes > 2 * prefixesAfterMerge + MIN_MERGE) {
      forgetTold();
      merge();
      prefixesAfterMerge = prefixes;
    }
  }

  private void endBatch() {
    int count = filling.size();
    if (count > 0) {
      batches.add(new WithdrawnRoutes(filling.build(), Arrays.copyOf(fillingPages, count)));
      prefixes += count;
      filling = new PrefixList.Builder(family, 0);
    }
  }

  /** Forgets the batches that all members were told. */
  void forgetTold() {
    long needed = end();
    for (Cursor cursor : cursors) {
      needed = Math.min(needed, cursor.withdrawn);
    }
    var count = (int) (needed - first);
    if (count > 0) {
      for (WithdrawnRoutes each : batches.subList(0, count)) {
        each.forget();
        prefixes -= each.prefixes.size();
      }
      batches.subList(0, count).clear();
      first = needed;
      prefixesAfterMerge = Math.min(prefixesAfterMerge, prefixes);
    }
  }

  /**
   * Replaces all batches by one that names each prefix once, without those that are advertised
   * again. Members that were told some of the batches are told these prefixes once more, which
   * changes nothing for a prefix that is withdrawn.
   */
  private void merge() {
    if (batches.size() < 2) {
      return;
    }
    PrefixTable<Boolean> merged = new PrefixTable<>(family);
    for (WithdrawnRoutes each : batches) {
      PrefixList list = each.prefixes;
      for (int i = 0; i < list.size(); i++) {
        if (advertised.get(list.high(i), list.low(i), list.length(i)) == null) {
          merged.put(list.high(i), list.low(i), list.length(i), true, 0);
        }
      }
      each.forget();
    }
    long end = end();
    batches.clear();
    prefixes = 0;
    merged.forEach((high, low, length, _, _) -> add(high, low, length, WithdrawnRoutes.ANYWHERE));
    endBatch();
    first = end;
    for (Cursor cursor : cursors) {
      cursor.withdrawn = cursor.withdrawn < end ? end : end();
    }
  }

  /** The pages were packed anew: the numbers kept beside the prefixes mean nothing any more. */
  void pagesRenumbered() {
    batches.replaceAll(each -> {
      each.forget();
      return each.fromAnywhere();
    });
  }

  /** A copy for members that leave with a table of their own. */
  Withdrawals copy(List<Cursor> others, PrefixTable<Page> advertisedToThem) {
    var copy = new Withdrawals(family, others, advertisedToThem);
    copy.first = first;
    for (WithdrawnRoutes each : batches) {
      copy.batches.add(each.copy());
    }
    copy.prefixes = prefixes;
    copy.prefixesAfterMerge = prefixesAfterMerge;
    return copy;
  }

  /** Releases all messages. */
  void close() {
    batches.forEach(WithdrawnRoutes::forget);
  }
}

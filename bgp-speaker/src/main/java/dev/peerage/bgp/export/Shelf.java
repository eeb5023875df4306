package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The adj-rib-out of one family, shared by the members of an update group: pages in the order of
 * sending, and the routes that were withdrawn since the slowest member was last told. A member is a
 * {@link Cursor}: however slow, it holds no routes of its own.
 */
final class Shelf {
  /** So many prefixes are withdrawn at once. */
  private static final int BATCH = 16_384;

  private static final int MIN_MERGE = 1_024;

  final AddressFamily family;
  final PrefixTable<Page> index;
  private final ToIntFunction<PathAttributes> room;
  private final Map<PathAttributes, AttributeSet> sets = new HashMap<>();
  private final List<Cursor> cursors = new ArrayList<>();

  /** What changed since the last batch. */
  private PrefixTable<Boolean> pending;

  private boolean everything;

  /** What is being judged, and how far that is. */
  private PrefixTable<Boolean> batch;

  private int batchAt = BestPaths.END;
  private int sweepAt = BestPaths.END;
  private final Map<PathAttributes, PrefixList.Builder> tooLong = new HashMap<>();

  private List<Page> pages = new ArrayList<>();
  private long nextPage;
  private int pagesAfterTidying;

  private final List<Withdrawn> withdrawn = new ArrayList<>();
  private long firstWithdrawn;
  private int withdrawnPrefixes;
  private int withdrawnAfterMerge;

  private PrefixList.Builder leaving;
  private long[] leavingPages = new long[0];

  /** What one member was told. */
  static final class Cursor {
    /** Pages before this one are told. */
    long page;

    /** Pages before this one were told at least once; more than {@code page} during a refresh. */
    long told;

    /** Withdrawals before this one are told. */
    long withdrawn;

    /** Where the table ended when it was asked for; -1 = nobody asked. */
    long end = -1;
  }

  /** The routes of a family that do not fit into an UPDATE. */
  record Unsendable(PathAttributes attributes, PrefixList prefixes) {}

  /**
   * @param room the bytes for prefixes in an UPDATE with these attributes
   */
  Shelf(AddressFamily family, ToIntFunction<PathAttributes> room) {
    this.family = family;
    this.room = room;
    this.index = new PrefixTable<>(family);
    this.pending = new PrefixTable<>(family);
    this.batch = pending;
    this.leaving = new PrefixList.Builder(family, 0);
  }

  // Members.

  Cursor join() {
    if (isLoose(1)) { // A table that starts now should not consist of half empty messages.
      tidy();
    }
    Cursor cursor = new Cursor();
    cursor.withdrawn = firstWithdrawn + withdrawn.size();
    cursors.add(cursor);
    return cursor;
  }

  void leave(Cursor cursor) {
    cursors.remove(cursor);
    dropWithdrawn();
  }

  /** Where a table that starts now ends. */
  long end() {
    return nextPage;
  }

  boolean isTold(Cursor cursor) {
    return cursor.page >= nextPage && cursor.withdrawn >= firstWithdrawn + withdrawn.size();
  }

  /** How many prefixes a member was told. */
  int told(Cursor cursor) {
    if (cursor.told >= nextPage) {
      return index.size();
    }
    int told = 0;
    for (Page page : pages) {
      if (page.number < cursor.told) {
        told += page.live();
      }
    }
    return told;
  }

  /** The next withdrawals for a member, or null. */
  @Nullable Withdrawn nextWithdrawn(Cursor cursor) {
    int at = (int) (cursor.withdrawn - firstWithdrawn);
    return at < withdrawn.size() ? withdrawn.get(at) : null;
  }

  void passedWithdrawn(Cursor cursor) {
    cursor.withdrawn++;
    dropWithdrawn();
  }

  /** The next page for a member, or null. */
  @Nullable Page nextPage(Cursor cursor) {
    int at = position(cursor.page);
    while (at < pages.size()) {
      Page page = pages.get(at);
      if (page.live() > 0) {
        return page;
      }
      at++;
    }
    cursor.page = nextPage;
    cursor.told = Math.max(cursor.told, nextPage);
    return null;
  }

  void passed(Cursor cursor, Page page) {
    cursor.page = page.number + 1;
    cursor.told = Math.max(cursor.told, cursor.page);
  }

  /** Whether no member needs the page any more. */
  boolean isPassed(Page page) {
    for (Cursor cursor : cursors) {
      if (cursor.page <= page.number) {
        return false;
      }
    }
    return true;
  }

  private int position(long number) {
    int low = 0;
    int high = pages.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pages.get(middle).number < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long highestTold() {
    long highest = 0;
    for (Cursor cursor : cursors) {
      highest = Math.max(highest, cursor.told);
    }
    return highest;
  }

  // Changes.

  void changed(long high, long low, int length) {
    // Of everything that there is now, this is not when it has just gone.
    if (!everything || index.size() > 0) {
      pending.put(high, low, length, true, 0);
    }
  }

  /**
   * Whether the decision that comes next, or is under way, sees every prefix that has a path, and
   * of those that lost it the changed ones.
   */
  boolean awaitsEverything() {
    return everything || sweepAt != BestPaths.END;
  }

  void allChanged() {
    everything = true;
  }

  /** How many withdrawn prefixes are held for members that were not told yet. */
  int withdrawals() {
    return withdrawnPrefixes;
  }

  int pages() {
    return pages.size();
  }

  boolean hasPending() {
    return everything || pending.size() > 0 || isUnderWay();
  }

  /** Whether a batch is judged in part. */
  boolean isUnderWay() {
    return batchAt != BestPaths.END || sweepAt != BestPaths.END;
  }

  /** How many prefixes are to be judged, about. */
  int load(BestPaths locRib) {
    return pending.size()
        + (everything || sweepAt != BestPaths.END ? locRib.size(family) : 0)
        + (batchAt == BestPaths.END ? 0 : batch.size());
  }

  /**
   * Brings the pages up to date with a batch of changes: what was pending when it began. While a
   * batch is under way the pages must not be sent.
   *
   * @param limit so many prefixes are judged
   * @return how many were
   */
  int settle(
      BestPaths locRib, Exporter exporter, long nowMillis, int limit, List<Unsendable> unsendable) {
    if (!hasPending()) {
      return 0;
    }
    if (!isUnderWay()) {
      batch = pending;
      batchAt = pending.size() > 0 ? 0 : BestPaths.END;
      sweepAt = everything ? 0 : BestPaths.END;
      pending = new PrefixTable<>(family);
      everything = false;
    }
    Judge judge = new Judge(exporter, nowMillis);
    if (batchAt != BestPaths.END) {
      batchAt =
          batch.forEach(
              batchAt,
              limit,
              (high, low, length, _, _) ->
                  judge.next(locRib.best(family, high, low, length), high, low, length));
    }
    if (batchAt == BestPaths.END && sweepAt != BestPaths.END && judge.seen < limit) {
      sweepAt =
          locRib.forEachBest(
              family,
              sweepAt,
              limit - judge.seen,
              (high, low, length, path) -> judge.next(path, high, low, length));
    }
    endWithdrawals();
    if (!isUnderWay()) {
      endOfSettling(unsendable);
    }
    return judge.seen;
  }

  private void endOfSettling(List<Unsendable> unsendable) {
    batch = pending;
    tooLong.forEach(
        (attributes, prefixes) -> unsendable.add(new Unsendable(attributes, prefixes.build())));
    tooLong.clear();
    if (pages.size() > 2 * pagesAfterTidying + 64) {
      pages.removeIf(page -> page.live() == 0);
      if (isLoose(2)) {
        tidy();
      }
      pagesAfterTidying = pages.size();
    }
  }

  /** Decides about one prefix after the other. */
  private final class Judge {
    private final Exporter exporter;
    private final long nowMillis;
    private final long highestTold = highestTold();
    private int seen;

    Judge(Exporter exporter, long nowMillis) {
      this.exporter = exporter;
      this.nowMillis = nowMillis;
    }

    void next(@Nullable BestPath path, long high, long low, int length) {
      seen++;
      judge(path, exporter, high, low, length, nowMillis, highestTold);
    }
  }

  private void judge(
      @Nullable BestPath path,
      Exporter exporter,
      long high,
      long low,
      int length,
      long nowMillis,
      long highestTold) {
    @Nullable PathAttributes attributes =
        path == null ? null : exporter.export(path, family, high, low, length).orElse(null);
    @Nullable AttributeSet set = attributes == null ? null : set(attributes);
    if (set != null && Page.size(length) > set.room) {
      tooLong
          .computeIfAbsent(set.attributes, _ -> new PrefixList.Builder(family, 1))
          .add(high, low, length);
      release(set);
      set = null;
    }
    @Nullable Page page = index.get(high, low, length);
    if (page == null ? set == null : page.set == set) {
      return;
    }
    if (set != null) {
      Page to = open(set, length, highestTold);
      to.add(high, low, length);
      index.put(high, low, length, to, nowMillis);
      if (page != null) {
        to.fresh = false;
        drop(page, length);
      }
    } else if (page != null) {
      index.remove(high, low, length);
      if (!page.fresh || page.number < highestTold) {
        withdraw(high, low, length, page.fresh ? page.number : Withdrawn.ANYWHERE);
      }
      drop(page, length);
    }
  }

  private AttributeSet set(PathAttributes attributes) {
    AttributeSet set = sets.get(attributes);
    if (set == null) {
      set = new AttributeSet(attributes, room.applyAsInt(attributes));
      sets.put(attributes, set);
    }
    return set;
  }

  private Page open(AttributeSet set, int length, long highestTold) {
    Page open = set.open;
    if (open == null || open.number < highestTold || !open.takes(length)) {
      open = new Page(family, set, nextPage++);
      set.open = open;
      pages.add(open);
    }
    return open;
  }

  private void drop(Page page, int length) {
    page.drop(length);
    release(page.set);
  }

  private void release(AttributeSet set) {
    if (set.live == 0) {
      sets.remove(set.attributes, set);
    }
  }

  private void withdraw(long high, long low, int length, long page) {
    int count = leaving.size();
    if (count == leavingPages.length) {
      leavingPages = Arrays.copyOf(leavingPages, Math.max(16, 2 * count));
    }
    leavingPages[count] = page;
    leaving.add(high, low, length);
    if (count + 1 == BATCH) {
      endBatch();
    }
  }

  private void endBatch() {
    int count = leaving.size();
    if (count > 0) {
      withdrawn.add(new Withdrawn(leaving.build(), Arrays.copyOf(leavingPages, count)));
      withdrawnPrefixes += count;
      leaving = new PrefixList.Builder(family, 0);
    }
  }

  private void endWithdrawals() {
    endBatch();
    if (withdrawnPrefixes > 2 * withdrawnAfterMerge + MIN_MERGE) {
      dropWithdrawn();
      merge();
      withdrawnAfterMerge = withdrawnPrefixes;
    }
  }

  /** Forgets what all members were told. */
  private void dropWithdrawn() {
    long needed = firstWithdrawn + withdrawn.size();
    for (Cursor cursor : cursors) {
      needed = Math.min(needed, cursor.withdrawn);
    }
    int count = (int) (needed - firstWithdrawn);
    if (count > 0) {
      for (Withdrawn each : withdrawn.subList(0, count)) {
        each.forget();
        withdrawnPrefixes -= each.prefixes.size();
      }
      withdrawn.subList(0, count).clear();
      firstWithdrawn = needed;
      withdrawnAfterMerge = Math.min(withdrawnAfterMerge, withdrawnPrefixes);
    }
  }

  /**
   * Names each prefix once, and those that are announced again not at all, so that a member that
   * does not read costs at most one entry per prefix. Members that have seen some of the batches
   * see the rest twice, which is harmless for a prefix that is withdrawn.
   */
  private void merge() {
    if (withdrawn.size() < 2) {
      return;
    }
    PrefixTable<Boolean> merged = new PrefixTable<>(family);
    for (Withdrawn each : withdrawn) {
      PrefixList prefixes = each.prefixes;
      for (int i = 0; i < prefixes.size(); i++) {
        if (index.get(prefixes.high(i), prefixes.low(i), prefixes.length(i)) == null) {
          merged.put(prefixes.high(i), prefixes.low(i), prefixes.length(i), true, 0);
        }
      }
      each.forget();
    }
    long end = firstWithdrawn + withdrawn.size();
    withdrawn.clear();
    withdrawnPrefixes = 0;
    merged.forEach((high, low, length, _, _) -> withdraw(high, low, length, Withdrawn.ANYWHERE));
    endBatch();
    firstWithdrawn = end;
    for (Cursor cursor : cursors) {
      cursor.withdrawn = cursor.withdrawn < end ? end : end + withdrawn.size();
    }
  }

  // Order.

  /** Whether there are more pages in use than needed, by a factor and a little. */
  private boolean isLoose(int factor) {
    Map<AttributeSet, long[]> sizes = new HashMap<>();
    int used = 0;
    for (Page page : pages) {
      if (page.live() > 0) {
        used++;
        sizes.computeIfAbsent(page.set, _ -> new long[1])[0] += page.bytes();
      }
    }
    long needed = 0;
    for (Map.Entry<AttributeSet, long[]> each : sizes.entrySet()) {
      int room = each.getKey().room;
      needed += (each.getValue()[0] + room - 1) / room;
    }
    return used > factor * needed + needed / 128;
  }

  /** Packs the pages anew, without anybody being told anything twice or not at all. */
  private void tidy() {
    TreeSet<Long> borders = new TreeSet<>();
    for (Cursor cursor : cursors) {
      borders.add(cursor.page);
      borders.add(cursor.told);
      borders.add(cursor.end);
    }
    borders.remove(-1L);
    borders.add(nextPage);
    List<Page> loose = pages;
    pages = new ArrayList<>();
    Map<Long, Long> moved = new HashMap<>();
    moved.put(-1L, -1L);
    // Later than all there were, so that the order of numbers holds at any moment.
    long number = nextPage;
    int at = 0;
    for (long border : borders) {
      Map<AttributeSet, Page> open = new HashMap<>();
      for (; at < loose.size() && loose.get(at).number < border; at++) {
        number = repack(loose.get(at), open, number);
      }
      moved.put(border, number);
    }
    for (Cursor cursor : cursors) {
      cursor.page = Objects.requireNonNull(moved.get(cursor.page));
      cursor.told = Objects.requireNonNull(moved.get(cursor.told));
      cursor.end = Objects.requireNonNull(moved.get(cursor.end));
    }
    nextPage = number;
    pagesAfterTidying = pages.size();
    withdrawn.replaceAll(each -> {
      long[] anywhere = new long[each.prefixes.size()];
      Arrays.fill(anywhere, Withdrawn.ANYWHERE);
      each.forget();
      return new Withdrawn(each.prefixes, anywhere);
    });
  }

  private long repack(Page from, Map<AttributeSet, Page> open, long first) {
    long number = first;
    if (from.live() == 0) {
      return number;
    }
    PrefixList prefixes = from.prefixes(index);
    for (int i = 0; i < prefixes.size(); i++) {
      int length = prefixes.length(i);
      Page to = open.get(from.set);
      if (to == null || !to.takes(length)) {
        to = new Page(family, from.set, number++);
        open.put(from.set, to);
        from.set.open = to;
        pages.add(to);
      }
      to.add(prefixes.high(i), prefixes.low(i), length);
      to.fresh &= from.fresh;
      index.put(prefixes.high(i), prefixes.low(i), length, to, 0);
      from.drop(length);
    }
    return number;
  }

  /** The same for some of the members, which leave this one. */
  Shelf split(List<Cursor> leavers) {
    Shelf copy = new Shelf(family, room);
    Map<Page, Page> copies = new HashMap<>();
    for (Page page : pages) {
      AttributeSet set = copy.set(page.set.attributes);
      Page to = new Page(family, set, page.number);
      to.fresh = page.fresh;
      copies.put(page, to);
      copy.pages.add(to);
    }
    index.forEach((high, low, length, page, since) -> {
      Page to = Objects.requireNonNull(copies.get(page));
      to.add(high, low, length);
      copy.index.put(high, low, length, to, since);
    });
    copy.sets.values().removeIf(set -> set.live == 0);
    batch.forEach((high, low, length, _, _) -> copy.pending.put(high, low, length, true, 0));
    pending.forEach((high, low, length, _, _) -> copy.pending.put(high, low, length, true, 0));
    copy.everything = everything || sweepAt != BestPaths.END;
    copy.nextPage = nextPage;
    copy.pagesAfterTidying = pagesAfterTidying;
    copy.firstWithdrawn = firstWithdrawn;
    for (Withdrawn each : withdrawn) {
      copy.withdrawn.add(each.copy());
    }
    copy.withdrawnPrefixes = withdrawnPrefixes;
    copy.withdrawnAfterMerge = withdrawnAfterMerge;
    copy.cursors.addAll(leavers);
    cursors.removeAll(leavers);
    dropWithdrawn();
    return copy;
  }

  /** Nobody is left. */
  void close() {
    pages.forEach(Page::forget);
    withdrawn.forEach(Withdrawn::forget);
  }
}

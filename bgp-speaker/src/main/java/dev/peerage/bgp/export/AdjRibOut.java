package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.prefix.PrefixVisitor;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The adj-rib-out of one family, shared by the members of an update group: {@link Pages} in the
 * order of sending, the {@link Withdrawals} that some member was not told yet, and the {@link
 * PendingPrefixes} about which is to be decided. Each member has a {@link Cursor}.
 */
final class AdjRibOut {
  final AddressFamily family;

  /** The page of each prefix that is advertised. */
  private final PrefixTable<Page> index;

  private final ToIntFunction<PathAttributes> room;
  private final Map<PathAttributes, AttributeSet> sets = new HashMap<>();
  private final List<Cursor> cursors = new ArrayList<>();
  private final PendingPrefixes pending;
  private final Pages pages;
  private final Withdrawals withdrawals;

  /** What the batch under way has found that does not fit into an UPDATE. */
  private final Map<PathAttributes, PrefixList.Builder> tooLong = new HashMap<>();

  /** Routes that do not fit into an UPDATE: their attributes leave no room for a prefix. */
  record Unsendable(PathAttributes attributes, PrefixList prefixes) {}

  /**
   * An empty table: nothing is advertised and nothing pending.
   *
   * @param room how many bytes for prefixes an UPDATE with certain attributes has
   */
  AdjRibOut(AddressFamily family, ToIntFunction<PathAttributes> room) {
    this.family = family;
    this.room = room;
    this.index = new PrefixTable<>(family);
    this.pending = new PendingPrefixes(family);
    this.pages = new Pages(family);
    this.withdrawals = new Withdrawals(family, cursors, index);
  }

  /** A copy for members that leave another table: it holds what they were told there. */
  private AdjRibOut(AdjRibOut origin, List<Cursor> leavers) {
    this.family = origin.family;
    this.room = origin.room;
    this.index = new PrefixTable<>(family);
    this.pending = origin.pending.copy();
    this.pages = new Pages(family);
    this.cursors.addAll(leavers);
    this.withdrawals = origin.withdrawals.copy(cursors, index);
    Map<Page, Page> copies = origin.pages.copyTo(pages, set -> set(set.attributes));
    origin.index.forEach((high, low, length, page, since) -> {
      Page to = Objects.requireNonNull(copies.get(page));
      to.add(high, low, length);
      index.put(high, low, length, to, since);
    });
    sets.values().removeIf(set -> set.live == 0);
  }

  /** A table for some of the members, which leave this one. */
  AdjRibOut split(List<Cursor> leavers) {
    var other = new AdjRibOut(this, leavers);
    cursors.removeAll(leavers);
    withdrawals.forgetTold();
    return other;
  }

  /** The last member has left: releases all messages. */
  void close() {
    pages.close();
    withdrawals.close();
  }

  /** Adds a member that was told nothing. */
  Cursor join() {
    if (pages.isLoose(1)) { // A table that starts now should not consist of half empty messages.
      repack();
    }
    var cursor = new Cursor();
    cursor.withdrawn = withdrawals.end();
    cursors.add(cursor);
    return cursor;
  }

  void leave(Cursor cursor) {
    cursors.remove(cursor);
    withdrawals.forgetTold();
  }

  /** A table that is sent from now on is complete when all pages before this number were sent. */
  long end() {
    return pages.end();
  }

  /** Whether the member was told all that is decided. */
  boolean isTold(Cursor cursor) {
    return cursor.page >= pages.end() && cursor.withdrawn >= withdrawals.end();
  }

  /** How many of the prefixes that are advertised now a member was told. */
  int told(Cursor cursor) {
    return cursor.told >= pages.end() ? index.size() : pages.prefixesBefore(cursor.told);
  }

  /** As {@link Outbox#forEachTold}; positions are numbers of pages. */
  long forEachTold(Cursor cursor, long from, int limit, PrefixVisitor visitor) {
    return pages.forEachBefore(
        cursor.told,
        from,
        limit,
        page -> {
          PrefixList prefixes = page.prefixes(index);
          for (int i = 0; i < prefixes.size(); i++) {
            visitor.visit(family, prefixes.high(i), prefixes.low(i), prefixes.length(i));
          }
        });
  }

  /** How a member was told a prefix, or null. */
  @Nullable AdvertisedRoute told(Cursor cursor, long high, long low, int length) {
    Page page = index.get(high, low, length);
    return page == null || page.number >= cursor.told
        ? null
        : new AdvertisedRoute(
            page.set.attributes, Instant.ofEpochMilli(index.since(high, low, length)));
  }

  /** The next withdrawals for a member, or null. */
  @Nullable WithdrawnRoutes nextWithdrawn(Cursor cursor) {
    return withdrawals.next(cursor);
  }

  /** The member was told the next withdrawals. */
  void passedWithdrawn(Cursor cursor) {
    withdrawals.passed(cursor);
  }

  /** The next page for a member, or null. */
  @Nullable Page nextPage(Cursor cursor) {
    return pages.next(cursor);
  }

  /** The member was told the page. */
  void passed(Cursor cursor, Page page) {
    cursor.page = page.number + 1;
    cursor.told = Math.max(cursor.told, cursor.page);
  }

  /** Whether all members were told the page. */
  boolean isPassed(Page page) {
    for (Cursor cursor : cursors) {
      if (cursor.page <= page.number) {
        return false;
      }
    }
    return true;
  }

  /** The routes of a page that are still in it. */
  PrefixList prefixes(Page page) {
    return page.prefixes(index);
  }

  /** The best path to a prefix, or what the policy says of the prefix, may be another one. */
  void changed(long high, long low, int length) {
    // When everything is pending, the walk over the loc-rib finds each prefix that has a path. One
    // that has lost its path is not in there; it must be noted as it may have to be withdrawn.
    if (!pending.isEverything() || index.size() > 0) {
      pending.add(high, low, length);
    }
  }

  /** The policy may now say something else of any prefix: all are decided anew. */
  void allChanged() {
    pending.addEverything();
  }

  /**
   * Whether the batch that comes next, or is under way, goes through the whole loc-rib. Then
   * prefixes that lose their path must be noted: the loc-rib does not have them any more.
   */
  boolean awaitsEverything() {
    return pending.awaitsEverything();
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }

  /** Whether a batch is decided in part. */
  boolean isUnderWay() {
    return pending.isUnderWay();
  }

  /** Roughly how many prefixes have to be decided; one that is marked twice counts twice. */
  int load(BestPaths locRib) {
    return pending.load(locRib);
  }

  /** How many withdrawn prefixes are kept because some member was not told yet. */
  int withdrawals() {
    return withdrawals.prefixes();
  }

  int pages() {
    return pages.size();
  }

  /**
   * Brings the pages up to date with a batch of changes: what was pending when it began. While a
   * batch is under way the pages must not be sent.
   *
   * @param limit the most prefixes to decide in this call
   * @param unsendable takes what does not fit into an UPDATE, at the end of a batch
   * @return how many prefixes were decided
   */
  int decide(
      BestPaths locRib, Exporter exporter, long nowMillis, int limit, List<Unsendable> unsendable) {
    if (pending.isEmpty()) {
      return 0;
    }
    int decided = pending.advance(locRib, limit, new Decision(exporter, nowMillis));
    withdrawals.endOfDecisions();
    if (!pending.isUnderWay()) {
      tooLong.forEach(
          (attributes, prefixes) -> unsendable.add(new Unsendable(attributes, prefixes.build())));
      tooLong.clear();
      if (pages.dropEmpty()) {
        repack();
      }
    }
    return decided;
  }

  private void repack() {
    pages.repack(index, cursors);
    withdrawals.pagesRenumbered();
  }

  /** Puts prefixes into pages and takes them out, by what is exported now. */
  private final class Decision implements PendingPrefixes.Decision {
    private final Exporter exporter;
    private final long nowMillis;

    /** At least one member was told all pages below this number: they take no further prefix. */
    private final long highestTold;

    Decision(Exporter exporter, long nowMillis) {
      this.exporter = exporter;
      this.nowMillis = nowMillis;
      long highest = 0;
      for (Cursor cursor : cursors) {
        highest = Math.max(highest, cursor.told);
      }
      this.highestTold = highest;
    }

    @Override
    public void decide(@Nullable BestPath best, long high, long low, int length) {
      @Nullable AttributeSet set = exported(best, high, low, length);
      @Nullable Page page = index.get(high, low, length);
      if (page == null ? set == null : page.set == set) {
        return;
      }
      if (set != null) {
        Page to = pages.open(set, length, highestTold);
        to.add(high, low, length);
        index.put(high, low, length, to, nowMillis);
        if (page != null) {
          to.fresh = false;
          drop(page, length);
        }
      } else if (page != null) {
        index.remove(high, low, length);
        if (!page.fresh || page.number < highestTold) {
          withdrawals.add(high, low, length, page.fresh ? page.number : WithdrawnRoutes.ANYWHERE);
        }
        drop(page, length);
      }
    }

    /** The attributes with which the prefix is advertised, or null when it is not. */
    private @Nullable AttributeSet exported(
        @Nullable BestPath best, long high, long low, int length) {
      @Nullable PathAttributes attributes =
          best == null ? null : exporter.export(best, family, high, low, length).orElse(null);
      if (attributes == null) {
        return null;
      }
      AttributeSet set = set(attributes);
      if (Page.size(length) > set.room) {
        tooLong
            .computeIfAbsent(set.attributes, _ -> new PrefixList.Builder(family, 1))
            .add(high, low, length);
        release(set);
        return null;
      }
      return set;
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

  private void drop(Page page, int length) {
    page.drop(length);
    release(page.set);
  }

  private void release(AttributeSet set) {
    if (set.live == 0) {
      sets.remove(set.attributes, set);
    }
  }
}

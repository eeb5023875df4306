package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pages of an {@link AdjRibOut} by ascending number, which is the order of sending. */
final class Pages {
  private final AddressFamily family;
  private List<Page> list = new ArrayList<>();

  /** The number of the next page. */
  private long next;

  private int sizeAfterPacking;

  Pages(AddressFamily family) {
    this.family = family;
  }

  int size() {
    return list.size();
  }

  /** The number that the next page will have. */
  long end() {
    return next;
  }

  /**
   * The page that takes a further prefix with these attributes.
   *
   * @param untold no member was told this page or a later one; earlier ones take nothing more
   */
  Page open(AttributeSet set, int length, long untold) {
    Page open = set.open;
    if (open == null || open.number < untold || !open.takes(length)) {
      open = new Page(family, set, next++);
      set.open = open;
      list.add(open);
    }
    return open;
  }

  /** The next page for a member, or null when it was told all. */
  @Nullable Page next(Cursor cursor) {
    for (int at = position(cursor.page); at < list.size(); at++) {
      Page page = list.get(at);
      if (page.live() > 0) {
        return page;
      }
    }
    cursor.page = next;
    cursor.told = Math.max(cursor.told, next);
    return null;
  }

  private int position(long number) {
    int low = 0;
    int high = list.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (list.get(middle).number < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Visits some of the pages before a number.
   *
   * @param from no page with a lower number
   * @param limit until there were so many prefixes; a page without any counts as one
   * @return the number to go on from, or -1
   */
  long forEachBefore(long number, long from, int limit, Consumer<Page> visitor) {
    int left = limit;
    for (int at = position(from); at < list.size(); at++) {
      Page page = list.get(at);
      if (page.number >= number) {
        return -1;
      }
      if (left <= 0) {
        return page.number;
      }
      left -= Math.max(1, page.live());
      if (page.live() > 0) {
        visitor.accept(page);
      }
    }
    return -1;
  }

  int prefixesBefore(long number) {
    int count = 0;
    for (Page page : list) {
      if (page.number < number) {
        count += page.live();
      }
    }
    return count;
  }

  /** Whether more pages are in use than a factor times those needed, and a hundredth more. */
  boolean isLoose(int factor) {
    Map<AttributeSet, long[]> sizes = new HashMap<>();
    int used = 0;
    for (Page page : list) {
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

  /**
   * Drops empty pages, once there are twice as many pages as after the last packing.
   *
   * @return whether those that are left are so empty that they should be packed anew
   */
  boolean dropEmpty() {
    if (list.size() <= 2 * sizeAfterPacking + 64) {
      return false;
    }
    list.removeIf(page -> page.live() == 0);
    sizeAfterPacking = list.size();
    return isLoose(2);
  }

  /** Packs the pages anew, without any member being told anything twice or not at all. */
  void repack(PrefixTable<Page> index, List<Cursor> cursors) {
    TreeSet<Long> borders = new TreeSet<>();
    for (Cursor cursor : cursors) {
      borders.add(cursor.page);
      borders.add(cursor.told);
      borders.add(cursor.end);
    }
    borders.remove(-1L);
    borders.add(next);
    var repacking = new Repacking(family, index, next);
    Map<Long, Long> moved = repacking.pack(list, borders);
    moved.put(-1L, -1L);
    for (Cursor cursor : cursors) {
      cursor.page = Objects.requireNonNull(moved.get(cursor.page));
      cursor.told = Objects.requireNonNull(moved.get(cursor.told));
      cursor.end = Objects.requireNonNull(moved.get(cursor.end));
    }
    list = repacking.packed();
    next = repacking.next();
    sizeAfterPacking = list.size();
  }

  /**
   * Gives another table pages with the same numbers and attributes as these, still without
   * prefixes.
   *
   * @param sets finds the other table's set for one of these
   * @return the other table's page for each of these
   */
  Map<Page, Page> copyTo(Pages other, Function<AttributeSet, AttributeSet> sets) {
    Map<Page, Page> copies = new HashMap<>();
    for (Page page : list) {
      var copy = new Page(family, sets.apply(page.set), page.number);
      copy.fresh = page.fresh;
      copies.put(page, copy);
      other.list.add(copy);
    }
    other.next = next;
    other.sizeAfterPacking = sizeAfterPacking;
    return copies;
  }

  /** Releases all messages. */
  void close() {
    list.forEach(Page::forget);
  }
}

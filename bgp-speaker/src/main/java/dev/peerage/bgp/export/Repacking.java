package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PrefixList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Moves the routes of an {@link AdjRibOut} from pages that have become half empty into full ones. A
 * border is a page number up to which a member was told. Routes from both sides of a border are
 * never put into one page, so that each member goes on exactly where it was.
 */
final class Repacking {
  private final AddressFamily family;
  private final PrefixTable<Page> index;
  private final List<Page> packed = new ArrayList<>();
  private long next;

  /**
   * Moves nothing yet.
   *
   * @param index the page of each prefix, kept up to date
   * @param first the number of the first new page: higher than those of all old ones, so that the
   *     order of numbers holds at any moment
   */
  Repacking(AddressFamily family, PrefixTable<Page> index, long first) {
    this.family = family;
    this.index = index;
    this.next = first;
  }

  /**
   * Moves all routes.
   *
   * @param loose the old pages by ascending number; they are empty afterwards
   * @param borders in ascending order; the last one is above the numbers of all old pages
   * @return the new number for each border
   */
  Map<Long, Long> pack(List<Page> loose, SortedSet<Long> borders) {
    Map<Long, Long> moved = new HashMap<>();
    int at = 0;
    for (long border : borders) {
      Map<AttributeSet, Page> open = new HashMap<>();
      for (; at < loose.size() && loose.get(at).number < border; at++) {
        move(loose.get(at), open);
      }
      moved.put(border, next);
    }
    return moved;
  }

  private void move(Page from, Map<AttributeSet, Page> open) {
    if (from.live() == 0) {
      return;
    }
    PrefixList prefixes = from.prefixes(index);
    for (int i = 0; i < prefixes.size(); i++) {
      int length = prefixes.length(i);
      Page to = open.get(from.set);
      if (to == null || !to.takes(length)) {
        to = new Page(family, from.set, next++);
        open.put(from.set, to);
        from.set.open = to;
        packed.add(to);
      }
      to.add(prefixes.high(i), prefixes.low(i), length);
      to.fresh &= from.fresh;
      index.put(prefixes.high(i), prefixes.low(i), length, to, 0);
      from.drop(length);
    }
  }

  List<Page> packed() {
    return packed;
  }

  /** The number of the page after the new ones. */
  long next() {
    return next;
  }
}

package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a table by ascending prefix, some routes at a time, while it goes on changing. A prefix
 * whose routes stay is read once; one that comes, goes or changes meanwhile is read once, as it is
 * then, or not at all.
 *
 * <p>The table is in no order, and is not copied. A pass over it finds the lowest prefixes behind
 * those that were read, as many as the window takes; then these are read, and the next pass begins.
 * So what is held is bounded by the window, however large the table is. Belongs to the thread of
 * its {@link Rib}.
 */
public final class RouteReader {
  private static final ReadTable NOTHING =
      new ReadTable() {
        @Override
        public long visit(long from, int limit, Visitor visitor) {
          return END;
        }

        @Override
        public void read(long high, long low, int length, List<Route> to) {}
      };

  private final ReadTable table;
  private final PrefixWindow window;
  private final int slice;
  private final int most;

  /** Where the pass over the table is, {@link ReadTable#END} between passes. */
  private long at;

  private boolean lastPass;
  private boolean begun;
  private long high;
  private long low;
  private int length;

  /**
   * At the beginning of a table.
   *
   * @param window how many prefixes are held
   * @param slice how many prefixes one call looks at, give or take those of an UPDATE
   * @param most how many routes one call returns; all those to one prefix come together
   */
  RouteReader(ReadTable table, int window, int slice, int most) {
    this.table = table;
    this.window = new PrefixWindow(window);
    this.slice = slice;
    this.most = most;
  }

  /** Of a table without routes. */
  public static RouteReader empty() {
    var reader = new RouteReader(NOTHING, 1, 1, 1);
    reader.next();
    return reader;
  }

  /** Whether all routes were read. */
  public boolean isDone() {
    return lastPass && window.isEmpty();
  }

  /**
   * Does some of the work. Returns the next routes, sorted by prefix, then best first; an empty
   * list says nothing about whether more will come: {@link #isDone} does.
   */
  public List<Route> next() {
    List<Route> routes = new ArrayList<>();
    if (at == ReadTable.END) {
      while (!window.isEmpty() && routes.size() < most) {
        read(routes);
      }
      if (window.isEmpty() && !lastPass) {
        window.clear();
        at = 0;
      }
      return routes;
    }
    at = table.visit(at, slice, this::found);
    if (at == ReadTable.END) {
      lastPass = !window.isFull();
      window.turn();
    }
    return routes;
  }

  /** The routes to one prefix, the best one first. Where this is in the table does not matter. */
  public List<Route> routes(Prefix prefix) {
    List<Route> routes = new ArrayList<>();
    table.read(prefix.high(), prefix.low(), prefix.length(), routes);
    return routes;
  }

  private void found(long high, long low, int length) {
    if (!begun || isBehind(high, low, length)) {
      window.offer(high, low, length);
    }
  }

  /** Whether a prefix comes behind all those that were read. */
  private boolean isBehind(long high, long low, int length) {
    return PrefixWindow.compare(high, low, length, this.high, this.low, this.length) > 0;
  }

  private void read(List<Route> to) {
    long nextHigh = window.high();
    long nextLow = window.low();
    int nextLength = window.length();
    window.drop();
    if (!begun || isBehind(nextHigh, nextLow, nextLength)) {
      begun = true;
      high = nextHigh;
      low = nextLow;
      length = nextLength;
      table.read(high, low, length, to);
    }
  }
}

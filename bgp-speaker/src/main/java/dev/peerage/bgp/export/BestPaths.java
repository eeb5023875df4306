package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import org.jspecify.annotations.Nullable;

/** The best paths that export reads: the loc-rib. */
public interface BestPaths {
  /** Nothing is left to be visited. */
  int END = -1;

  /** The number of prefixes that have a best path. */
  int size(AddressFamily family);

  /** The best path to a prefix, or null when there is none. */
  @Nullable BestPath best(AddressFamily family, long high, long low, int length);

  /**
   * Visits some of the prefixes that have a best path. One that has the same from the first to the
   * last of a series of calls is visited once; others may be visited or not.
   *
   * @param from 0, or what the last call returned
   * @param limit so many prefixes at most
   * @return where to go on, or {@link #END}
   */
  int forEachBest(AddressFamily family, int from, int limit, Visitor visitor);

  /** Visits the best path to a prefix; must not change the table. */
  interface Visitor {
    /** Called once per prefix. */
    void visit(long high, long low, int length, BestPath best);
  }
}

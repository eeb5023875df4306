package dev.peerage.bgp.rib;

import java.util.List;

/** A table as a {@link RouteReader} goes through it: in no order, and changing meanwhile. */
interface ReadTable {
  /** Nothing is left to be visited. */
  long END = -1;

  /** Takes a prefix that has routes. */
  @FunctionalInterface
  interface Visitor {
    void visit(long high, long low, int length);
  }

  /**
   * Visits some of the prefixes. One that is there from the first to the last of a series of calls
   * is visited, perhaps twice; others may be visited or not.
   *
   * @param from 0, or what the last call returned
   * @param limit about so much is looked at
   * @return where to go on, or {@link #END}
   */
  long visit(long from, int limit, Visitor visitor);

  /** Adds the routes to a prefix, if there still are any, the best one first. */
  void read(long high, long low, int length, List<Route> to);
}

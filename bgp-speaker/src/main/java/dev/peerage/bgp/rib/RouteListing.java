package dev.peerage.bgp.rib;

import java.util.List;

/** A table as it was at one moment. */
@FunctionalInterface
public interface RouteListing {
  /**
   * Its routes, sorted. This is the expensive part, made anew by each call; any thread may do it,
   * also while the RIB goes on.
   */
  List<Route> routes();
}

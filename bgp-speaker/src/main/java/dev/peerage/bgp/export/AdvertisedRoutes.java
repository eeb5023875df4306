package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.time.Instant;

/** The adj-rib-out of a peer as it was at one moment, in no order. Any thread may read it. */
@FunctionalInterface
public interface AdvertisedRoutes {
  /** Visits all routes. */
  void forEach(Visitor visitor);

  /** Visits one route. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Called once per route.
     *
     * @param since when the prefix was first advertised; attribute changes do not move it
     */
    void visit(Prefix prefix, PathAttributes attributes, Instant since);
  }
}

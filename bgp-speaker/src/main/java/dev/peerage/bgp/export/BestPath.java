package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PathAttributes;

/** The best path to a prefix, as far as export looks at it. Equal paths are the same object. */
public interface BestPath {
  /** Whether the route is originated here. */
  boolean isLocal();

  /** Whether an internal peer sent the route. */
  boolean isInternal();

  /** Whether the route is stale for long (RFC 9494). */
  boolean isLongLived();

  /** The degree of preference, 0 to 4294967295. */
  long localPref();

  /** The attributes as they were received; ORIGIN and an empty AS_PATH for a local route. */
  PathAttributes attributes();
}

package dev.peerage.bgp.rib;

/** What the export side of a RIB has done so far. */
final class ExportCounters {
  /** Prefixes for which it was decided anew what an update group gets. */
  long examined;

  /** The most of them that one call has dealt with. */
  int mostAtOnce;

  /** Pages and withdrawals that were encoded. */
  long encoded;
}

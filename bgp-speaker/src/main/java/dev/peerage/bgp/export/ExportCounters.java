package dev.peerage.bgp.export;

/** What the export side of a RIB has done so far. */
public final class ExportCounters {
  long examined;
  int mostAtOnce;
  long encoded;

  ExportCounters() {}

  /** Prefixes for which it was decided anew what an update group gets. */
  public long examined() {
    return examined;
  }

  /** The most prefixes that one call has decided about. */
  public int mostAtOnce() {
    return mostAtOnce;
  }

  /** Pages and withdrawals that were encoded. */
  public long encoded() {
    return encoded;
  }
}

package dev.peerage.bgp.export;

/** What the tests of tables look at on the export side. */
public final class ExportProbe {
  private ExportProbe() {}

  /** How many peers share the adj-rib-out of this one, itself included. */
  public static int groupSize(Outbox out) {
    return out.group().members().size();
  }
}

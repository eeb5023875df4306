package dev.peerage.bgp.export;

/**
 * How much of a shared {@link AdjRibOut} one member was told. This is all that a member holds:
 * however slow it is, it has no routes of its own.
 */
final class Cursor {
  /** The member was told all pages with a lower number. */
  long page;

  /**
   * The member was told all pages with a lower number at least once: the same as {@link #page}, but
   * more while a refresh sends the table again.
   */
  long told;

  /** The member was told all withdrawals before this one. */
  long withdrawn;

  /** Where the table ended when it was asked for; -1 when nobody asked. */
  long end = -1;
}

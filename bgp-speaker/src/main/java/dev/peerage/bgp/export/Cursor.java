package dev.peerage.bgp.export;

/**
 * How much of a shared {@link AdjRibOut} one member was told. This is all that a member holds:
 * however slow it is, it has no routes of its own.
 */
final class Cursor {
  /** Where sending goes on: pages with a lower number were sent. A refresh sets it back to 0. */
  long page;

  /**
   * All pages with a lower number were sent at least once. The same as {@link #page}, except while
   * a refresh sends the table again: what the peer knows does not become less by that.
   */
  long told;

  /** The member was told all withdrawals before this one. */
  long withdrawn;

  /**
   * While the first table or a refresh is sent: End-of-RIB or EoRR follows when all pages before
   * this number were sent. Else -1.
   */
  long end = -1;
}

package dev.peerage.bgp.session;

/** What this side's next OPEN carries. */
public enum Offer {
  /** All capabilities that are configured. */
  FULL,
  /**
   * No optional parameter, once, after the peer refused them (RFC 5492 section 3): the session
   * carries IPv4 unicast only.
   */
  BARE
}

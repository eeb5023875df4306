package dev.peerage.bgp.session;

/** Which optional parameters this side's next OPEN carries (RFC 4271 section 4.2). */
public enum OptionalParameters {
  /** All capabilities that are configured. */
  ALL,
  /**
   * None, once, after the peer refused them (RFC 5492 section 3): the session carries IPv4 unicast
   * only.
   */
  NONE
}

package dev.peerage.bgp.rib;

/** Whether the decision process may consider a received route, or the first reason why not. */
public enum Verdict {
  /** It may. */
  USABLE(""),
  /** RFC 4271 section 9.1.2. */
  LOOP("the AS path holds the local AS"),
  /** RFC 7607 section 2. */
  AS_0("the AS path holds AS 0"),
  /** RFC 4456 section 8: the route is this router's own. */
  OWN_ORIGINATOR("ORIGINATOR_ID is the local router ID"),
  /** RFC 4456 section 8. */
  CLUSTER_LOOP("CLUSTER_LIST holds the local router ID"),
  /** RFC 4271 section 6.3. */
  FIRST_AS("the AS path does not begin with the peer's AS"),
  /** The route came without one. */
  NO_NEXT_HOP("there is no next hop"),
  /** RFC 4271 section 6.3: not the address of a host. */
  BAD_NEXT_HOP("the next hop is no host's address"),
  /** RFC 4271 section 6.3. */
  OWN_NEXT_HOP("the next hop is an address of this host"),
  /** The peer's routes are not wanted. */
  IMPORT_POLICY("import policy");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** For people; empty for {@link #USABLE}. */
  public String words() {
    return words;
  }
}

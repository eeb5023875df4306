package dev.peerage.interop;

/** What is tried with each router; a row of the table in {@code docs/interop.md}. */
enum Scenario {
  DIALS_IPV4("established over IPv4, Peerage dials"),
  LISTENS_IPV4("established over IPv4, the router dials"),
  DIALS_IPV6("established over IPv6, Peerage dials"),
  LISTENS_IPV6("established over IPv6, the router dials"),
  IPV4_OVER_IPV4("IPv4 routes over IPv4, both ways"),
  IPV6_OVER_IPV4("IPv6 routes over IPv4, both ways"),
  IPV4_OVER_IPV6("IPv4 routes over IPv6, both ways (RFC 8950)"),
  IPV6_OVER_IPV6("IPv6 routes over IPv6, both ways"),
  FOUR_OCTETS("AS of four octets"),
  LOCAL_PREFERENCE("iBGP with local preference"),
  COMMUNITIES("communities, both ways"),
  LARGE_COMMUNITIES("large communities, both ways"),
  WITHDRAW("withdrawal, both ways"),
  REFRESH("route refresh asked by the router"),
  ENHANCED_REFRESH("enhanced route refresh negotiated and used"),
  COLLISION("both dial: one connection remains"),
  MD5_DIALS("TCP MD5 over IPv4, Peerage dials"),
  MD5_LISTENS("TCP MD5 over IPv6, the router dials"),
  WRONG_PASSWORD("wrong password, then the right one"),
  WRONG_ASN("wrong ASN on either side, then the right one"),
  FAST_TIMERS("3 s/1 s timers while a large table is sent"),
  TEXT_FROM_ROUTER("shutdown text of the router shown by Peerage"),
  TEXT_FROM_PEERAGE("shutdown text of Peerage shown by the router"),
  PEERAGE_RESTARTS("graceful restart of Peerage after kill -9"),
  ROUTER_RESTARTS("graceful restart of the router after kill -9");

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }
}

package dev.peerage.bgp.session;

/** What a peer is told when its session is stopped (RFC 4486). */
public enum Farewell {
  /** Cease, Administrative Shutdown. */
  SHUTDOWN("shut down"),
  /** Cease, Peer De-configured. */
  DECONFIGURED("peer removed from the configuration"),
  /** Cease, Other Configuration Change. */
  RECONFIGURED("configuration changed"),
  /** Nothing: the peer shall keep the routes (RFC 4724). */
  SILENT("closed for a graceful restart");

  private final String words;

  Farewell(String words) {
    this.words = words;
  }

  /** The reason in words. */
  public String words() {
    return words;
  }
}

package dev.peerage.bgp.session;

/** Why a session is stopped, and so what the peer is told (RFC 4486). */
public enum StopReason {
  /** Cease, Administrative Shutdown. */
  SHUTDOWN("shut down"),
  /** Cease, Peer De-configured. */
  DECONFIGURED("peer removed from the configuration"),
  /** Cease, Other Configuration Change: the peer may keep the routes, and gets them again. */
  RECONFIGURED("configuration changed"),
  /**
   * Cease, Other Configuration Change, after which the peer must not keep the routes: to it, or by
   * what they say, those that follow are another speaker's.
   */
  REPLACED("configuration changed to that of another speaker"),
  /** Cease, Administrative Reset: this side failed and starts anew. */
  FAILED("internal fault"),
  /** Nothing: the peer shall keep the routes (RFC 4724). */
  SILENT("closed for a graceful restart");

  private final String words;

  StopReason(String words) {
    this.words = words;
  }

  /** The reason in words. */
  public String words() {
    return words;
  }
}

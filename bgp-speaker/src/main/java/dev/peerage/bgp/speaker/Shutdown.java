package dev.peerage.bgp.speaker;

/** How a speaker closes its sessions. */
public enum Shutdown {
  /** Cease, Administrative Shutdown (RFC 4486): the peer drops the routes at once. */
  CEASE,
  /** Cease, Peer De-configured: the peer is told that it will not be back. */
  DECONFIGURE,
  /**
   * Sessions with graceful restart close without a NOTIFICATION, so that the peer keeps the routes
   * (RFC 4724); the others get a Cease.
   */
  GRACEFUL_RESTART
}

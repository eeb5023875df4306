package dev.peerage.bgp.speaker;

/** What a change of a peer's desired state does, in ascending order of disruption. */
enum PeerEffect {
  /** Nothing on the wire. */
  NONE,
  /** Routes are decided anew; only differences are sent. */
  ROUTES,
  /** The session ends with Cease/Other Configuration Change and starts again. */
  RESET,
  /** It is another peer now: Cease/Peer De-configured, then a new one. */
  REPLACE;

  /** The strongest effect of all differences: several at once still reset once. */
  static PeerEffect of(DesiredPeer before, DesiredPeer after) {
    if (!before.address().equals(after.address()) || before.asn() != after.asn()) {
      return REPLACE;
    }
    if (before.port() != after.port()
        || !before.source().equals(after.source())
        || before.connection() != after.connection()
        || before.timers().hold() != after.timers().hold()
        || before.timers().keepAlive() != after.timers().keepAlive()
        || !before.gracefulRestart().equals(after.gracefulRestart())
        || !before.authentication().equals(after.authentication())
        || !before.hops().equals(after.hops())
        || !before.families().equals(after.families())) {
      return RESET;
    }
    return before.importPolicy() == after.importPolicy()
            && before.exportPolicy().equals(after.exportPolicy())
        ? NONE
        : ROUTES;
  }
}

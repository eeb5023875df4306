package dev.peerage.bgp.speaker;

import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;

/** What a change of a peer's desired state does, in ascending order of disruption. */
public enum PeerEffect {
  /** Nothing on the wire. */
  NONE,
  /** Routes are decided anew; only differences are sent. */
  ROUTES,
  /**
   * It is about how the next session comes to be: one that is Established stays; an attempt to get
   * one begins anew.
   */
  NEXT,
  /**
   * The session ends with Cease/Other Configuration Change and starts again. Where both sides keep
   * routes over NOTIFICATIONs, they stay meanwhile.
   */
  RESET,
  /**
   * The same, but the routes go: the peer takes this side for another neighbor, or would drop them
   * in the new session.
   */
  HARD_RESET,
  /** It is another peer now: Cease/Peer De-configured, then a new one. */
  REPLACE;

  /** The strongest effect of all differences: several at once still reset once. */
  public static PeerEffect of(DesiredPeer before, DesiredPeer after) {
    if (!before.address().equals(after.address()) || before.asn() != after.asn()) {
      return REPLACE;
    }
    Endpoint was = before.endpoint();
    Endpoint is = after.endpoint();
    if (!was.source().equals(is.source())) {
      return HARD_RESET;
    }
    if (!was.withConnection(is.connection()).equals(is)
        || !sameOpen(before.session(), after.session())) {
      return RESET;
    }
    if (was.connection() != is.connection()
        || !before.limits().equals(after.limits())
        || !before.session().gracefulRestart().equals(after.session().gracefulRestart())) {
      return NEXT;
    }
    return before.importPolicy() == after.importPolicy()
            && before.exportPolicy().equals(after.exportPolicy())
            && before.ownAddresses().equals(after.ownAddresses())
        ? NONE
        : ROUTES;
  }

  private static boolean sameOpen(SessionTerms before, SessionTerms after) {
    return before.timers().hold() == after.timers().hold()
        && before.timers().keepAlive() == after.timers().keepAlive()
        && sameCapabilities(before.gracefulRestart(), after.gracefulRestart())
        && before.families().equals(after.families());
  }

  // The times are for the next OPEN; what is negotiated now goes on.
  private static boolean sameCapabilities(GracefulRestart before, GracefulRestart after) {
    return before instanceof GracefulRestart.On(_, _, var one)
            && after instanceof GracefulRestart.On(_, _, var other)
        ? one.getClass() == other.getClass()
        : before.equals(after);
  }
}

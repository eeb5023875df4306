package dev.peerage.bgp.transport;

import java.net.InetSocketAddress;

/** What becomes of a connection that somebody opened. */
public sealed interface Admission {
  /** It is closed before anything is read. */
  record Refused() implements Admission {}

  /**
   * A peer gets it.
   *
   * @param events who hears of it
   * @param protection what it must have, the same as for the peer in {@link Listener#protect}
   */
  record Granted(ConnectionEvents events, Protection protection) implements Admission {}

  /** Decides which connections are accepted. */
  interface Policy {
    /** Whether a connection from this socket is wanted. */
    Admission admit(InetSocketAddress remote);

    /**
     * A connection that was granted is closed all the same.
     *
     * @param reason one line
     */
    void refused(InetSocketAddress remote, String reason);
  }
}

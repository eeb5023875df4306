package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.Set;

/**
 * What one session is configured with. A change of any of it needs a new session, except {@code
 * connectRetry} and {@code sendHold}.
 *
 * @param localAsn 1 to 4294967295
 * @param routerId this side's BGP identifier
 * @param peerAsn the ASN that the peer must announce; 0 accepts any
 * @param dials whether this side opens connections
 * @param accepts whether the peer may open them
 * @param connectRetry the longest wait between two dials
 * @param holdSeconds the proposed hold time: 0 = off, else at least 3
 * @param keepAliveSeconds the longest keepalive interval
 * @param families the families to offer
 * @param extendedNextHop whether IPv6 next hops are offered for IPv4 routes (RFC 8950)
 * @param restart graceful restart (RFC 4724)
 * @param sendHold how long the peer may take no octet, twice the hold time if that is longer (RFC
 *     9687)
 * @param hostName for the FQDN capability; empty = not announced
 * @param loopback whether next hops may be loopback addresses, because these stand for others
 */
public record SessionConfig(
    long localAsn,
    Inet4Address routerId,
    long peerAsn,
    boolean dials,
    boolean accepts,
    Duration connectRetry,
    int holdSeconds,
    int keepAliveSeconds,
    Set<AddressFamily> families,
    boolean extendedNextHop,
    Restart restart,
    Duration sendHold,
    String hostName,
    boolean loopback) {

  public SessionConfig {
    families = Set.copyOf(families);
  }

  /** With real addresses. */
  public SessionConfig(
      long localAsn,
      Inet4Address routerId,
      long peerAsn,
      boolean dials,
      boolean accepts,
      Duration connectRetry,
      int holdSeconds,
      int keepAliveSeconds,
      Set<AddressFamily> families,
      boolean extendedNextHop,
      Restart restart,
      Duration sendHold,
      String hostName) {
    this(
        localAsn,
        routerId,
        peerAsn,
        dials,
        accepts,
        connectRetry,
        holdSeconds,
        keepAliveSeconds,
        families,
        extendedNextHop,
        restart,
        sendHold,
        hostName,
        false);
  }

  /** The same where loopback addresses stand for others, or do not. */
  public SessionConfig withLoopback(boolean stand) {
    return new SessionConfig(
        localAsn,
        routerId,
        peerAsn,
        dials,
        accepts,
        connectRetry,
        holdSeconds,
        keepAliveSeconds,
        families,
        extendedNextHop,
        restart,
        sendHold,
        hostName,
        stand);
  }

  /** What this side says about restarts. */
  public sealed interface Restart {
    /** No graceful restart capability. */
    record Off() implements Restart {}

    /**
     * The capability is sent, and the peer's routes stay while it restarts.
     *
     * @param seconds how long the peer keeps the routes, 1 to 4095
     * @param restarting the Restart State bit: this process took over from one that ended
     * @param forwarding the Forwarding State bits: what the peer may have kept is still forwarded
     * @param longLived the longest time in seconds that the peer's stale routes stay after its
     *     restart time (RFC 9494); 0 = not negotiated
     */
    record On(int seconds, boolean restarting, boolean forwarding, int longLived)
        implements Restart {}
  }
}

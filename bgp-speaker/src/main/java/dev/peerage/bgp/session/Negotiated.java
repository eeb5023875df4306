package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What both OPENs agree on.
 *
 * @param peerAsn the peer's ASN, from the four-octet capability when present
 * @param peerId the peer's BGP identifier
 * @param internal whether both sides have the same ASN
 * @param holdSeconds the smaller of both hold times, 0 = off
 * @param keepAliveSeconds the configured interval, at most a third of the hold time; 0 = off
 * @param families those that both announced (RFC 4760)
 * @param fourOctetAsn AS paths carry four-octet ASNs (RFC 6793)
 * @param extendedMessages the peer takes messages of up to 65535 octets (RFC 8654)
 * @param extendedNextHop IPv4 routes may have IPv6 next hops (RFC 8950)
 * @param routeRefresh the peer understands ROUTE-REFRESH (RFC 2918)
 * @param enhancedRefresh refreshes have a beginning and an end (RFC 7313)
 * @param peerRestart the peer's graceful restart capability
 * @param helping what this side keeps when the peer restarts
 * @param parameters what this side's OPEN carried
 */
public record Negotiated(
    long peerAsn,
    Inet4Address peerId,
    boolean internal,
    int holdSeconds,
    int keepAliveSeconds,
    Set<AddressFamily> families,
    boolean fourOctetAsn,
    boolean extendedMessages,
    boolean extendedNextHop,
    boolean routeRefresh,
    boolean enhancedRefresh,
    PeerRestart peerRestart,
    Helping helping,
    OptionalParameters parameters) {

  public Negotiated {
    families = Set.copyOf(families);
  }

  /** How messages are encoded and decoded from now on. */
  public CodecContext codec() {
    return new CodecContext(fourOctetAsn, extendedMessages, extendedNextHop, families)
        .withExtendedMessage(extendedMessages, parameters == OptionalParameters.ALL);
  }

  /** What the peer said about its restarts (RFC 4724 section 3, RFC 8538). */
  public sealed interface PeerRestart {
    /** No graceful restart capability. */
    record Off() implements PeerRestart {}

    /**
     * The capability.
     *
     * @param seconds how long to keep the peer's routes while it restarts
     * @param restarting the Restart State bit
     * @param notifications the N bit: NOTIFICATIONs keep routes too
     * @param families for which the peer may restart
     * @param forwarding those of them whose forwarding state it kept
     */
    record On(
        int seconds,
        boolean restarting,
        boolean notifications,
        Set<AddressFamily> families,
        Set<AddressFamily> forwarding)
        implements PeerRestart {
      public On {
        families = Set.copyOf(families);
        forwarding = Set.copyOf(forwarding);
      }
    }
  }

  /**
   * The helper role (RFC 4724 section 4.2): what happens to the peer's routes when the session
   * ends. Needs the capability on both sides.
   *
   * @param restartTime how long the peer may be away
   * @param notifications whether routes outlive NOTIFICATIONs and the hold timer: both sides set
   *     the N bit (RFC 8538 section 2)
   * @param families the negotiated families whose routes stay
   * @param forwarding those of them that the peer forwarded all the while
   * @param longLived those of them that stay longer (RFC 9494)
   */
  public record Helping(
      Duration restartTime,
      boolean notifications,
      Set<AddressFamily> families,
      Set<AddressFamily> forwarding,
      Map<AddressFamily, LongLived> longLived) {
    /** Nothing stays. */
    public static final Helping NONE =
        new Helping(Duration.ZERO, false, Set.of(), Set.of(), Map.of());

    public Helping {
      families = Set.copyOf(families);
      forwarding = Set.copyOf(forwarding);
      longLived = Map.copyOf(longLived);
    }

    /**
     * A family's long-lived stale time.
     *
     * @param staleTime the smaller of the peer's and the configured one, above 0
     * @param forwarding the F bit of the long-lived capability
     */
    public record LongLived(Duration staleTime, boolean forwarding) {}
  }
}

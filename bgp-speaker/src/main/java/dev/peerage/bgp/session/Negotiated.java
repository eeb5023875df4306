package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
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
 * @param extendedMessages messages may have up to 65535 octets (RFC 8654)
 * @param routeRefresh the peer understands ROUTE-REFRESH (RFC 2918)
 * @param peerRestart the peer's graceful restart capability
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
    boolean routeRefresh,
    PeerRestart peerRestart) {

  /** Copies the set. */
  public Negotiated {
    families = Set.copyOf(families);
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
      /** Copies the sets. */
      public On {
        families = Set.copyOf(families);
        forwarding = Set.copyOf(forwarding);
      }
    }
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * One peer of a running instance.
 *
 * @param name the peer's name
 * @param address its address
 * @param port its TCP port
 * @param asn the learned ASN once its OPEN was accepted, else the configured one (0 = any)
 * @param phase the session's state, with what is true only in that state
 * @param families a count per family that is configured, or negotiated once established
 * @param lastError the last reason for which the session went down, empty when there was none; one
 *     line for a person
 */
public record PeerState(
    String name,
    InetAddress address,
    int port,
    long asn,
    Phase phase,
    List<FamilyCount> families,
    String lastError) {
  /** Copies the list. */
  public PeerState {
    families = List.copyOf(families);
  }

  /** The session state. */
  public sealed interface Phase {
    /** The state's name as in the Kubernetes status. */
    String text();

    /**
     * Any state but Established.
     *
     * @param text {@code idle}, {@code connect}, {@code active}, {@code open_sent} or {@code
     *     open_confirm}
     */
    record Down(String text) implements Phase {}

    /**
     * Established.
     *
     * @param since when it became so; stable while the session lives
     * @param holdSeconds the negotiated hold time, 0 = off
     * @param keepAliveSeconds the keepalive interval in use, 0 = off
     * @param localAddress this side's address of the session
     */
    record Up(Instant since, int holdSeconds, int keepAliveSeconds, InetAddress localAddress)
        implements Phase {
      @Override
      public String text() {
        return "established";
      }
    }
  }

  /**
   * Route counts of a family.
   *
   * @param family the family
   * @param received prefixes in the adj-rib-in, before import policy
   * @param accepted prefixes that import policy let through
   * @param advertised prefixes in the adj-rib-out, as sent
   */
  public record FamilyCount(AddressFamily family, int received, int accepted, int advertised) {}
}

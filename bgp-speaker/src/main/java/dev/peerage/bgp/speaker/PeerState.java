package dev.peerage.bgp.speaker;

import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.NotificationCode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One peer of a running instance.
 *
 * @param asn the learned ASN once its OPEN was accepted, else the configured one (0 = any)
 * @param phase the session's state, with what is true only in that state
 * @param families a count per family that is offered to the peer; of one that it did not take, 0
 * @param error why the session went down last, or does not come up
 * @param since when the session came to its present state
 * @param received messages that arrived
 * @param sent messages that were sent
 * @param warning what is not as it should be while the session lasts, one line; empty = nothing
 */
public record PeerState(
    String name,
    InetAddress address,
    int port,
    long asn,
    Phase phase,
    List<FamilyCount> families,
    SessionError error,
    Instant since,
    Timers timers,
    MessageCounts received,
    MessageCounts sent,
    String warning) {
  public PeerState {
    families = List.copyOf(families);
  }

  /** Without a warning. */
  public PeerState(
      String name,
      InetAddress address,
      int port,
      long asn,
      Phase phase,
      List<FamilyCount> families,
      SessionError error,
      Instant since,
      Timers timers,
      MessageCounts received,
      MessageCounts sent) {
    this(name, address, port, asn, phase, families, error, since, timers, received, sent, "");
  }

  /** Why the peer is refused although nothing is wrong with it but how much it sent, if so. */
  public Optional<String> exceeded() {
    return error instanceof SessionError.Sent(var notification, var text, _)
            && notification.reason().is(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** The error in one line for a person; empty when there was none. */
  public String lastError() {
    return error.text();
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
     * @param session the connection and what both sides said
     */
    record Up(Instant since, int holdSeconds, int keepAliveSeconds, Session session)
        implements Phase {
      @Override
      public String text() {
        return "established";
      }
    }
  }

  /**
   * An Established session.
   *
   * @param local this side's address and port
   * @param remote the peer's address and port
   * @param dialed whether this side opened the connection
   * @param peerId the peer's BGP identifier
   * @param sent the capabilities that this side announced
   * @param received the capabilities that the peer announced
   */
  public record Session(
      InetSocketAddress local,
      InetSocketAddress remote,
      boolean dialed,
      Inet4Address peerId,
      List<Capability> sent,
      List<Capability> received) {
    public Session {
      sent = List.copyOf(sent);
      received = List.copyOf(received);
    }
  }

  /**
   * Route counts of a family.
   *
   * @param received prefixes in the adj-rib-in, before import policy
   * @param accepted prefixes that import policy let through
   * @param advertised prefixes in the adj-rib-out, as sent
   */
  public record FamilyCount(AddressFamily family, int received, int accepted, int advertised) {}
}

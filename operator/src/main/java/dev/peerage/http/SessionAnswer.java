package dev.peerage.http;

import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Notification;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the looking glass says about one session beyond a table's columns. Times are ISO 8601, UTC.
 *
 * @param since when the session came to its present state
 * @param received messages that arrived since the peer was configured
 * @param sent messages that were sent since then
 * @param error why the session went down last or does not come up; absent when nothing went wrong
 * @param warning what is not as it should be while the session lasts; empty when nothing is
 * @param up what there is only while the session is established; absent in other states
 * @param ends how often the session has ended since the peer was configured
 */
public record SessionAnswer(
    String since,
    Timers timers,
    MessageCounts received,
    MessageCounts sent,
    @Nullable Failure error,
    String warning,
    @Nullable Up up,
    int ends) {

  /**
   * Timers in seconds; those of an established session are the negotiated ones.
   *
   * @param connectRetry the longest wait between two dials
   */
  public record Timers(int connectRetry, int hold, int keepAlive) {}

  /**
   * An error.
   *
   * @param kind {@code notificationSent}, {@code notificationReceived}, {@code tcp}, {@code
   *     configuration} or {@code ended}: by this side, without a NOTIFICATION
   * @param code the NOTIFICATION's code; absent without one
   * @param subcode the NOTIFICATION's subcode; absent without one
   * @param text one line
   */
  public record Failure(
      String kind, @Nullable Integer code, @Nullable Integer subcode, String text, String since) {}

  /**
   * An established session.
   *
   * @param dialed whether this side opened the connection
   * @param peerID the peer's BGP identifier
   * @param holdSeconds the negotiated hold time, 0 = off
   * @param keepAliveSeconds the keepalive interval in use, 0 = off
   * @param capabilitiesSent what this side announced, one string each
   * @param capabilitiesReceived what the peer announced
   */
  public record Up(
      String localAddress,
      int localPort,
      String remoteAddress,
      int remotePort,
      boolean dialed,
      String peerID,
      int holdSeconds,
      int keepAliveSeconds,
      List<String> capabilitiesSent,
      List<String> capabilitiesReceived) {
    public Up {
      capabilitiesSent = List.copyOf(capabilitiesSent);
      capabilitiesReceived = List.copyOf(capabilitiesReceived);
    }
  }

  static SessionAnswer of(PeerState state, int ends) {
    SessionTerms.Timers timers = state.timers();
    return new SessionAnswer(
        state.since().toString(),
        new Timers(timers.connectRetry(), timers.hold(), timers.keepAlive()),
        state.received(),
        state.sent(),
        failure(state.error()),
        state.warning(),
        switch (state.phase()) {
          case Phase.Up up -> up(up);
          case Phase.Down _ -> null;
        },
        ends);
  }

  private static @Nullable Failure failure(SessionError error) {
    return switch (error) {
      case SessionError.None _ -> null;
      case SessionError.Sent(var notification, var text, var since) ->
          failure("notificationSent", notification, text, since);
      case SessionError.Received(var notification, var text, var since) ->
          failure("notificationReceived", notification, text, since);
      case SessionError.Tcp(var text, var since) -> failure("tcp", text, since);
      case SessionError.Configuration(var text, var since) -> failure("configuration", text, since);
      case SessionError.Ended(var text, var since) -> failure("ended", text, since);
    };
  }

  private static Failure failure(String kind, Notification about, String text, Instant since) {
    return new Failure(kind, about.code(), about.subcode(), text, since.toString());
  }

  private static Failure failure(String kind, String text, Instant since) {
    return new Failure(kind, null, null, text, since.toString());
  }

  private static Up up(Phase.Up up) {
    PeerState.Session session = up.session();
    return new Up(
        address(session.local()),
        session.local().getPort(),
        address(session.remote()),
        session.remote().getPort(),
        session.dialed(),
        IpText.of(session.peerId()),
        up.holdSeconds(),
        up.keepAliveSeconds(),
        session.sent().stream().map(CapabilityText::of).toList(),
        session.received().stream().map(CapabilityText::of).toList());
  }

  private static String address(InetSocketAddress socket) {
    return IpText.of(socket.getAddress());
  }
}

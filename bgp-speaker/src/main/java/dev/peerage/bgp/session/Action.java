package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.time.Duration;
import java.util.Set;

/** What a transition wants done. */
public sealed interface Action {
  /** Writes a message to the connection. */
  record Send(Message message) implements Action {}

  /** Starts a timer of the connection, anew if it runs. */
  record StartTimer(Timer timer, Duration after) implements Action {}

  /** Stops a timer of the connection. */
  record StopTimer(Timer timer) implements Action {}

  /** Stops all timers of the connection. */
  record StopTimers() implements Action {}

  /** Opens a connection. */
  record Dial() implements Action {}

  /** Writes what is pending, then closes the connection or ends its dial. */
  record Close() implements Action {}

  /** Closes the connection at once; what the peer did not take yet is lost. */
  record Abort() implements Action {}

  /**
   * Starts the SendHoldTimer (RFC 9687): reports {@link SessionEvent.SendHoldExpired} when the peer
   * takes no octet for so long although some wait; ends with the timers.
   */
  record StartSendHoldTimer(Duration limit) implements Action {}

  /** The OPENs agree: later messages are decoded accordingly. */
  record Agree(Negotiated negotiated) implements Action {}

  /** The session is Established. */
  record Up(Negotiated negotiated) implements Action {}

  /** Hands a validated UPDATE to the RIB. */
  record Deliver(Update update) implements Action {}

  /** The peer wants routes again. */
  record Refresh(RouteRefresh request) implements Action {}

  /**
   * The session is no longer Established.
   *
   * @param kept the families whose routes stay, because the peer may be back soon (RFC 4724 section
   *     4.2)
   */
  record Down(String reason, Set<AddressFamily> kept) implements Action {
    public Down {
      kept = Set.copyOf(kept);
    }
  }

  /** An attempt to establish the session failed. */
  record Report(String problem) implements Action {}
}

package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.time.Duration;

/** What a transition wants done. */
public sealed interface Action {
  /** Writes a message to the lane's connection. */
  record Send(Message message) implements Action {}

  /** Starts a timer of the lane, anew if it runs. */
  record StartTimer(Timer timer, Duration after) implements Action {}

  /** Stops a timer of the lane. */
  record StopTimer(Timer timer) implements Action {}

  /** Stops all timers of the lane. */
  record StopTimers() implements Action {}

  /** Opens a connection. */
  record Dial() implements Action {}

  /** Writes what is pending, then closes the lane's connection or ends its dial. */
  record Close() implements Action {}

  /** The OPENs agree: later messages are decoded accordingly. */
  record Agree(Negotiated negotiated) implements Action {}

  /** The session is Established. */
  record Up(Negotiated negotiated) implements Action {}

  /** Hands a validated UPDATE to the RIB. */
  record Deliver(Update update) implements Action {}

  /** The peer wants routes again. */
  record Refresh(RouteRefresh request) implements Action {}

  /** The session is no longer Established. */
  record Down(String reason) implements Action {}

  /** An attempt to establish the session failed. */
  record Report(String problem) implements Action {}
}

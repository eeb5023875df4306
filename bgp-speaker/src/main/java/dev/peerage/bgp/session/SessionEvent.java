package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import java.time.Duration;

/** What can happen to a session (RFC 4271 section 8.1); event numbers as there. */
public sealed interface SessionEvent {
  /** Event 1: somebody wants the session. */
  record ManualStart() implements SessionEvent {}

  /**
   * Event 2: nobody wants the session any more.
   *
   * @param words what the peer's operator shall read (RFC 9003), with {@link StopReason#SHUTDOWN}
   *     only; empty = nothing
   */
  record ManualStop(StopReason reason, String words) implements SessionEvent {
    /** Without words. */
    public ManualStop(StopReason reason) {
      this(reason, "");
    }
  }

  /** Event 3: the other connection no longer holds the session. */
  record AutomaticStart() implements SessionEvent {}

  /** Event 8: this side gives the session up for now. */
  record AutomaticStop(Notification cease, String reason) implements SessionEvent {}

  /**
   * The peer sent more than it may (RFC 4271 section 8.1.2, event 8 for a peering): the session
   * ends, and the peer is refused for a while. Concerns all connections with the peer.
   */
  record LimitExceeded(Notification cease, String reason, Duration pause) implements SessionEvent {}

  /** Events 9, 10, 11 and 13. */
  record TimerExpired(Timer timer) implements SessionEvent {}

  /** Events 16 and 17: the connection is there. */
  record TcpConnected() implements SessionEvent {}

  /**
   * Event 18: the dial failed or the connection ended.
   *
   * @param cause in words, for example {@code connection refused}
   */
  record TcpFailed(String cause) implements SessionEvent {}

  /**
   * Events 21, 22, 24 and 28: a message that cannot be accepted.
   *
   * @param answer the NOTIFICATION that the peer gets
   * @param cause in words
   */
  record MessageError(Notification answer, String cause) implements SessionEvent {}

  /** Events 19 and 25 to 27, and ROUTE-REFRESH: a well-formed message. */
  record Received(Message message) implements SessionEvent {}

  /** Event 23: the peer's other connection won (RFC 4271 section 6.8). */
  record OpenCollisionDump() implements SessionEvent {}

  /** The peer restarted and has a new connection (RFC 4724 section 4.2). */
  record Superseded() implements SessionEvent {}

  /** Event 29: the peer takes no octet (RFC 9687). */
  record SendHoldExpired() implements SessionEvent {}
}

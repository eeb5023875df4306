package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.Notification;
import java.time.Instant;

/** Why a session is not, or was last not, Established. */
public sealed interface SessionError {
  /** One line for a person; empty when there was no error. */
  String text();

  /** Nothing went wrong so far. */
  record None() implements SessionError {
    @Override
    public String text() {
      return "";
    }
  }

  /**
   * This side ended the session with a NOTIFICATION.
   *
   * @param since when
   */
  record Sent(Notification notification, String text, Instant since) implements SessionError {}

  /**
   * The peer ended the session with a NOTIFICATION.
   *
   * @param text the NOTIFICATION, and after {@code ; since then: } why no session came up later
   * @param since when
   */
  record Received(Notification notification, String text, Instant since) implements SessionError {}

  /**
   * The TCP connection failed or was not to be had.
   *
   * @param since since when it fails like this
   */
  record Tcp(String text, Instant since) implements SessionError {}

  /**
   * The session's own configuration cannot work on this host: the source address is not there, the
   * key is too long. Tried again, because the host may change.
   *
   * @param since since when it fails like this
   */
  record Configuration(String text, Instant since) implements SessionError {}

  /**
   * This side ended the session without a NOTIFICATION.
   *
   * @param since when
   */
  record Ended(String text, Instant since) implements SessionError {}
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Action;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.wire.Notification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the kind of an error from what happened and what was done about it. Pure. */
final class SessionErrors {
  private SessionErrors() {}

  /**
   * The error that an event was.
   *
   * @param actions what the event led to on its connection
   * @param words the error in words
   */
  static SessionError of(SessionEvent event, List<Action> actions, String words, Instant now) {
    if (event instanceof SessionEvent.Received(Notification notification)) {
      return new SessionError.Received(notification, words, now);
    }
    @Nullable Notification sent = sent(actions);
    if (sent != null) {
      return new SessionError.Sent(sent, words, now);
    }
    boolean tcp =
        event instanceof SessionEvent.TcpFailed
            || event instanceof SessionEvent.TimerExpired(var timer)
                && timer == Timer.CONNECT_RETRY;
    return tcp ? new SessionError.Tcp(words, now) : new SessionError.Ended(words, now);
  }

  /** The NOTIFICATION to remember: the latest error if it is one, else the one before. */
  static SessionError notified(SessionError before, SessionError latest) {
    return switch (latest) {
      case SessionError.Sent _, SessionError.Received _ -> latest;
      case SessionError.None _,
          SessionError.Tcp _,
          SessionError.Configuration _,
          SessionError.Ended _ ->
          before;
    };
  }

  /**
   * What a person should read: a NOTIFICATION that ended the session tells more than the dials that
   * failed since.
   */
  static SessionError after(SessionError notified, SessionError latest) {
    if (!(latest instanceof SessionError.Tcp)) {
      return latest;
    }
    String both = notified.text() + "; since then: " + latest.text();
    return switch (notified) {
      case SessionError.Sent(var notification, _, var since) ->
          new SessionError.Sent(notification, both, since);
      case SessionError.Received(var notification, _, var since) ->
          new SessionError.Received(notification, both, since);
      case SessionError.None _,
          SessionError.Tcp _,
          SessionError.Configuration _,
          SessionError.Ended _ ->
          latest;
    };
  }

  private static @Nullable Notification sent(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Send(Notification notification)) {
        return notification;
      }
    }
    return null;
  }
}

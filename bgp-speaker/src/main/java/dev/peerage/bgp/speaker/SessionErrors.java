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
   * @param actions what the event led to on its lane
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

  private static @Nullable Notification sent(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Send(Notification notification)) {
        return notification;
      }
    }
    return null;
  }
}

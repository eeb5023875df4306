package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Action;
import dev.peerage.bgp.session.PeeringTransition;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Why one session is not Established, for its state and for the log. What a peer can cause again
 * and again is logged within limits.
 */
final class SessionLog {
  private static final Logger log = LoggerFactory.getLogger(SessionLog.class);

  private final boolean told;
  private final String title;
  private final LogLimit lines;
  private SessionError error = new SessionError.None();
  // The last NOTIFICATION since the session was up: a dial that fails later says less.
  private SessionError notified = new SessionError.None();

  /**
   * Nothing went wrong yet.
   *
   * @param title the session, for example {@code tor/k8s-ctr 192.168.10.100}
   */
  SessionLog(String title, SpeakerSettings settings) {
    this.told = settings.told();
    this.title = title;
    this.lines = new LogLimit(settings.clock());
  }

  private Logger log() {
    return told ? log : NOPLogger.NOP_LOGGER;
  }

  /** For other log lines that the peer causes. */
  LogLimit lines() {
    return lines;
  }

  /** Why it went down last, or does not come up. */
  SessionError error() {
    return error;
  }

  void transition(PeeringTransition.Step step) {
    String from = step.from().text();
    String to = step.transition().next().text();
    if (!from.equals(to)) {
      log()
          .debug(
              "{}: {} {} -> {}: {}", title, step.direction(), from, to, step.transition().reason());
    }
  }

  /** The session is Established: errors from before it say nothing about the next one. */
  void up() {
    notified = new SessionError.None();
  }

  void stopped(SessionError why, String reason) {
    ended(why);
    log().info("{}: session closed: {}", title, reason);
  }

  /**
   * The session went down.
   *
   * @param actions what is done about it
   */
  void down(SessionError why, String reason, Iterable<Action> actions) {
    ended(why);
    lines.log(more -> log().warn("{}: session down: {}; {}{}", title, reason, next(actions), more));
  }

  private void ended(SessionError why) {
    error = why;
    notified = SessionErrors.notified(new SessionError.None(), why);
  }

  /**
   * An attempt to establish the session failed.
   *
   * @param actions what is done about it
   * @return whether that is news
   */
  boolean failed(SessionError latest, Iterable<Action> actions) {
    notified = SessionErrors.notified(notified, latest);
    SessionError all = SessionErrors.after(notified, latest);
    if (all.text().equals(error.text())) {
      log().debug("{}: no session: {}; {}", title, latest.text(), next(actions));
      return false;
    }
    lines.log(
        more -> log().warn("{}: no session: {}; {}{}", title, latest.text(), next(actions), more));
    error = all;
    return true;
  }

  /**
   * No session can come up although nothing happened.
   *
   * @return whether that is news
   */
  boolean noted(SessionError why) {
    if (why.text().equals(error.text())) {
      return false;
    }
    log().warn("{}: no session: {}", title, why.text());
    error = why;
    return true;
  }

  /** The NOTIFICATION that ended the session because of an UPDATE, if one did. */
  Optional<Notification> updateError() {
    return error instanceof SessionError.Sent(var notification, _, _)
            && notification.code() == NotificationCode.UPDATE_MESSAGE_ERROR.code()
        ? Optional.of(notification)
        : Optional.empty();
  }

  private static String next(Iterable<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.StartTimer(var timer, var after)
          && (timer == Timer.IDLE_HOLD || timer == Timer.CONNECT_RETRY)) {
        return "tries again in " + after.toMillis() + " ms";
      }
    }
    return "waits for the peer";
  }
}

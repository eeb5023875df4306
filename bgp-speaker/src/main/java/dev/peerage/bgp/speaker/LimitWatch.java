package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.ReceivedRoutes;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a peer whose session is up to what it may send. To be used on the event loop only. */
final class LimitWatch {
  private static final Logger log = LoggerFactory.getLogger(LimitWatch.class);

  private final String title;
  private final Environment environment;
  private final SessionDriver session;
  private final SpeakerMetrics metrics;
  private final Runnable changed;
  private final Pauses pauses;
  private String warning = "";
  private long since;

  /**
   * Nothing was sent yet.
   *
   * @param title the session for logs
   * @param changed called when there is another warning
   */
  LimitWatch(
      String title,
      Environment environment,
      SessionDriver session,
      SpeakerMetrics metrics,
      Runnable changed) {
    this.title = title;
    this.environment = environment;
    this.session = session;
    this.metrics = metrics;
    this.changed = changed;
    this.pauses = new Pauses(environment.settings().routes().pause());
  }

  void up() {
    since = environment.tasks().nanoTime();
  }

  void down() {
    warning = "";
  }

  /** What is not as it should be, one line; empty = nothing. */
  String warning() {
    return warning;
  }

  /** Looks at what the peer has sent. */
  void check(ReceivedRoutes received, PeerTerms terms) {
    RouteLimits all = environment.settings().routes();
    switch (LimitCheck.of(received, terms.maximumPrefixes(all), terms.peer().limits().bytes())) {
      case LimitCheck.Within _ -> warned("");
      case LimitCheck.Warned(var words) -> warned(words);
      case LimitCheck.Exceeded exceeded -> end(exceeded);
    }
  }

  /** The peer's routes are most of what takes too much memory. */
  void overBudget() {
    end(
        new LimitCheck.Exceeded(
            "the routes of all peers take more than "
                + LimitCheck.mebibytes(environment.budget().limit())
                + " of memory, their limit, and this peer's take most of it"));
  }

  private void warned(String words) {
    if (!words.equals(warning)) {
      warning = words;
      if (!words.isEmpty()) {
        session.lines().log(more -> log.warn("{}: {}{}", title, words, more));
      }
      changed.run();
    }
  }

  private void end(LimitCheck.Exceeded why) {
    Duration pause = pauses.next(Duration.ofNanos(environment.tasks().nanoTime() - since));
    metrics.limitExceeded();
    session.exceeded(
        why.cease(),
        why.reason() + "; it is refused for " + pause.toSeconds() + " s: " + why.cease().text(),
        pause);
  }
}

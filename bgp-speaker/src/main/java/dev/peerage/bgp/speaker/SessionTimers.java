package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Direction;
import dev.peerage.bgp.session.SendHoldTimer;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.transport.Connection.Backlog;
import dev.peerage.bgp.transport.Tasks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one session (RFC 4271 section 10, RFC 9687), by the event loop's clock. To be used
 * on the event loop only.
 */
final class SessionTimers {
  /** A hold timer that fires later than this tells of a pause of this process. */
  private static final Duration STALL = Duration.ofMillis(250);

  private final Tasks tasks;
  private final BiConsumer<Direction, SessionEvent> expired;
  private final Map<Key, Future<?>> timers = new HashMap<>();
  private final Map<Direction, Future<?>> sendHolds = new EnumMap<>(Direction.class);

  private record Key(Direction direction, Timer timer) {}

  /**
   * No timer runs yet.
   *
   * @param expired gets the event of each timer that is over, with its connection
   */
  SessionTimers(Tasks tasks, BiConsumer<Direction, SessionEvent> expired) {
    this.tasks = tasks;
    this.expired = expired;
  }

  /** Starts a timer, anew if it runs. */
  void start(Direction direction, Timer timer, Duration after) {
    stop(direction, timer);
    schedule(new Key(direction, timer), after);
  }

  void stop(Direction direction, Timer timer) {
    cancel(timers.remove(new Key(direction, timer)));
  }

  /** Stops all timers of a connection, the SendHoldTimer too. */
  void stopAll(Direction direction) {
    for (Timer timer : Timer.values()) {
      stop(direction, timer);
    }
    cancel(sendHolds.remove(direction));
  }

  /**
   * Starts the SendHoldTimer.
   *
   * @param backlog how the connection's output goes; empty when there is no connection any more
   */
  void startSendHold(Direction direction, Duration limit, Supplier<Optional<Backlog>> backlog) {
    sample(direction, SendHoldTimer.start(limit, now()), backlog);
  }

  private void sample(
      Direction direction, SendHoldTimer timer, Supplier<Optional<Backlog>> backlog) {
    sendHolds.put(
        direction,
        tasks.schedule(
            () -> {
              sendHolds.remove(direction);
              backlog.get().ifPresent(seen -> judge(direction, timer, seen, backlog));
            },
            timer.interval()));
  }

  private void judge(
      Direction direction, SendHoldTimer timer, Backlog seen, Supplier<Optional<Backlog>> backlog) {
    SendHoldTimer next = timer.sample(seen.waiting(), seen.taken(), now());
    if (next.expired(now())) {
      expired.accept(direction, new SessionEvent.SendHoldExpired());
    } else {
      sample(direction, next, backlog);
    }
  }

  private void schedule(Key key, Duration after) {
    long due = now() + after.toNanos();
    timers.put(key, tasks.schedule(() -> expire(key, due), after));
  }

  private void expire(Key key, long due) {
    if (key.timer() == Timer.HOLD && now() - due > STALL.toNanos()) {
      // This side was held up, not the peer: what the peer sent meanwhile is read first.
      schedule(key, STALL);
      return;
    }
    timers.remove(key);
    expired.accept(key.direction(), new SessionEvent.TimerExpired(key.timer()));
  }

  private long now() {
    return tasks.nanoTime();
  }

  private static void cancel(@Nullable Future<?> running) {
    if (running != null) {
      running.cancel(false);
    }
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Action;
import dev.peerage.bgp.session.Direction;
import dev.peerage.bgp.session.Jitter;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.Offer;
import dev.peerage.bgp.session.Peering;
import dev.peerage.bgp.session.PeeringFsm;
import dev.peerage.bgp.session.PeeringTransition;
import dev.peerage.bgp.session.SendHoldTimer;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.State;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.transport.Cause;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Dial;
import dev.peerage.bgp.transport.Misconfigured;
import dev.peerage.bgp.transport.Network;
import dev.peerage.bgp.transport.Traffic;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what the FSM of one peer decides: its connections and timers. */
final class SessionDriver {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDriver.class);

  /** A hold timer that fires later than this tells of a pause of this process. */
  private static final Duration STALL = Duration.ofMillis(250);

  private final Network network;
  private final Jitter jitter;
  private final Dialing dialing;
  private final SessionListener listener;
  private final InstantSource clock;
  private final String title;

  private final Queue<Runnable> events = new ArrayDeque<>();
  private final Map<DirectionTimer, ScheduledFuture<?>> timers = new HashMap<>();
  private final Map<Direction, ScheduledFuture<?>> watches = new EnumMap<>(Direction.class);
  private final Map<Direction, End> ends = new EnumMap<>(Direction.class);
  private final Map<Connection, CompletableFuture<Void>> closing = new HashMap<>();
  private PeeringFsm fsm;
  private Peering peering = Peering.STOPPED;
  private final Traffic inbound = new Traffic();
  private final Traffic outbound = new Traffic();
  private SessionError error = new SessionError.None();
  // The last NOTIFICATION since the session was up: a dial that fails later says less.
  private SessionError notified = new SessionError.None();
  private Instant since;
  private final LogLimit lines;
  private Optional<Connection> heard = Optional.empty();
  private boolean running;

  private record DirectionTimer(Direction direction, Timer timer) {}

  /** Knows where to dial. */
  interface Dialing {
    /** Where to dial now. */
    Network.Target target() throws Misconfigured;
  }

  /**
   * A stopped session.
   *
   * @param dialing where to dial
   * @param clock for the times of errors and states
   * @param title the session for logs, for example {@code tor/k8s-ctr 192.168.10.100}
   */
  SessionDriver(
      Network network,
      Jitter jitter,
      SessionConfig config,
      Dialing dialing,
      SessionListener listener,
      InstantSource clock,
      String title) {
    this.network = network;
    this.jitter = jitter;
    this.dialing = dialing;
    this.listener = listener;
    this.clock = clock;
    this.since = clock.instant();
    this.title = title;
    this.lines = new LogLimit(clock);
    this.fsm = new PeeringFsm(config, jitter);
  }

  /** The message that is being handled, as hexadecimal digits. */
  String message() {
    return heard.map(Connection::handled).orElse("");
  }

  /** For log lines that the peer causes. */
  LogLimit lines() {
    return lines;
  }

  /** What holds from the next transition on; an existing session keeps what it negotiated. */
  void use(SessionConfig config) {
    fsm = new PeeringFsm(config, jitter);
  }

  void start() {
    fire(Direction.OUTGOING, new SessionEvent.ManualStart());
  }

  /**
   * Ends the session.
   *
   * @param words for the peer's operator; empty = none
   */
  void stop(StopReason reason, String words) {
    fire(Direction.OUTGOING, new SessionEvent.ManualStop(reason, words));
  }

  /** Gives the session up for now; it starts again by itself. */
  void giveUp(Notification cease, String reason) {
    for (Direction direction : Direction.values()) {
      if (peering.of(direction) instanceof State.Established) {
        fire(direction, new SessionEvent.AutomaticStop(cease, reason));
      }
    }
  }

  State state() {
    return peering.leading();
  }

  /** When it came to this state. */
  Instant since() {
    return since;
  }

  /** Why it went down last, or does not come up. */
  SessionError error() {
    return error;
  }

  /** Notes why no session can come up although nothing happened. */
  void noted(SessionError why) {
    if (!why.text().equals(error.text())) {
      LOG.warn("{}: no session: {}", title, why.text());
      error = why;
      listener.changed();
    }
  }

  /** What arrived over all connections. */
  Traffic inbound() {
    return inbound;
  }

  /** What was sent over all connections. */
  Traffic outbound() {
    return outbound;
  }

  /** Who gets a connection that the peer opened; empty when none is wanted now. */
  Optional<ConnectionEvents> accept() {
    if (free(Direction.INCOMING)
        && (free(Direction.SECOND_INCOMING) || up(Direction.SECOND_INCOMING))) {
      return Optional.of(new End(Direction.INCOMING));
    }
    // Beside an Established session there is room for one more: the peer may have lost its end.
    return up(Direction.INCOMING) && free(Direction.SECOND_INCOMING)
        ? Optional.of(new End(Direction.SECOND_INCOMING))
        : Optional.empty();
  }

  private boolean free(Direction direction) {
    return peering.of(direction) instanceof State.Active && !ends.containsKey(direction);
  }

  private boolean up(Direction direction) {
    return peering.of(direction) instanceof State.Established;
  }

  /** Completes when every connection of this session is closed. */
  CompletableFuture<Void> closed() {
    return CompletableFuture.allOf(closing.values().toArray(CompletableFuture<?>[]::new));
  }

  // Actions may cause events; they wait their turn instead of recursing.
  private void fire(Direction direction, SessionEvent event) {
    fire(direction, event, false);
  }

  private void fire(Direction direction, SessionEvent event, boolean misconfigured) {
    events.add(() -> run(fsm.on(peering, direction, event), event, misconfigured));
    if (running) {
      return;
    }
    running = true;
    try {
      for (Runnable next = events.poll(); next != null; next = events.poll()) {
        next.run();
      }
    } finally {
      running = false;
    }
  }

  private void run(PeeringTransition transition, SessionEvent event, boolean misconfigured) {
    boolean moved = !transition.next().equals(peering);
    if (!transition.next().leading().text().equals(state().text())) {
      since = clock.instant();
    }
    peering = transition.next();
    List<Action> all =
        transition.steps().stream().flatMap(step -> step.transition().actions().stream()).toList();
    for (PeeringTransition.Step step : transition.steps()) {
      if (!step.from().text().equals(step.transition().next().text())) {
        LOG.debug(
            "{}: {} {} -> {}: {}",
            title,
            step.direction(),
            step.from().text(),
            step.transition().next().text(),
            step.transition().reason());
      }
      for (Action action : step.transition().actions()) {
        run(step.direction(), action, new Happening(event, all, misconfigured));
      }
    }
    if (moved) {
      listener.changed();
    }
  }

  /** An event and all that is done about it. */
  private record Happening(SessionEvent event, List<Action> actions, boolean misconfigured) {
    SessionError error(String words, Instant now) {
      return misconfigured
          ? new SessionError.Configuration(words, now)
          : SessionErrors.of(event, actions, words, now);
    }
  }

  private void run(Direction direction, Action action, Happening of) {
    switch (action) {
      case Action.Send(var message) -> connection(direction).ifPresent(to -> to.send(message));
      case Action.StartTimer(var timer, var after) ->
          startTimer(new DirectionTimer(direction, timer), after);
      case Action.StopTimer(var timer) -> stopTimer(new DirectionTimer(direction, timer));
      case Action.StopTimers() -> {
        for (Timer timer : Timer.values()) {
          stopTimer(new DirectionTimer(direction, timer));
        }
        cancel(watches.remove(direction));
      }
      case Action.Dial() -> dial(direction);
      case Action.Close() -> close(direction);
      case Action.Abort() -> abort(direction);
      case Action.StartSendHoldTimer(var limit) ->
          watch(direction, SendHoldTimer.start(limit, System.nanoTime()));
      case Action.Agree(var negotiated) ->
          connection(direction).ifPresent(on -> on.use(context(negotiated)));
      case Action.Up(var negotiated) -> {
        notified = new SessionError.None();
        connection(direction).ifPresent(over -> listener.up(negotiated, over));
      }
      case Action.Deliver(var update) -> listener.received(update);
      case Action.Refresh(var request) -> listener.refresh(request);
      case Action.Down(var reason, var kept) -> {
        error = of.error(reason, clock.instant());
        notified = SessionErrors.notified(new SessionError.None(), error);
        if (peering.equals(Peering.STOPPED)) {
          LOG.info("{}: session closed: {}", title, reason);
        } else {
          lines.log(more ->
              LOG.warn("{}: session down: {}; {}{}", title, reason, next(of.actions()), more));
        }
        updateError(reason);
        listener.down(reason, kept);
      }
      case Action.Report(var problem) -> report(listener.explained(of.event(), problem), of);
    }
  }

  /** Was it an UPDATE that ended the session? */
  private void updateError(String reason) {
    if (error instanceof SessionError.Sent(var notification, var _, var _)
        && notification.code() == NotificationCode.UPDATE_MESSAGE_ERROR.code()) {
      listener.updateError(notification, reason, message());
    }
  }

  private void report(String problem, Happening of) {
    SessionError latest = of.error(problem, clock.instant());
    notified = SessionErrors.notified(notified, latest);
    SessionError all = SessionErrors.after(notified, latest);
    if (all.text().equals(error.text())) {
      LOG.debug("{}: no session: {}; {}", title, problem, next(of.actions()));
    } else {
      lines.log(
          more -> LOG.warn("{}: no session: {}; {}{}", title, problem, next(of.actions()), more));
      error = all;
      listener.changed();
    }
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

  static CodecContext context(Negotiated negotiated) {
    return new CodecContext(
            negotiated.fourOctetAsn(),
            negotiated.extendedMessages(),
            negotiated.extendedNextHop(),
            negotiated.families())
        .withExtendedMessage(negotiated.extendedMessages(), negotiated.offer() == Offer.FULL);
  }

  private void startTimer(DirectionTimer timer, Duration after) {
    stopTimer(timer);
    schedule(timer, after, System.nanoTime() + after.toNanos());
  }

  private void schedule(DirectionTimer timer, Duration after, long dueNanos) {
    timers.put(
        timer,
        network
            .loop()
            .schedule(() -> expired(timer, dueNanos), after.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void expired(DirectionTimer timer, long dueNanos) {
    Duration late = Duration.ofNanos(System.nanoTime() - dueNanos);
    if (timer.timer() == Timer.HOLD && late.compareTo(STALL) > 0) {
      // This side was held up, not the peer: what the peer sent meanwhile is read first.
      schedule(timer, STALL, System.nanoTime() + STALL.toNanos());
      return;
    }
    timers.remove(timer);
    fire(timer.direction(), new SessionEvent.TimerExpired(timer.timer()));
  }

  private void stopTimer(DirectionTimer timer) {
    cancel(timers.remove(timer));
  }

  private static void cancel(@Nullable ScheduledFuture<?> running) {
    if (running != null) {
      running.cancel(false);
    }
  }

  private void watch(Direction direction, SendHoldTimer watch) {
    watches.put(
        direction,
        network
            .loop()
            .schedule(
                () -> look(direction, watch), watch.interval().toNanos(), TimeUnit.NANOSECONDS));
  }

  private void look(Direction direction, SendHoldTimer watch) {
    watches.remove(direction);
    connection(direction)
        .ifPresent(on -> {
          Connection.Backlog backlog = on.backlog();
          SendHoldTimer next = watch.sample(backlog.waiting(), backlog.taken(), System.nanoTime());
          if (next.expired(System.nanoTime())) {
            fire(direction, new SessionEvent.SendHoldExpired());
          } else {
            watch(direction, next);
          }
        });
  }

  private Optional<Connection> connection(Direction direction) {
    return Optional.ofNullable(ends.get(direction)).flatMap(End::connection);
  }

  private void dial(Direction direction) {
    End end = new End(direction);
    ends.put(direction, end);
    try {
      end.dial(network.dial(dialing.target(), end));
    } catch (Misconfigured e) {
      end.failed(e);
    }
  }

  private void close(Direction direction) {
    End end = ends.remove(direction);
    if (end != null) {
      end.close();
    }
  }

  private void abort(Direction direction) {
    connection(direction).ifPresent(Connection::abort);
    close(direction);
  }

  /**
   * One direction's connection, from the dial on. What it says after it was closed is not heard.
   */
  private final class End implements ConnectionEvents {
    private final Direction direction;
    private @Nullable Dial dial;
    private @Nullable Connection connection;
    private boolean closed;

    End(Direction direction) {
      this.direction = direction;
    }

    Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    void dial(Dial started) {
      dial = started;
      started.onFailure(this::failed);
    }

    void failed(Throwable cause) {
      if (!closed) {
        ends.remove(direction, this);
        boolean misconfigured = cause instanceof Misconfigured;
        String words = misconfigured ? String.valueOf(cause.getMessage()) : Cause.words(cause);
        fire(direction, new SessionEvent.TcpFailed(words), misconfigured);
      }
    }

    void close() {
      closed = true;
      if (connection != null) {
        connection.close();
      } else if (dial != null) {
        dial.cancel();
      }
    }

    @Override
    public void connected(Connection opened) {
      if (closed || !direction.dials() && ends.putIfAbsent(direction, this) != null) {
        opened.close();
        return;
      }
      connection = opened;
      CompletableFuture<Void> done = new CompletableFuture<>();
      closing.put(opened, done);
      opened
          .closed()
          .addListener(_ -> {
            closing.remove(opened);
            done.complete(null);
          });
      fire(direction, new SessionEvent.TcpConnected());
    }

    @Override
    public void received(Connection from, Message message) {
      if (!closed) {
        hear(from, new SessionEvent.Received(message));
      }
    }

    @Override
    public void malformed(Connection from, Notification answer, String cause) {
      if (!closed) {
        hear(from, new SessionEvent.MessageError(answer, cause));
      }
    }

    private void hear(Connection from, SessionEvent event) {
      heard = Optional.of(from);
      fire(direction, event);
      heard = Optional.empty();
    }

    @Override
    public Traffic inbound() {
      listener.counted();
      return inbound;
    }

    @Override
    public Traffic outbound() {
      listener.counted();
      return outbound;
    }

    @Override
    public void writable(Connection to) {
      if (!closed && peering.of(direction) instanceof State.Established) {
        listener.writable();
      }
    }

    @Override
    public void closed(Connection by, String cause) {
      if (!closed) {
        closed = true;
        ends.remove(direction, this);
        fire(direction, new SessionEvent.TcpFailed(cause));
      }
    }
  }
}

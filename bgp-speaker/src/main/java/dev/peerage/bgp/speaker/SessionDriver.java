package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Action;
import dev.peerage.bgp.session.Direction;
import dev.peerage.bgp.session.Peering;
import dev.peerage.bgp.session.PeeringFsm;
import dev.peerage.bgp.session.PeeringTransition;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.State;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.transport.Traffic;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the FSM of one peer: hands it what happens on connections and timers, and does what it
 * decides. To be used on the event loop only.
 */
final class SessionDriver implements SessionConnections.Listener {
  private final Environment environment;
  private final SessionListener listener;
  private final SessionConnections connections;
  private final SessionTimers timers;
  private final SessionLog log;
  private final Queue<Runnable> events = new ArrayDeque<>();
  private PeeringFsm fsm;
  private Peering peering = Peering.STOPPED;
  private Instant since;
  private boolean running;

  /**
   * A stopped session.
   *
   * @param tasks the session's
   * @param title the session for logs, for example {@code tor/k8s-ctr 192.168.10.100}
   */
  SessionDriver(
      Environment environment,
      Tasks tasks,
      SessionConfig config,
      SessionConnections.Dialing dialing,
      SessionListener listener,
      String title) {
    this.environment = environment;
    this.listener = listener;
    this.connections = new SessionConnections(environment.network(), tasks, dialing, this);
    this.timers = new SessionTimers(tasks, this::happened);
    this.log = new SessionLog(title, environment.settings());
    this.fsm = new PeeringFsm(config, environment.jitter());
    this.since = environment.now();
  }

  /** The message that is being handled, as hexadecimal digits. */
  String message() {
    return connections.handled();
  }

  /** For log lines that the peer causes. */
  LogLimit lines() {
    return log.lines();
  }

  /** What holds from the next transition on; an existing session keeps what it negotiated. */
  void use(SessionConfig config) {
    fsm = new PeeringFsm(config, environment.jitter());
  }

  void start() {
    happened(Direction.OUTGOING, new SessionEvent.ManualStart());
  }

  /**
   * Ends the session.
   *
   * @param words for the peer's operator; empty = none
   */
  void stop(StopReason reason, String words) {
    happened(Direction.OUTGOING, new SessionEvent.ManualStop(reason, words));
  }

  /**
   * This program failed at something of the session: it ends, and is tried again after a while, in
   * whatever state it is.
   */
  void broke(Throwable fault) {
    Notification cease =
        fault instanceof OutOfMemoryError
            ? Notification.of(NotificationCode.OUT_OF_RESOURCES)
            : Notification.shutdown(NotificationCode.ADMINISTRATIVE_RESET, "internal fault");
    for (Direction direction : Direction.values()) {
      happened(direction, new SessionEvent.AutomaticStop(cease, "internal fault: " + fault));
    }
  }

  /** The peer sent too much: the session ends, and the peer is refused for a while. */
  void exceeded(Notification cease, String reason, Duration pause) {
    happened(Direction.OUTGOING, new SessionEvent.LimitExceeded(cease, reason, pause));
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
    return log.error();
  }

  /** Notes why no session can come up although nothing happened. */
  void noted(SessionError why) {
    if (log.noted(why)) {
      listener.changed();
    }
  }

  /** What arrived over all connections. */
  Traffic inbound() {
    return connections.inbound();
  }

  /** What was sent over all connections. */
  Traffic outbound() {
    return connections.outbound();
  }

  /** Completes when every connection of this session is closed. */
  CompletableFuture<Void> closed() {
    return connections.closed();
  }

  /** Who gets a connection that the peer opened; empty when none is wanted now. */
  Optional<ConnectionEvents> accept() {
    if (free(Direction.INCOMING)
        && (free(Direction.SECOND_INCOMING) || up(Direction.SECOND_INCOMING))) {
      return Optional.of(connections.accept(Direction.INCOMING));
    }
    // Beside an Established session there is room for one more: the peer may have lost its end.
    return up(Direction.INCOMING) && free(Direction.SECOND_INCOMING)
        ? Optional.of(connections.accept(Direction.SECOND_INCOMING))
        : Optional.empty();
  }

  private boolean free(Direction direction) {
    return peering.of(direction) instanceof State.Active && connections.none(direction);
  }

  private boolean up(Direction direction) {
    return peering.of(direction) instanceof State.Established;
  }

  @Override
  public void happened(Direction direction, SessionEvent event) {
    fire(direction, event, false);
  }

  @Override
  public void misconfigured(Direction direction, String problem) {
    fire(direction, new SessionEvent.TcpFailed(problem), true);
  }

  @Override
  public void writable(Direction direction) {
    if (up(direction)) {
      listener.writable();
    }
  }

  @Override
  public void counted() {
    listener.counted();
  }

  // Actions may cause events; they wait their turn instead of recursing.
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
      since = environment.now();
    }
    peering = transition.next();
    List<Action> all =
        transition.steps().stream().flatMap(step -> step.transition().actions().stream()).toList();
    for (PeeringTransition.Step step : transition.steps()) {
      log.transition(step);
      for (Action action : step.transition().actions()) {
        run(step.direction(), action, new Cause(event, all, misconfigured));
      }
    }
    if (moved) {
      listener.changed();
    }
  }

  /**
   * Why an action is run.
   *
   * @param actions all that the event led to
   */
  private record Cause(SessionEvent event, List<Action> actions, boolean misconfigured) {
    SessionError error(String words, Instant now) {
      return misconfigured
          ? new SessionError.Configuration(words, now)
          : SessionErrors.of(event, actions, words, now);
    }
  }

  private void run(Direction direction, Action action, Cause cause) {
    switch (action) {
      case Action.Send(var message) -> connections.get(direction).ifPresent(to -> to.send(message));
      case Action.StartTimer(var timer, var after) -> timers.start(direction, timer, after);
      case Action.StopTimer(var timer) -> timers.stop(direction, timer);
      case Action.StopTimers() -> timers.stopAll(direction);
      case Action.StartSendHoldTimer(var limit) ->
          timers.startSendHold(
              direction, limit, () -> connections.get(direction).map(Connection::backlog));
      case Action.Dial() -> connections.dial(direction);
      case Action.Close() -> connections.close(direction);
      case Action.Abort() -> connections.abort(direction);
      case Action.Agree(var negotiated) ->
          connections.get(direction).ifPresent(on -> on.use(negotiated.codec()));
      case Action.Up(var negotiated) -> {
        log.up();
        connections.get(direction).ifPresent(over -> listener.up(negotiated, over));
      }
      case Action.Deliver(var update) -> listener.received(update);
      case Action.Refresh(var request) -> listener.refresh(request);
      case Action.Down(var reason, var kept) -> {
        SessionError error = cause.error(reason, environment.now());
        if (peering.equals(Peering.STOPPED)) {
          log.stopped(error, reason);
        } else {
          log.down(error, reason, cause.actions());
        }
        log.updateError().ifPresent(sent -> listener.updateError(sent, reason, message()));
        listener.down(reason, kept);
      }
      case Action.Report(var problem) -> {
        String words = listener.explained(cause.event(), problem);
        if (log.failed(cause.error(words, environment.now()), cause.actions())) {
          listener.changed();
        }
      }
    }
  }
}

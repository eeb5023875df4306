package dev.peerage.bgp.session;

import dev.peerage.bgp.session.SessionEvent.AutomaticStart;
import dev.peerage.bgp.session.SessionEvent.AutomaticStop;
import dev.peerage.bgp.session.SessionEvent.ManualStart;
import dev.peerage.bgp.session.SessionEvent.ManualStop;
import dev.peerage.bgp.session.SessionEvent.MessageError;
import dev.peerage.bgp.session.SessionEvent.OpenCollisionDump;
import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.Superseded;
import dev.peerage.bgp.session.SessionEvent.TcpConnected;
import dev.peerage.bgp.session.SessionEvent.TcpFailed;
import dev.peerage.bgp.session.SessionEvent.TimerExpired;
import dev.peerage.bgp.session.State.Active;
import dev.peerage.bgp.session.State.Connect;
import dev.peerage.bgp.session.State.Established;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.session.State.OpenConfirm;
import dev.peerage.bgp.session.State.OpenSent;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import dev.peerage.bgp.wire.UpdateValidator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The finite state machine of one connection (RFC 4271 section 8.2.2). Every pair of state and
 * event has an answer.
 *
 * <pre>
 * Idle ── start ──► Connect ── connected ──► OpenSent ── OPEN ──► OpenConfirm ── KEEPALIVE ──► Established
 *   ▲                 │  ▲                      │                     │                           │
 *   │          failed ▼  │ retry                │ TCP failed          │ any error                 │
 *   │               Active ◄────────────────────┘                     │                           │
 *   └──────────────────────────────── error, NOTIFICATION, stop ◄─────┴───────────────────────────┘
 * </pre>
 *
 * The lane of accepted connections has no Connect: it waits in Active, and returns there. A dial
 * that fails leads to Active and not, as the RFC has it, to Idle: people read Idle as "not wanted".
 */
public final class SessionFsm {
  /** RFC 4271 section 8.2.2: "a large value" until the peer's OPEN is there. */
  static final Duration OPEN_HOLD = Duration.ofMinutes(4);

  /** The longest dial: SYNs go out after 0, 1, 3 and 7 s. */
  static final Duration DIAL_LIMIT = Duration.ofSeconds(10);

  private final SessionConfig config;
  private final Lane lane;
  private final Jitter jitter;

  SessionFsm(SessionConfig config, Lane lane, Jitter jitter) {
    this.config = config;
    this.lane = lane;
    this.jitter = jitter;
  }

  /** What the event leads to. Never throws. */
  public Transition on(State state, SessionEvent event) {
    return switch (state) {
      case Idle idle -> onIdle(idle, event);
      case Connect connect -> onConnect(connect, event);
      case Active active -> onActive(active, event);
      case OpenSent openSent -> onOpenSent(openSent, event);
      case OpenConfirm openConfirm -> onOpenConfirm(openConfirm, event);
      case Established established -> onEstablished(established, event);
    };
  }

  private Transition onIdle(Idle idle, SessionEvent event) {
    return switch (event) {
      case ManualStart _ when idle.until() == Until.STARTED -> start();
      case ManualStop(var farewell) ->
          new Transition(Idle.STOPPED, List.of(new Action.StopTimers()), farewell.words());
      case AutomaticStart _ when idle.until() == Until.OTHER_LANE_DOWN ->
          retry(idle.failures(), List.of(), "the other connection is gone");
      case TimerExpired(var timer) when timer == Timer.IDLE_HOLD && idle.until() == Until.RETRY ->
          dial(idle.failures(), List.of(), "tries again");
      case OpenCollisionDump _ when idle.until() == Until.RETRY ->
          new Transition(
              new Idle(Until.OTHER_LANE_DOWN, 0),
              List.of(new Action.StopTimers()),
              "the other connection is up");
      case TcpConnected _ ->
          new Transition(idle, List.of(new Action.Close()), "no connection is wanted");
      default -> ignore(idle);
    };
  }

  private Transition onConnect(Connect connect, SessionEvent event) {
    int failures = connect.failures();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> ignore(connect);
      case ManualStop(var farewell) -> stop(List.of(), farewell);
      case TimerExpired(var timer) when timer == Timer.CONNECT_RETRY ->
          dial(
              failures + 1,
              List.of(new Action.Close(), new Action.Report("no answer to the dial")),
              "no answer to the dial");
      case TcpConnected _ -> open(failures);
      case TcpFailed(var cause) -> waitForRetry(failures + 1, List.of(), cause);
      case OpenCollisionDump _ -> yieldToOtherLane(List.of());
      default -> fail(failures, List.of(), unexpected(event, connect));
    };
  }

  private Transition onActive(Active active, SessionEvent event) {
    int failures = active.failures();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> ignore(active);
      case ManualStop(var farewell) -> stop(List.of(), farewell);
      case TimerExpired(var timer) when timer == Timer.CONNECT_RETRY && lane == Lane.DIALED ->
          dial(failures, List.of(), "tries again");
      case TcpConnected _ -> open(failures);
      case OpenCollisionDump _ when lane == Lane.ACCEPTED -> ignore(active);
      case OpenCollisionDump _ -> yieldToOtherLane(List.of());
      default -> fail(failures, List.of(), unexpected(event, active));
    };
  }

  private Transition onOpenSent(OpenSent openSent, SessionEvent event) {
    int failures = openSent.failures();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> ignore(openSent);
      case ManualStop(var farewell) -> stop(Notifications.of(farewell, false), farewell);
      case AutomaticStop(var cease, var reason) -> fail(failures, send(cease), reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          fail(failures, send(Notifications.HOLD_TIMER_EXPIRED), "no OPEN within 4 minutes");
      case TcpFailed(var cause) ->
          waitForRetry(failures + 1, List.of(new Action.StopTimers(), new Action.Close()), cause);
      case Received(Open open) -> onOpen(failures, open);
      case Received(Notification notification) ->
          fail(failures, List.of(), Notifications.received(notification));
      case MessageError(var answer, var cause) -> fail(failures, send(answer), cause);
      case OpenCollisionDump _ -> yieldToOtherLane(send(Notifications.COLLISION));
      default ->
          fail(failures, send(Notifications.UNEXPECTED_IN_OPEN_SENT), unexpected(event, openSent));
    };
  }

  private Transition onOpen(int failures, Open open) {
    return switch (Negotiation.of(config, open)) {
      case Negotiation.Refused(var answer, var cause) -> fail(failures, send(answer), cause);
      case Negotiation.Agreed(var negotiated) -> {
        List<Action> actions = new ArrayList<>();
        actions.add(new Action.Agree(negotiated));
        actions.add(new Action.Send(Keepalive.KEEPALIVE));
        actions.add(new Action.StopTimer(Timer.HOLD));
        restartHold(negotiated, actions);
        restartKeepalive(negotiated, actions);
        yield new Transition(new OpenConfirm(failures, negotiated), actions, "the OPENs agree");
      }
    };
  }

  private Transition onOpenConfirm(OpenConfirm openConfirm, SessionEvent event) {
    int failures = openConfirm.failures();
    Negotiated negotiated = openConfirm.negotiated();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> ignore(openConfirm);
      case ManualStop(var farewell) -> stop(Notifications.of(farewell, false), farewell);
      case AutomaticStop(var cease, var reason) -> fail(failures, send(cease), reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          fail(failures, send(Notifications.HOLD_TIMER_EXPIRED), holdExpired(negotiated));
      case TimerExpired(var timer) when timer == Timer.KEEPALIVE ->
          keepalive(openConfirm, negotiated);
      case TcpFailed(var cause) -> fail(failures, List.of(), cause);
      case Received(Keepalive _) -> {
        List<Action> actions = new ArrayList<>();
        restartHold(negotiated, actions);
        actions.add(new Action.Up(negotiated));
        // Without keepalives nothing later tells that the session lasts.
        int counted = negotiated.keepAliveSeconds() == 0 ? 0 : failures;
        yield new Transition(new Established(counted, negotiated), actions, "established");
      }
      case Received(Notification notification) ->
          fail(failures, List.of(), Notifications.received(notification));
      case MessageError(var answer, var cause) -> fail(failures, send(answer), cause);
      case OpenCollisionDump _ -> yieldToOtherLane(send(Notifications.COLLISION));
      default ->
          fail(
              failures,
              send(Notifications.UNEXPECTED_IN_OPEN_CONFIRM),
              unexpected(event, openConfirm));
    };
  }

  private Transition onEstablished(Established established, SessionEvent event) {
    Negotiated negotiated = established.negotiated();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> ignore(established);
      case ManualStop(var farewell) -> {
        List<Action> actions =
            new ArrayList<>(Notifications.of(farewell, notificationsKeepRoutes(negotiated)));
        actions.add(new Action.StopTimers());
        actions.add(new Action.Close());
        actions.add(new Action.Down(farewell.words()));
        yield new Transition(Idle.STOPPED, actions, farewell.words());
      }
      case AutomaticStop(var cease, var reason) -> drop(established, send(cease), reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          drop(established, send(Notifications.HOLD_TIMER_EXPIRED), holdExpired(negotiated));
      case TimerExpired(var timer) when timer == Timer.KEEPALIVE ->
          // Up for a whole interval: the next drop may be followed by a quick try again.
          keepalive(new Established(0, negotiated), negotiated);
      case TcpFailed(var cause) -> drop(established, List.of(), cause);
      case Received(Keepalive _) -> {
        List<Action> actions = new ArrayList<>();
        restartHold(negotiated, actions);
        yield new Transition(established, actions, "keepalive");
      }
      case Received(Update update) -> update(established, update);
      case Received(RouteRefresh refresh) ->
          new Transition(established, List.of(new Action.Refresh(refresh)), "route refresh");
      case Received(Notification notification) ->
          drop(established, List.of(), Notifications.received(notification));
      case MessageError(var answer, var cause) -> drop(established, send(answer), cause);
      case OpenCollisionDump _ ->
          drop(established, send(Notifications.COLLISION), "the other connection won");
      case Superseded _ -> drop(established, List.of(), "the peer restarted and connected anew");
      default ->
          drop(
              established,
              send(Notifications.UNEXPECTED_IN_ESTABLISHED),
              unexpected(event, established));
    };
  }

  private Transition update(Established established, Update update) {
    Negotiated negotiated = established.negotiated();
    try {
      Update valid =
          UpdateValidator.validate(
              update, new UpdateValidator.Session(!negotiated.internal(), negotiated.peerAsn()));
      List<Action> actions = new ArrayList<>();
      restartHold(negotiated, actions);
      actions.add(new Action.Deliver(valid));
      return new Transition(established, actions, "update");
    } catch (MalformedMessageException e) {
      return drop(established, send(e.error().notification()), e.error().reason());
    }
  }

  private Transition start() {
    return switch (lane) {
      case DIALED -> config.dials() ? dial(0, List.of(), "started") : ignore(Idle.STOPPED);
      case ACCEPTED ->
          config.accepts()
              ? new Transition(new Active(0), List.of(), "waits for the peer")
              : ignore(Idle.STOPPED);
    };
  }

  private Transition dial(int failures, List<Action> before, String reason) {
    List<Action> actions = new ArrayList<>(before);
    Duration limit =
        config.connectRetry().compareTo(DIAL_LIMIT) < 0 ? config.connectRetry() : DIAL_LIMIT;
    actions.add(new Action.StartTimer(Timer.CONNECT_RETRY, limit));
    actions.add(new Action.Dial());
    return new Transition(new Connect(failures), actions, reason);
  }

  private Transition open(int failures) {
    return new Transition(
        new OpenSent(failures),
        List.of(
            new Action.StopTimer(Timer.CONNECT_RETRY),
            new Action.Send(Negotiation.open(config)),
            new Action.StartTimer(Timer.HOLD, OPEN_HOLD)),
        "connected");
  }

  /** The TCP connection failed before an OPEN came: Active until the next dial. */
  private Transition waitForRetry(int failures, List<Action> before, String cause) {
    List<Action> actions = new ArrayList<>(before);
    actions.add(new Action.Report(cause));
    if (lane == Lane.DIALED) {
      actions.add(new Action.StartTimer(Timer.CONNECT_RETRY, backoff(failures)));
    }
    return new Transition(new Active(failures), actions, cause);
  }

  /** Ends an attempt; a new one follows. */
  private Transition fail(int failures, List<Action> last, String cause) {
    List<Action> actions = new ArrayList<>(last);
    actions.add(new Action.StopTimers());
    actions.add(new Action.Close());
    actions.add(new Action.Report(cause));
    return retry(failures + 1, actions, cause);
  }

  /** Ends an Established session; a new one follows. */
  private Transition drop(Established established, List<Action> last, String cause) {
    List<Action> actions = new ArrayList<>(last);
    actions.add(new Action.StopTimers());
    actions.add(new Action.Close());
    actions.add(new Action.Down(cause));
    return retry(established.failures() + 1, actions, cause);
  }

  private Transition retry(int failures, List<Action> before, String reason) {
    return switch (lane) {
      case ACCEPTED -> new Transition(new Active(0), before, reason);
      case DIALED -> {
        List<Action> actions = new ArrayList<>(before);
        actions.add(new Action.StartTimer(Timer.IDLE_HOLD, backoff(failures)));
        yield new Transition(new Idle(Until.RETRY, failures), actions, reason);
      }
    };
  }

  private Transition yieldToOtherLane(List<Action> last) {
    List<Action> actions = new ArrayList<>(last);
    actions.add(new Action.StopTimers());
    actions.add(new Action.Close());
    State next =
        switch (lane) {
          case DIALED -> new Idle(Until.OTHER_LANE_DOWN, 0);
          case ACCEPTED -> new Active(0);
        };
    return new Transition(next, actions, "the other connection won");
  }

  /** Whether both sides set the N bit (RFC 8538 section 2); this side does with every restart. */
  private boolean notificationsKeepRoutes(Negotiated negotiated) {
    return config.restart() instanceof SessionConfig.Restart.On
        && negotiated.peerRestart() instanceof Negotiated.PeerRestart.On peer
        && peer.notifications();
  }

  private static Transition stop(List<Action> last, Farewell farewell) {
    List<Action> actions = new ArrayList<>(last);
    actions.add(new Action.StopTimers());
    actions.add(new Action.Close());
    return new Transition(Idle.STOPPED, actions, farewell.words());
  }

  private static Transition ignore(State state) {
    return new Transition(state, List.of(), "ignored");
  }

  private Transition keepalive(State next, Negotiated negotiated) {
    List<Action> actions = new ArrayList<>();
    actions.add(new Action.Send(Keepalive.KEEPALIVE));
    restartKeepalive(negotiated, actions);
    return new Transition(next, actions, "keepalive");
  }

  private static void restartHold(Negotiated negotiated, List<Action> actions) {
    if (negotiated.holdSeconds() > 0) {
      actions.add(new Action.StartTimer(Timer.HOLD, Duration.ofSeconds(negotiated.holdSeconds())));
    }
  }

  private void restartKeepalive(Negotiated negotiated, List<Action> actions) {
    if (negotiated.keepAliveSeconds() > 0) {
      Duration interval = Duration.ofSeconds(negotiated.keepAliveSeconds());
      actions.add(new Action.StartTimer(Timer.KEEPALIVE, jitter.apply(interval)));
    }
  }

  private Duration backoff(int failures) {
    return jitter.apply(Backoff.after(failures, config.connectRetry()));
  }

  private static List<Action> send(Notification notification) {
    return List.of(new Action.Send(notification));
  }

  private static String holdExpired(Negotiated negotiated) {
    return "no message for " + negotiated.holdSeconds() + " s (hold timer expired)";
  }

  private static String unexpected(SessionEvent event, State state) {
    String what =
        event instanceof Received(var message)
            ? message.getClass().getSimpleName()
            : event.getClass().getSimpleName();
    return "unexpected " + what + " in state " + state.text();
  }
}

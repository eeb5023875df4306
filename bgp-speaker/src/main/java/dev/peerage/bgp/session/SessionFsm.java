package dev.peerage.bgp.session;

import dev.peerage.bgp.session.SessionEvent.AutomaticStart;
import dev.peerage.bgp.session.SessionEvent.AutomaticStop;
import dev.peerage.bgp.session.SessionEvent.LimitExceeded;
import dev.peerage.bgp.session.SessionEvent.ManualStart;
import dev.peerage.bgp.session.SessionEvent.ManualStop;
import dev.peerage.bgp.session.SessionEvent.MessageError;
import dev.peerage.bgp.session.SessionEvent.OpenCollisionDump;
import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.SendHoldExpired;
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
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
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
 * The FSMs of incoming connections have no Connect: they wait in Active, and return there. A dial
 * that fails leads to Active and not, as the RFC has it, to Idle: people read Idle as "not wanted".
 * A NOTIFICATION is never answered with a NOTIFICATION, in no state.
 */
public final class SessionFsm {
  private final SessionConfig config;
  private final Direction direction;
  private final Transitions transitions;
  private final EstablishedFsm established;

  SessionFsm(SessionConfig config, Direction direction, Jitter jitter) {
    this.config = config;
    this.direction = direction;
    this.transitions = new Transitions(config, direction, jitter);
    this.established = new EstablishedFsm(transitions);
  }

  /** What the event leads to. Never throws. */
  public Transition on(State state, SessionEvent event) {
    return switch (state) {
      case State any when event instanceof LimitExceeded exceeded ->
          transitions.pause(any, exceeded);
      case Established up -> established.on(up, event);
      // They belong to a session that is over.
      case State over when event instanceof Superseded || event instanceof SendHoldExpired ->
          transitions.ignore(over);
      case Idle idle -> onIdle(idle, event);
      case Connect connect -> onConnect(connect, event);
      case Active active -> onActive(active, event);
      case OpenSent openSent -> onOpenSent(openSent, event);
      case OpenConfirm openConfirm -> onOpenConfirm(openConfirm, event);
    };
  }

  private Transition onIdle(Idle idle, SessionEvent event) {
    return switch (event) {
      case ManualStart _ when idle.until() == Until.STARTED || idle.until() == Until.PAUSED ->
          transitions.start();
      case ManualStop stop ->
          new Transition(Idle.STOPPED, List.of(new Action.StopTimers()), stop.reason().words());
      case AutomaticStart _ when idle.until() == Until.OTHER_CONNECTION_DOWN ->
          transitions.retry(
              idle.failures(), idle.parameters(), List.of(), "the other connection is gone");
      case TimerExpired(var timer) when timer == Timer.IDLE_HOLD && idle.until() == Until.RETRY ->
          transitions.dial(idle.failures(), idle.parameters(), List.of(), "tries again");
      case AutomaticStop _ when idle.until() == Until.RETRY ->
          transitions.retry(idle.failures(), idle.parameters(), List.of(), "waits once more");
      case OpenCollisionDump _ when idle.until() == Until.RETRY ->
          new Transition(
              new Idle(Until.OTHER_CONNECTION_DOWN, 0),
              List.of(new Action.StopTimers()),
              "the other connection is up");
      case TcpConnected _ ->
          new Transition(idle, List.of(new Action.Close()), "no connection is wanted");
      default -> transitions.ignore(idle);
    };
  }

  private Transition onConnect(Connect connect, SessionEvent event) {
    int failures = connect.failures();
    OptionalParameters parameters = connect.parameters();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> transitions.ignore(connect);
      case ManualStop stop -> transitions.stop(List.of(), stop.reason());
      case TimerExpired(var timer) when timer == Timer.CONNECT_RETRY ->
          transitions.dial(
              failures + 1,
              parameters,
              List.of(new Action.Close(), new Action.Report("no answer to the dial")),
              "no answer to the dial");
      case TcpConnected _ -> transitions.open(failures, parameters);
      case TcpFailed(var cause) ->
          transitions.waitForRetry(failures + 1, parameters, List.of(), cause);
      case OpenCollisionDump _ -> transitions.yieldToOtherConnection(List.of());
      case AutomaticStop(_, var reason) ->
          transitions.fail(failures, parameters, List.of(), reason);
      default ->
          transitions.fail(failures, parameters, List.of(), Transitions.unexpected(event, connect));
    };
  }

  private Transition onActive(Active active, SessionEvent event) {
    int failures = active.failures();
    OptionalParameters parameters = active.parameters();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> transitions.ignore(active);
      case ManualStop stop -> transitions.stop(List.of(), stop.reason());
      case TimerExpired(var timer) when timer == Timer.CONNECT_RETRY && direction.dials() ->
          transitions.dial(failures, parameters, List.of(), "tries again");
      case TcpConnected _ -> transitions.open(failures, parameters);
      case OpenCollisionDump _, AutomaticStop _ when !direction.dials() ->
          transitions.ignore(active);
      case OpenCollisionDump _ -> transitions.yieldToOtherConnection(List.of());
      case AutomaticStop(_, var reason) ->
          transitions.fail(failures, parameters, List.of(), reason);
      default ->
          transitions.fail(failures, parameters, List.of(), Transitions.unexpected(event, active));
    };
  }

  private Transition onOpenSent(OpenSent openSent, SessionEvent event) {
    int failures = openSent.failures();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> transitions.ignore(openSent);
      case ManualStop stop -> transitions.stop(Notifications.of(stop, false), stop.reason());
      case AutomaticStop(var cease, var reason) -> answered(failures, cease, reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          answered(failures, Notifications.HOLD_TIMER_EXPIRED, "no OPEN within 4 minutes");
      case TcpFailed(var cause) ->
          transitions.waitForRetry(
              failures + 1,
              OptionalParameters.ALL,
              List.of(new Action.StopTimers(), new Action.Close()),
              cause);
      case Received(Open open) -> onOpen(openSent, open);
      case Received(Notification notification) ->
          refused(failures, after(openSent.parameters(), notification), notification);
      case MessageError(var answer, var cause) -> answered(failures, answer, cause);
      case OpenCollisionDump _ ->
          transitions.yieldToOtherConnection(Notifications.send(Notifications.COLLISION));
      default ->
          answered(
              failures,
              Notifications.unexpected(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT, event),
              Transitions.unexpected(event, openSent));
    };
  }

  private Transition onOpen(OpenSent openSent, Open open) {
    return switch (Negotiation.of(config, openSent.parameters(), open)) {
      case Negotiation.Refused(var answer, var cause) ->
          answered(openSent.failures(), answer, cause);
      case Negotiation.Agreed(var negotiated) -> {
        List<Action> actions = new ArrayList<>();
        actions.add(new Action.Agree(negotiated));
        actions.add(new Action.Send(Keepalive.KEEPALIVE));
        actions.add(new Action.StopTimer(Timer.HOLD));
        Transitions.restartHold(negotiated, actions);
        transitions.restartKeepalive(negotiated, actions);
        yield new Transition(
            new OpenConfirm(openSent.failures(), negotiated), actions, "the OPENs agree");
      }
    };
  }

  private Transition onOpenConfirm(OpenConfirm openConfirm, SessionEvent event) {
    int failures = openConfirm.failures();
    Negotiated negotiated = openConfirm.negotiated();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> transitions.ignore(openConfirm);
      case ManualStop stop -> transitions.stop(Notifications.of(stop, false), stop.reason());
      case AutomaticStop(var cease, var reason) -> answered(failures, cease, reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          answered(failures, Notifications.HOLD_TIMER_EXPIRED, Transitions.holdExpired(negotiated));
      case TimerExpired(var timer) when timer == Timer.KEEPALIVE ->
          transitions.keepalive(openConfirm, negotiated);
      case TcpFailed(var cause) ->
          transitions.fail(failures, OptionalParameters.ALL, List.of(), cause);
      case Received(Keepalive _) -> {
        List<Action> actions = new ArrayList<>();
        Transitions.restartHold(negotiated, actions);
        transitions.startSendHoldTimer(negotiated, actions);
        actions.add(new Action.Up(negotiated));
        // Without keepalives nothing later tells that the session lasts.
        int counted = negotiated.keepAliveSeconds() == 0 ? 0 : failures;
        yield new Transition(new Established(counted, negotiated), actions, "established");
      }
      case Received(Notification notification) ->
          refused(failures, after(negotiated.parameters(), notification), notification);
      case MessageError(var answer, var cause) -> answered(failures, answer, cause);
      case OpenCollisionDump _ ->
          transitions.yieldToOtherConnection(Notifications.send(Notifications.COLLISION));
      default ->
          answered(
              failures,
              Notifications.unexpected(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM, event),
              Transitions.unexpected(event, openConfirm));
    };
  }

  private Transition answered(int failures, Notification answer, String cause) {
    return transitions.fail(failures, OptionalParameters.ALL, Notifications.send(answer), cause);
  }

  private Transition refused(int failures, OptionalParameters next, Notification notification) {
    String cause = Notifications.received(notification);
    return transitions.fail(
        failures,
        next,
        List.of(),
        next == OptionalParameters.NONE ? cause + "; the next OPEN has no capabilities" : cause);
  }

  /** RFC 5492 section 3: a peer that knows no capabilities gets one OPEN without. */
  private OptionalParameters after(OptionalParameters made, Notification notification) {
    return made == OptionalParameters.ALL
            && notification.is(NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER)
            && config.families().contains(AddressFamily.IPV4_UNICAST)
        ? OptionalParameters.NONE
        : OptionalParameters.ALL;
  }
}

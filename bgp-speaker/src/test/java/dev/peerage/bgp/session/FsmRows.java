package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CEASE;
import static dev.peerage.bgp.session.Sessions.NEGOTIATED;
import static dev.peerage.bgp.session.Sessions.OWN_OPEN;
import static dev.peerage.bgp.session.Sessions.PEER_OPEN;
import static dev.peerage.bgp.session.Sessions.REFRESH;
import static dev.peerage.bgp.session.Sessions.UPDATE;
import static dev.peerage.bgp.session.Sessions.WRONG_ASN;
import static dev.peerage.bgp.session.Sessions.notification;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.session.Action.Close;
import dev.peerage.bgp.session.Action.Down;
import dev.peerage.bgp.session.Action.Report;
import dev.peerage.bgp.session.Action.Send;
import dev.peerage.bgp.session.Action.StartTimer;
import dev.peerage.bgp.session.Action.StopTimer;
import dev.peerage.bgp.session.Action.StopTimers;
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
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.MessageType;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.provider.Arguments;

/** States, events and actions of the tables of {@link SessionFsmTest}, and how a row is written. */
final class FsmRows {
  static final Idle STOPPED = Idle.STOPPED;
  static final Idle RETRYING = new Idle(Until.RETRY, 2);
  static final Idle PARKED = new Idle(Until.OTHER_CONNECTION_DOWN, 0);
  static final Idle PAUSED = new Idle(Until.PAUSED, 0);
  static final Connect CONNECT = new Connect(0, OptionalParameters.ALL);
  static final Active ACTIVE = new Active(2);
  static final OpenSent OPEN_SENT = new OpenSent(0, OptionalParameters.ALL);
  static final OpenConfirm OPEN_CONFIRM = new OpenConfirm(0, NEGOTIATED);
  static final Established ESTABLISHED = new Established(0, NEGOTIATED);

  static final ManualStart MANUAL_START = new ManualStart();
  static final ManualStop MANUAL_STOP = new ManualStop(StopReason.SHUTDOWN);
  static final AutomaticStart AUTOMATIC_START = new AutomaticStart();
  static final AutomaticStop AUTOMATIC_STOP =
      new AutomaticStop(notification(NotificationCode.OUT_OF_RESOURCES), "too much");
  static final LimitExceeded TOO_MUCH =
      new LimitExceeded(
          notification(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED),
          "too much",
          Duration.ofMinutes(1));
  static final TimerExpired CONNECT_RETRY = new TimerExpired(Timer.CONNECT_RETRY);
  static final TimerExpired HOLD_EXPIRED = new TimerExpired(Timer.HOLD);
  static final TimerExpired KEEPALIVE_EXPIRED = new TimerExpired(Timer.KEEPALIVE);
  static final TimerExpired IDLE_HOLD = new TimerExpired(Timer.IDLE_HOLD);
  static final TcpConnected TCP_CONNECTED = new TcpConnected();
  static final TcpFailed TCP_FAILED = new TcpFailed("connection reset by peer");
  static final Received OPEN = new Received(PEER_OPEN);
  static final Received BAD_OPEN = new Received(WRONG_ASN);
  static final MessageError BAD_MESSAGE =
      new MessageError(notification(NotificationCode.BAD_MESSAGE_LENGTH), "length 5");
  static final OpenCollisionDump DUMP = new OpenCollisionDump();
  static final Received VERSION_REFUSED =
      new Received(notification(NotificationCode.UNSUPPORTED_VERSION_NUMBER));
  static final Received NOTIFIED = new Received(CEASE);
  static final Received KEPT_ALIVE = new Received(Keepalive.KEEPALIVE);
  static final Received UPDATED = new Received(UPDATE);
  static final Received REFRESHED = new Received(REFRESH);
  static final SendHoldExpired SEND_HOLD = new SendHoldExpired();
  static final Superseded SUPERSEDED = new Superseded();

  /** All events of the tables; that none is forgotten is checked below. */
  static final List<SessionEvent> EVENTS =
      List.of(
          MANUAL_START,
          MANUAL_STOP,
          AUTOMATIC_START,
          AUTOMATIC_STOP,
          TOO_MUCH,
          CONNECT_RETRY,
          HOLD_EXPIRED,
          KEEPALIVE_EXPIRED,
          IDLE_HOLD,
          TCP_CONNECTED,
          TCP_FAILED,
          OPEN,
          BAD_OPEN,
          BAD_MESSAGE,
          DUMP,
          VERSION_REFUSED,
          NOTIFIED,
          KEPT_ALIVE,
          UPDATED,
          REFRESHED,
          SEND_HOLD,
          SUPERSEDED);

  static final Send KEEPALIVE = new Send(Keepalive.KEEPALIVE);
  static final StartTimer HOLD = timer(Timer.HOLD, 9);
  static final StartTimer NEXT_KEEPALIVE = timer(Timer.KEEPALIVE, 3);
  static final StartTimer DIAL_LIMIT = timer(Timer.CONNECT_RETRY, 10);
  static final StopTimers STOP_TIMERS = new StopTimers();
  static final Close CLOSE = new Close();
  static final Action[] OPENING = {
    new StopTimer(Timer.CONNECT_RETRY), new Send(OWN_OPEN), timer(Timer.HOLD, 240)
  };
  static final String RECEIVED_CEASE = "received NOTIFICATION Cease/Administrative Shutdown (6/2)";
  static final String RECEIVED_VERSION =
      "received NOTIFICATION OPEN Message Error/Unsupported Version Number (2/1)";

  private FsmRows() {}

  /** The peer sent too much: a pause, in which nothing is wanted of it. */
  static Arguments paused(State state, Action... first) {
    List<Action> actions = new ArrayList<>(List.of(first));
    actions.addAll(List.of(STOP_TIMERS, CLOSE, timer(Timer.IDLE_HOLD, 60)));
    if (state instanceof Established) {
      actions.add(new Down("too much", Set.of()));
    }
    return arguments("event 8, too much", state, TOO_MUCH, PAUSED, actions);
  }

  static Arguments row(
      String clause, State state, SessionEvent event, State next, Action... actions) {
    return arguments(clause, state, event, next, List.of(actions));
  }

  static Arguments failed(
      String clause, State state, SessionEvent event, String report, Action... first) {
    int failures =
        switch (state) {
          case Active(var count, _) -> count + 1;
          default -> 1;
        };
    List<Action> actions = new ArrayList<>(List.of(first));
    actions.addAll(List.of(STOP_TIMERS, CLOSE, new Report(report)));
    actions.add(timer(Timer.IDLE_HOLD, 1 << failures - 1));
    return arguments(clause, state, event, new Idle(Until.RETRY, failures), actions);
  }

  static Arguments unexpected(String clause, State state, SessionEvent event, Action... first) {
    String what =
        event instanceof Received(var message)
            ? message.getClass().getSimpleName()
            : event.getClass().getSimpleName();
    return failed(clause, state, event, "unexpected " + what + " in state " + state.text(), first);
  }

  static Arguments dropped(String clause, SessionEvent event, String reason, Action... first) {
    List<Action> actions = new ArrayList<>(List.of(first));
    actions.addAll(List.of(STOP_TIMERS, CLOSE, new Down(reason, Set.of())));
    actions.add(timer(Timer.IDLE_HOLD, 1));
    return arguments(clause, ESTABLISHED, event, new Idle(Until.RETRY, 1), actions);
  }

  static StartTimer timer(Timer timer, int seconds) {
    return new StartTimer(timer, Duration.ofSeconds(seconds));
  }

  static Send send(NotificationCode code) {
    return new Send(notification(code));
  }

  /** The answer to a message of this type (RFC 6608 section 3). */
  static Send send(NotificationCode code, MessageType type) {
    return new Send(Notification.of(code, Bytes.of(new byte[] {(byte) type.code()})));
  }
}

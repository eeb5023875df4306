package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.FsmRows.AUTOMATIC_START;
import static dev.peerage.bgp.session.FsmRows.AUTOMATIC_STOP;
import static dev.peerage.bgp.session.FsmRows.BAD_MESSAGE;
import static dev.peerage.bgp.session.FsmRows.BAD_OPEN;
import static dev.peerage.bgp.session.FsmRows.CLOSE;
import static dev.peerage.bgp.session.FsmRows.CONNECT_RETRY;
import static dev.peerage.bgp.session.FsmRows.DUMP;
import static dev.peerage.bgp.session.FsmRows.ESTABLISHED;
import static dev.peerage.bgp.session.FsmRows.HOLD;
import static dev.peerage.bgp.session.FsmRows.HOLD_EXPIRED;
import static dev.peerage.bgp.session.FsmRows.IDLE_HOLD;
import static dev.peerage.bgp.session.FsmRows.KEEPALIVE;
import static dev.peerage.bgp.session.FsmRows.KEEPALIVE_EXPIRED;
import static dev.peerage.bgp.session.FsmRows.KEPT_ALIVE;
import static dev.peerage.bgp.session.FsmRows.MANUAL_START;
import static dev.peerage.bgp.session.FsmRows.MANUAL_STOP;
import static dev.peerage.bgp.session.FsmRows.NEXT_KEEPALIVE;
import static dev.peerage.bgp.session.FsmRows.NOTIFIED;
import static dev.peerage.bgp.session.FsmRows.OPEN;
import static dev.peerage.bgp.session.FsmRows.OPEN_CONFIRM;
import static dev.peerage.bgp.session.FsmRows.OPEN_SENT;
import static dev.peerage.bgp.session.FsmRows.PARKED;
import static dev.peerage.bgp.session.FsmRows.RECEIVED_CEASE;
import static dev.peerage.bgp.session.FsmRows.RECEIVED_VERSION;
import static dev.peerage.bgp.session.FsmRows.REFRESHED;
import static dev.peerage.bgp.session.FsmRows.SEND_HOLD;
import static dev.peerage.bgp.session.FsmRows.STOPPED;
import static dev.peerage.bgp.session.FsmRows.STOP_TIMERS;
import static dev.peerage.bgp.session.FsmRows.SUPERSEDED;
import static dev.peerage.bgp.session.FsmRows.TCP_CONNECTED;
import static dev.peerage.bgp.session.FsmRows.TCP_FAILED;
import static dev.peerage.bgp.session.FsmRows.UPDATED;
import static dev.peerage.bgp.session.FsmRows.VERSION_REFUSED;
import static dev.peerage.bgp.session.FsmRows.dropped;
import static dev.peerage.bgp.session.FsmRows.failed;
import static dev.peerage.bgp.session.FsmRows.row;
import static dev.peerage.bgp.session.FsmRows.send;
import static dev.peerage.bgp.session.FsmRows.timer;
import static dev.peerage.bgp.session.FsmRows.unexpected;
import static dev.peerage.bgp.session.Sessions.NEGOTIATED;
import static dev.peerage.bgp.session.Sessions.REFRESH;
import static dev.peerage.bgp.session.Sessions.UPDATE;

import dev.peerage.bgp.session.Action.Abort;
import dev.peerage.bgp.session.Action.Agree;
import dev.peerage.bgp.session.Action.Deliver;
import dev.peerage.bgp.session.Action.Down;
import dev.peerage.bgp.session.Action.Refresh;
import dev.peerage.bgp.session.Action.Report;
import dev.peerage.bgp.session.Action.Send;
import dev.peerage.bgp.session.Action.StartSendHoldTimer;
import dev.peerage.bgp.session.Action.StopTimer;
import dev.peerage.bgp.session.Action.Up;
import dev.peerage.bgp.session.State.Active;
import dev.peerage.bgp.session.State.Established;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.wire.MessageType;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** RFC 4271 section 8.2.2, the states with a connection: OpenSent, OpenConfirm, Established. */
final class ConnectedRows {
  private ConnectedRows() {}

  static Stream<Arguments> openSent() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT;
    return Stream.of(
        FsmRows.paused(OPEN_SENT, send(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)),
        row("events 1, 3 to 7", OPEN_SENT, MANUAL_START, OPEN_SENT),
        row(
            "event 2",
            OPEN_SENT,
            MANUAL_STOP,
            STOPPED,
            send(NotificationCode.ADMINISTRATIVE_SHUTDOWN),
            STOP_TIMERS,
            CLOSE),
        row("events 1, 3 to 7", OPEN_SENT, AUTOMATIC_START, OPEN_SENT),
        failed(
            "event 8",
            OPEN_SENT,
            AUTOMATIC_STOP,
            "too much",
            send(NotificationCode.OUT_OF_RESOURCES)),
        unexpected(
            "event 9, RFC 6608 (5,0)", OPEN_SENT, CONNECT_RETRY, send(NotificationCode.FSM_ERROR)),
        failed(
            "event 10",
            OPEN_SENT,
            HOLD_EXPIRED,
            "no OPEN within 4 minutes",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        unexpected(
            "event 11, RFC 6608 (5,0)",
            OPEN_SENT,
            KEEPALIVE_EXPIRED,
            send(NotificationCode.FSM_ERROR)),
        unexpected(
            "event 13, RFC 6608 (5,0)", OPEN_SENT, IDLE_HOLD, send(NotificationCode.FSM_ERROR)),
        unexpected(
            "events 16, 17: another connection's",
            OPEN_SENT,
            TCP_CONNECTED,
            send(NotificationCode.FSM_ERROR)),
        row(
            "event 18",
            OPEN_SENT,
            TCP_FAILED,
            new Active(1),
            STOP_TIMERS,
            CLOSE,
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 1)),
        row(
            "event 19",
            OPEN_SENT,
            OPEN,
            OPEN_CONFIRM,
            new Agree(NEGOTIATED),
            KEEPALIVE,
            new StopTimer(Timer.HOLD),
            HOLD,
            NEXT_KEEPALIVE),
        failed(
            "event 22, §6.2 (2,2)",
            OPEN_SENT,
            BAD_OPEN,
            "peer announces AS 65009, expected is 65000",
            new Send(Sessions.badPeerAs(65009))),
        failed(
            "events 21, 22, 28",
            OPEN_SENT,
            BAD_MESSAGE,
            "length 5",
            send(NotificationCode.BAD_MESSAGE_LENGTH)),
        row(
            "event 23, Cease/7",
            OPEN_SENT,
            DUMP,
            PARKED,
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        failed("event 24", OPEN_SENT, VERSION_REFUSED, RECEIVED_VERSION),
        failed("event 25: not answered", OPEN_SENT, NOTIFIED, RECEIVED_CEASE),
        unexpected(
            "event 26, RFC 6608 (5,1)", OPEN_SENT, KEPT_ALIVE, send(answer, MessageType.KEEPALIVE)),
        unexpected(
            "event 27, RFC 6608 (5,1)", OPEN_SENT, UPDATED, send(answer, MessageType.UPDATE)),
        unexpected(
            "RFC 2918, RFC 6608 (5,1)",
            OPEN_SENT,
            REFRESHED,
            send(answer, MessageType.ROUTE_REFRESH)),
        row("event 29", OPEN_SENT, SEND_HOLD, OPEN_SENT),
        row("RFC 4724 §4.2", OPEN_SENT, SUPERSEDED, OPEN_SENT));
  }

  static Stream<Arguments> openConfirm() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM;
    return Stream.of(
        FsmRows.paused(OPEN_CONFIRM, send(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)),
        row("events 1, 3 to 7", OPEN_CONFIRM, MANUAL_START, OPEN_CONFIRM),
        row(
            "event 2",
            OPEN_CONFIRM,
            MANUAL_STOP,
            STOPPED,
            send(NotificationCode.ADMINISTRATIVE_SHUTDOWN),
            STOP_TIMERS,
            CLOSE),
        row("events 1, 3 to 7", OPEN_CONFIRM, AUTOMATIC_START, OPEN_CONFIRM),
        failed(
            "event 8",
            OPEN_CONFIRM,
            AUTOMATIC_STOP,
            "too much",
            send(NotificationCode.OUT_OF_RESOURCES)),
        unexpected(
            "event 9, RFC 6608 (5,0)",
            OPEN_CONFIRM,
            CONNECT_RETRY,
            send(NotificationCode.FSM_ERROR)),
        failed(
            "event 10",
            OPEN_CONFIRM,
            HOLD_EXPIRED,
            "no message for 9 s (hold timer expired)",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        row("event 11", OPEN_CONFIRM, KEEPALIVE_EXPIRED, OPEN_CONFIRM, KEEPALIVE, NEXT_KEEPALIVE),
        unexpected(
            "event 13, RFC 6608 (5,0)", OPEN_CONFIRM, IDLE_HOLD, send(NotificationCode.FSM_ERROR)),
        unexpected(
            "events 16, 17: another connection's",
            OPEN_CONFIRM,
            TCP_CONNECTED,
            send(NotificationCode.FSM_ERROR)),
        failed("event 18", OPEN_CONFIRM, TCP_FAILED, "connection reset by peer"),
        unexpected("event 19, RFC 6608 (5,2)", OPEN_CONFIRM, OPEN, send(answer, MessageType.OPEN)),
        unexpected(
            "event 22, RFC 6608 (5,2)", OPEN_CONFIRM, BAD_OPEN, send(answer, MessageType.OPEN)),
        failed(
            "events 21, 22, 28",
            OPEN_CONFIRM,
            BAD_MESSAGE,
            "length 5",
            send(NotificationCode.BAD_MESSAGE_LENGTH)),
        row(
            "event 23, Cease/7",
            OPEN_CONFIRM,
            DUMP,
            PARKED,
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        failed("event 24", OPEN_CONFIRM, VERSION_REFUSED, RECEIVED_VERSION),
        failed("event 25", OPEN_CONFIRM, NOTIFIED, RECEIVED_CEASE),
        row(
            "event 26, RFC 9687 §4.3",
            OPEN_CONFIRM,
            KEPT_ALIVE,
            ESTABLISHED,
            HOLD,
            new StartSendHoldTimer(Duration.ofMinutes(8)),
            new Up(NEGOTIATED)),
        unexpected(
            "event 27, RFC 6608 (5,2)", OPEN_CONFIRM, UPDATED, send(answer, MessageType.UPDATE)),
        unexpected(
            "RFC 2918, RFC 6608 (5,2)",
            OPEN_CONFIRM,
            REFRESHED,
            send(answer, MessageType.ROUTE_REFRESH)),
        row("event 29", OPEN_CONFIRM, SEND_HOLD, OPEN_CONFIRM),
        row("RFC 4724 §4.2", OPEN_CONFIRM, SUPERSEDED, OPEN_CONFIRM));
  }

  static Stream<Arguments> established() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED;
    return Stream.of(
        FsmRows.paused(ESTABLISHED, send(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)),
        row("events 1, 3 to 7", ESTABLISHED, MANUAL_START, ESTABLISHED),
        row(
            "event 2",
            ESTABLISHED,
            MANUAL_STOP,
            STOPPED,
            send(NotificationCode.ADMINISTRATIVE_SHUTDOWN),
            STOP_TIMERS,
            CLOSE,
            new Down("shut down", Set.of())),
        row("events 1, 3 to 7", ESTABLISHED, AUTOMATIC_START, ESTABLISHED),
        dropped("event 8", AUTOMATIC_STOP, "too much", send(NotificationCode.OUT_OF_RESOURCES)),
        dropped(
            "event 9, RFC 6608 (5,0)",
            CONNECT_RETRY,
            "unexpected TimerExpired in state established",
            send(NotificationCode.FSM_ERROR)),
        dropped(
            "event 10",
            HOLD_EXPIRED,
            "no message for 9 s (hold timer expired)",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        row(
            "event 11; up for an interval",
            new Established(5, NEGOTIATED),
            KEEPALIVE_EXPIRED,
            ESTABLISHED,
            KEEPALIVE,
            NEXT_KEEPALIVE),
        dropped(
            "event 13, RFC 6608 (5,0)",
            IDLE_HOLD,
            "unexpected TimerExpired in state established",
            send(NotificationCode.FSM_ERROR)),
        dropped(
            "events 16, 17: another connection's",
            TCP_CONNECTED,
            "unexpected TcpConnected in state established",
            send(NotificationCode.FSM_ERROR)),
        dropped("event 18", TCP_FAILED, "connection reset by peer"),
        dropped(
            "event 19, RFC 6608 (5,3)",
            OPEN,
            "unexpected Open in state established",
            send(answer, MessageType.OPEN)),
        dropped(
            "event 22, RFC 6608 (5,3)",
            BAD_OPEN,
            "unexpected Open in state established",
            send(answer, MessageType.OPEN)),
        dropped(
            "events 21, 22, 28",
            BAD_MESSAGE,
            "length 5",
            send(NotificationCode.BAD_MESSAGE_LENGTH)),
        dropped(
            "event 23",
            DUMP,
            "the other connection won",
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION)),
        dropped("event 24", VERSION_REFUSED, RECEIVED_VERSION),
        dropped("event 25", NOTIFIED, RECEIVED_CEASE),
        row("event 26", ESTABLISHED, KEPT_ALIVE, ESTABLISHED, HOLD),
        row("event 27", ESTABLISHED, UPDATED, ESTABLISHED, HOLD, new Deliver(UPDATE)),
        row("RFC 2918", ESTABLISHED, REFRESHED, ESTABLISHED, new Refresh(REFRESH)),
        row(
            "event 29, RFC 9687 §4.3",
            ESTABLISHED,
            SEND_HOLD,
            new Idle(Until.RETRY, 1),
            send(NotificationCode.SEND_HOLD_TIMER_EXPIRED),
            STOP_TIMERS,
            new Abort(),
            new Down("the peer takes nothing: Send Hold Timer Expired (8/0)", Set.of()),
            timer(Timer.IDLE_HOLD, 1)),
        dropped("RFC 4724 §4.2", SUPERSEDED, "the peer restarted and connected anew"));
  }
}

package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.FsmRows.ACTIVE;
import static dev.peerage.bgp.session.FsmRows.AUTOMATIC_START;
import static dev.peerage.bgp.session.FsmRows.AUTOMATIC_STOP;
import static dev.peerage.bgp.session.FsmRows.BAD_MESSAGE;
import static dev.peerage.bgp.session.FsmRows.BAD_OPEN;
import static dev.peerage.bgp.session.FsmRows.CLOSE;
import static dev.peerage.bgp.session.FsmRows.CONNECT;
import static dev.peerage.bgp.session.FsmRows.CONNECT_RETRY;
import static dev.peerage.bgp.session.FsmRows.DIAL_LIMIT;
import static dev.peerage.bgp.session.FsmRows.DUMP;
import static dev.peerage.bgp.session.FsmRows.HOLD_EXPIRED;
import static dev.peerage.bgp.session.FsmRows.IDLE_HOLD;
import static dev.peerage.bgp.session.FsmRows.KEEPALIVE_EXPIRED;
import static dev.peerage.bgp.session.FsmRows.KEPT_ALIVE;
import static dev.peerage.bgp.session.FsmRows.MANUAL_START;
import static dev.peerage.bgp.session.FsmRows.MANUAL_STOP;
import static dev.peerage.bgp.session.FsmRows.NOTIFIED;
import static dev.peerage.bgp.session.FsmRows.OPEN;
import static dev.peerage.bgp.session.FsmRows.OPENING;
import static dev.peerage.bgp.session.FsmRows.PARKED;
import static dev.peerage.bgp.session.FsmRows.REFRESHED;
import static dev.peerage.bgp.session.FsmRows.RETRYING;
import static dev.peerage.bgp.session.FsmRows.SEND_HOLD;
import static dev.peerage.bgp.session.FsmRows.STOPPED;
import static dev.peerage.bgp.session.FsmRows.STOP_TIMERS;
import static dev.peerage.bgp.session.FsmRows.SUPERSEDED;
import static dev.peerage.bgp.session.FsmRows.TCP_CONNECTED;
import static dev.peerage.bgp.session.FsmRows.TCP_FAILED;
import static dev.peerage.bgp.session.FsmRows.UPDATED;
import static dev.peerage.bgp.session.FsmRows.VERSION_REFUSED;
import static dev.peerage.bgp.session.FsmRows.row;
import static dev.peerage.bgp.session.FsmRows.timer;
import static dev.peerage.bgp.session.FsmRows.unexpected;

import dev.peerage.bgp.session.Action.Dial;
import dev.peerage.bgp.session.Action.Report;
import dev.peerage.bgp.session.State.Active;
import dev.peerage.bgp.session.State.Connect;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.session.State.OpenSent;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** RFC 4271 section 8.2.2, the states before a connection: Idle, Connect, Active. */
final class UnconnectedRows {
  private UnconnectedRows() {}

  static Stream<Arguments> idle() {
    return Stream.of(
        row(
            "event 1",
            STOPPED,
            MANUAL_START,
            new Connect(0, OptionalParameters.ALL),
            DIAL_LIMIT,
            new Dial()),
        row("event 1, damped", RETRYING, MANUAL_START, RETRYING),
        row("event 1, other connection", PARKED, MANUAL_START, PARKED),
        row("event 2", STOPPED, MANUAL_STOP, STOPPED, STOP_TIMERS),
        row("event 2, damped", RETRYING, MANUAL_STOP, STOPPED, STOP_TIMERS),
        row("event 2, other connection", PARKED, MANUAL_STOP, STOPPED, STOP_TIMERS),
        row("event 3", STOPPED, AUTOMATIC_START, STOPPED),
        row("event 3, damped", RETRYING, AUTOMATIC_START, RETRYING),
        row(
            "event 3, other connection",
            PARKED,
            AUTOMATIC_START,
            new Idle(Until.RETRY, 0),
            timer(Timer.IDLE_HOLD, 1)),
        row("event 8", STOPPED, AUTOMATIC_STOP, STOPPED),
        row(
            "event 8, damped: waits once more",
            RETRYING,
            AUTOMATIC_STOP,
            RETRYING,
            timer(Timer.IDLE_HOLD, 2)),
        FsmRows.paused(STOPPED),
        FsmRows.paused(RETRYING),
        FsmRows.paused(PARKED),
        row(
            "event 1, paused",
            FsmRows.PAUSED,
            MANUAL_START,
            new Connect(0, OptionalParameters.ALL),
            DIAL_LIMIT,
            new Dial()),
        row("event 2, paused", FsmRows.PAUSED, MANUAL_STOP, STOPPED, STOP_TIMERS),
        row("event 3, paused", FsmRows.PAUSED, AUTOMATIC_START, FsmRows.PAUSED),
        row("events 16, 17: paused", FsmRows.PAUSED, TCP_CONNECTED, FsmRows.PAUSED, CLOSE),
        row("event 23, paused", FsmRows.PAUSED, DUMP, FsmRows.PAUSED),
        row("event 9", STOPPED, CONNECT_RETRY, STOPPED),
        row("event 10", STOPPED, HOLD_EXPIRED, STOPPED),
        row("event 11", STOPPED, KEEPALIVE_EXPIRED, STOPPED),
        row("event 13", STOPPED, IDLE_HOLD, STOPPED),
        row(
            "event 13, damped",
            RETRYING,
            IDLE_HOLD,
            new Connect(2, OptionalParameters.ALL),
            DIAL_LIMIT,
            new Dial()),
        row("event 13, other connection", PARKED, IDLE_HOLD, PARKED),
        row("events 16, 17: refused", STOPPED, TCP_CONNECTED, STOPPED, CLOSE),
        row("event 18", STOPPED, TCP_FAILED, STOPPED),
        row("event 19", STOPPED, OPEN, STOPPED),
        row("event 22", STOPPED, BAD_OPEN, STOPPED),
        row("events 21, 22, 28", STOPPED, BAD_MESSAGE, STOPPED),
        row("event 23", STOPPED, DUMP, STOPPED),
        row("event 23, damped: no dial beside a session", RETRYING, DUMP, PARKED, STOP_TIMERS),
        row("event 24", STOPPED, VERSION_REFUSED, STOPPED),
        row("event 25", STOPPED, NOTIFIED, STOPPED),
        row("event 26", STOPPED, KEPT_ALIVE, STOPPED),
        row("event 27", STOPPED, UPDATED, STOPPED),
        row("RFC 2918", STOPPED, REFRESHED, STOPPED),
        row("event 29", STOPPED, SEND_HOLD, STOPPED),
        row("RFC 4724 §4.2", STOPPED, SUPERSEDED, STOPPED));
  }

  static Stream<Arguments> connect() {
    return Stream.of(
        row("events 1, 3 to 7", CONNECT, MANUAL_START, CONNECT),
        row("event 2", CONNECT, MANUAL_STOP, STOPPED, STOP_TIMERS, CLOSE),
        row("events 1, 3 to 7", CONNECT, AUTOMATIC_START, CONNECT),
        FsmRows.failed("event 8", CONNECT, AUTOMATIC_STOP, "too much"),
        FsmRows.paused(CONNECT),
        row(
            "event 9",
            CONNECT,
            CONNECT_RETRY,
            new Connect(1, OptionalParameters.ALL),
            CLOSE,
            new Report("no answer to the dial"),
            DIAL_LIMIT,
            new Dial()),
        unexpected("event 10", CONNECT, HOLD_EXPIRED),
        unexpected("event 11", CONNECT, KEEPALIVE_EXPIRED),
        unexpected("event 13", CONNECT, IDLE_HOLD),
        row(
            "events 16, 17",
            new Connect(3, OptionalParameters.ALL),
            TCP_CONNECTED,
            new OpenSent(3, OptionalParameters.ALL),
            OPENING),
        row(
            "event 18: Active until the next dial",
            CONNECT,
            TCP_FAILED,
            new Active(1),
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 1)),
        row(
            "event 18, the fourth time: 8 s",
            new Connect(3, OptionalParameters.ALL),
            TCP_FAILED,
            new Active(4),
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 8)),
        row(
            "event 18, often: ConnectRetryTime",
            new Connect(40, OptionalParameters.ALL),
            TCP_FAILED,
            new Active(41),
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 120)),
        unexpected("event 19", CONNECT, OPEN),
        unexpected("event 22", CONNECT, BAD_OPEN),
        unexpected("events 21, 22, 28", CONNECT, BAD_MESSAGE),
        row("event 23", CONNECT, DUMP, PARKED, STOP_TIMERS, CLOSE),
        unexpected("event 24", CONNECT, VERSION_REFUSED),
        unexpected("event 25", CONNECT, NOTIFIED),
        unexpected("event 26", CONNECT, KEPT_ALIVE),
        unexpected("event 27", CONNECT, UPDATED),
        unexpected("RFC 2918", CONNECT, REFRESHED),
        row("event 29", CONNECT, SEND_HOLD, CONNECT),
        row("RFC 4724 §4.2", CONNECT, SUPERSEDED, CONNECT));
  }

  static Stream<Arguments> active() {
    return Stream.of(
        row("events 1, 3 to 7", ACTIVE, MANUAL_START, ACTIVE),
        row("event 2", ACTIVE, MANUAL_STOP, STOPPED, STOP_TIMERS, CLOSE),
        row("events 1, 3 to 7", ACTIVE, AUTOMATIC_START, ACTIVE),
        FsmRows.failed("event 8", ACTIVE, AUTOMATIC_STOP, "too much"),
        FsmRows.paused(ACTIVE),
        row(
            "event 9",
            ACTIVE,
            CONNECT_RETRY,
            new Connect(2, OptionalParameters.ALL),
            DIAL_LIMIT,
            new Dial()),
        unexpected("event 10", ACTIVE, HOLD_EXPIRED),
        unexpected("event 11", ACTIVE, KEEPALIVE_EXPIRED),
        unexpected("event 13", ACTIVE, IDLE_HOLD),
        row(
            "events 16, 17",
            ACTIVE,
            TCP_CONNECTED,
            new OpenSent(2, OptionalParameters.ALL),
            OPENING),
        unexpected("event 18", ACTIVE, TCP_FAILED),
        unexpected("event 19", ACTIVE, OPEN),
        unexpected("event 22", ACTIVE, BAD_OPEN),
        unexpected("events 21, 22, 28", ACTIVE, BAD_MESSAGE),
        row("event 23", ACTIVE, DUMP, PARKED, STOP_TIMERS, CLOSE),
        unexpected("event 24", ACTIVE, VERSION_REFUSED),
        unexpected("event 25", ACTIVE, NOTIFIED),
        unexpected("event 26", ACTIVE, KEPT_ALIVE),
        unexpected("event 27", ACTIVE, UPDATED),
        unexpected("RFC 2918", ACTIVE, REFRESHED),
        row("event 29", ACTIVE, SEND_HOLD, ACTIVE),
        row("RFC 4724 §4.2", ACTIVE, SUPERSEDED, ACTIVE));
  }
}

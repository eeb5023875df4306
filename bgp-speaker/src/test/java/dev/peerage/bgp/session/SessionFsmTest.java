package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CEASE;
import static dev.peerage.bgp.session.Sessions.CONFIG;
import static dev.peerage.bgp.session.Sessions.NEGOTIATED;
import static dev.peerage.bgp.session.Sessions.OWN_OPEN;
import static dev.peerage.bgp.session.Sessions.PEER_OPEN;
import static dev.peerage.bgp.session.Sessions.REFRESH;
import static dev.peerage.bgp.session.Sessions.UPDATE;
import static dev.peerage.bgp.session.Sessions.WRONG_ASN;
import static dev.peerage.bgp.session.Sessions.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.session.Action.Abort;
import dev.peerage.bgp.session.Action.Agree;
import dev.peerage.bgp.session.Action.Close;
import dev.peerage.bgp.session.Action.Deliver;
import dev.peerage.bgp.session.Action.Dial;
import dev.peerage.bgp.session.Action.Down;
import dev.peerage.bgp.session.Action.Refresh;
import dev.peerage.bgp.session.Action.Report;
import dev.peerage.bgp.session.Action.Send;
import dev.peerage.bgp.session.Action.StartSendHoldTimer;
import dev.peerage.bgp.session.Action.StartTimer;
import dev.peerage.bgp.session.Action.StopTimer;
import dev.peerage.bgp.session.Action.StopTimers;
import dev.peerage.bgp.session.Action.Up;
import dev.peerage.bgp.session.SessionEvent.AutomaticStart;
import dev.peerage.bgp.session.SessionEvent.AutomaticStop;
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
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 4271 section 8.2.2: every state with every event of section 8.1, in the order of their
 * numbers. Not implemented, and so without rows: the optional events 4 to 7 (passive and damped
 * starts are settings here), 12 and 20 (DelayOpen), 14 and 15 (the listener turns strangers away).
 */
class SessionFsmTest {
  private static final Idle STOPPED = Idle.STOPPED;
  private static final Idle RETRYING = new Idle(Until.RETRY, 2);
  private static final Idle PARKED = new Idle(Until.OTHER_CONNECTION_DOWN, 0);
  private static final Connect CONNECT = new Connect(0);
  private static final Active ACTIVE = new Active(2);
  private static final OpenSent OPEN_SENT = new OpenSent(0);
  private static final OpenConfirm OPEN_CONFIRM = new OpenConfirm(0, NEGOTIATED);
  private static final Established ESTABLISHED = new Established(0, NEGOTIATED);

  private static final ManualStart MANUAL_START = new ManualStart();
  private static final ManualStop MANUAL_STOP = new ManualStop(StopReason.SHUTDOWN);
  private static final AutomaticStart AUTOMATIC_START = new AutomaticStart();
  private static final AutomaticStop AUTOMATIC_STOP =
      new AutomaticStop(notification(NotificationCode.OUT_OF_RESOURCES), "too much");
  private static final TimerExpired CONNECT_RETRY = new TimerExpired(Timer.CONNECT_RETRY);
  private static final TimerExpired HOLD_EXPIRED = new TimerExpired(Timer.HOLD);
  private static final TimerExpired KEEPALIVE_EXPIRED = new TimerExpired(Timer.KEEPALIVE);
  private static final TimerExpired IDLE_HOLD = new TimerExpired(Timer.IDLE_HOLD);
  private static final TcpConnected TCP_CONNECTED = new TcpConnected();
  private static final TcpFailed TCP_FAILED = new TcpFailed("connection reset by peer");
  private static final Received OPEN = new Received(PEER_OPEN);
  private static final Received BAD_OPEN = new Received(WRONG_ASN);
  private static final MessageError BAD_MESSAGE =
      new MessageError(notification(NotificationCode.BAD_MESSAGE_LENGTH), "length 5");
  private static final OpenCollisionDump DUMP = new OpenCollisionDump();
  private static final Received VERSION_REFUSED =
      new Received(notification(NotificationCode.UNSUPPORTED_VERSION_NUMBER));
  private static final Received NOTIFIED = new Received(CEASE);
  private static final Received KEPT_ALIVE = new Received(Keepalive.KEEPALIVE);
  private static final Received UPDATED = new Received(UPDATE);
  private static final Received REFRESHED = new Received(REFRESH);
  private static final SendHoldExpired SEND_HOLD = new SendHoldExpired();
  private static final Superseded SUPERSEDED = new Superseded();

  /** All events of the tables; that none is forgotten is checked below. */
  private static final List<SessionEvent> EVENTS =
      List.of(
          MANUAL_START,
          MANUAL_STOP,
          AUTOMATIC_START,
          AUTOMATIC_STOP,
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

  private static final Send KEEPALIVE = new Send(Keepalive.KEEPALIVE);
  private static final StartTimer HOLD = timer(Timer.HOLD, 9);
  private static final StartTimer NEXT_KEEPALIVE = timer(Timer.KEEPALIVE, 3);
  private static final StartTimer DIAL_LIMIT = timer(Timer.CONNECT_RETRY, 10);
  private static final StopTimers STOP_TIMERS = new StopTimers();
  private static final Close CLOSE = new Close();
  private static final Action[] OPENING = {
    new StopTimer(Timer.CONNECT_RETRY), new Send(OWN_OPEN), timer(Timer.HOLD, 240)
  };
  private static final String RECEIVED_CEASE =
      "received NOTIFICATION Cease/Administrative Shutdown (6/2)";
  private static final String RECEIVED_VERSION =
      "received NOTIFICATION OPEN Message Error/Unsupported Version Number (2/1)";

  static Stream<Arguments> idle() {
    return Stream.of(
        row("event 1", STOPPED, MANUAL_START, new Connect(0), DIAL_LIMIT, new Dial()),
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
        row("event 9", STOPPED, CONNECT_RETRY, STOPPED),
        row("event 10", STOPPED, HOLD_EXPIRED, STOPPED),
        row("event 11", STOPPED, KEEPALIVE_EXPIRED, STOPPED),
        row("event 13", STOPPED, IDLE_HOLD, STOPPED),
        row("event 13, damped", RETRYING, IDLE_HOLD, new Connect(2), DIAL_LIMIT, new Dial()),
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
        unexpected("event 8", CONNECT, AUTOMATIC_STOP),
        row(
            "event 9",
            CONNECT,
            CONNECT_RETRY,
            new Connect(1),
            CLOSE,
            new Report("no answer to the dial"),
            DIAL_LIMIT,
            new Dial()),
        unexpected("event 10", CONNECT, HOLD_EXPIRED),
        unexpected("event 11", CONNECT, KEEPALIVE_EXPIRED),
        unexpected("event 13", CONNECT, IDLE_HOLD),
        row("events 16, 17", new Connect(3), TCP_CONNECTED, new OpenSent(3), OPENING),
        row(
            "event 18: Active until the next dial",
            CONNECT,
            TCP_FAILED,
            new Active(1),
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 1)),
        row(
            "event 18, the fourth time: 8 s",
            new Connect(3),
            TCP_FAILED,
            new Active(4),
            new Report("connection reset by peer"),
            timer(Timer.CONNECT_RETRY, 8)),
        row(
            "event 18, often: ConnectRetryTime",
            new Connect(40),
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
        unexpected("event 8", ACTIVE, AUTOMATIC_STOP),
        row("event 9", ACTIVE, CONNECT_RETRY, new Connect(2), DIAL_LIMIT, new Dial()),
        unexpected("event 10", ACTIVE, HOLD_EXPIRED),
        unexpected("event 11", ACTIVE, KEEPALIVE_EXPIRED),
        unexpected("event 13", ACTIVE, IDLE_HOLD),
        row("events 16, 17", ACTIVE, TCP_CONNECTED, new OpenSent(2), OPENING),
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

  static Stream<Arguments> openSent() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT;
    return Stream.of(
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
        unexpected("event 9, RFC 6608 (5,1)", OPEN_SENT, CONNECT_RETRY, send(answer)),
        failed(
            "event 10",
            OPEN_SENT,
            HOLD_EXPIRED,
            "no OPEN within 4 minutes",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        unexpected("event 11, RFC 6608 (5,1)", OPEN_SENT, KEEPALIVE_EXPIRED, send(answer)),
        unexpected("event 13, RFC 6608 (5,1)", OPEN_SENT, IDLE_HOLD, send(answer)),
        unexpected("events 16, 17: another connection's", OPEN_SENT, TCP_CONNECTED, send(answer)),
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
        unexpected("event 26, RFC 6608 (5,1)", OPEN_SENT, KEPT_ALIVE, send(answer)),
        unexpected("event 27, RFC 6608 (5,1)", OPEN_SENT, UPDATED, send(answer)),
        unexpected("RFC 2918, RFC 6608 (5,1)", OPEN_SENT, REFRESHED, send(answer)),
        row("event 29", OPEN_SENT, SEND_HOLD, OPEN_SENT),
        row("RFC 4724 §4.2", OPEN_SENT, SUPERSEDED, OPEN_SENT));
  }

  static Stream<Arguments> openConfirm() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM;
    return Stream.of(
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
        unexpected("event 9, RFC 6608 (5,2)", OPEN_CONFIRM, CONNECT_RETRY, send(answer)),
        failed(
            "event 10",
            OPEN_CONFIRM,
            HOLD_EXPIRED,
            "no message for 9 s (hold timer expired)",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        row("event 11", OPEN_CONFIRM, KEEPALIVE_EXPIRED, OPEN_CONFIRM, KEEPALIVE, NEXT_KEEPALIVE),
        unexpected("event 13, RFC 6608 (5,2)", OPEN_CONFIRM, IDLE_HOLD, send(answer)),
        unexpected(
            "events 16, 17: another connection's", OPEN_CONFIRM, TCP_CONNECTED, send(answer)),
        failed("event 18", OPEN_CONFIRM, TCP_FAILED, "connection reset by peer"),
        unexpected("event 19, RFC 6608 (5,2)", OPEN_CONFIRM, OPEN, send(answer)),
        unexpected("event 22, RFC 6608 (5,2)", OPEN_CONFIRM, BAD_OPEN, send(answer)),
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
        unexpected("event 27, RFC 6608 (5,2)", OPEN_CONFIRM, UPDATED, send(answer)),
        unexpected("RFC 2918, RFC 6608 (5,2)", OPEN_CONFIRM, REFRESHED, send(answer)),
        row("event 29", OPEN_CONFIRM, SEND_HOLD, OPEN_CONFIRM),
        row("RFC 4724 §4.2", OPEN_CONFIRM, SUPERSEDED, OPEN_CONFIRM));
  }

  static Stream<Arguments> established() {
    NotificationCode answer = NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED;
    return Stream.of(
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
            "event 9, RFC 6608 (5,3)",
            CONNECT_RETRY,
            "unexpected TimerExpired in state established",
            send(answer)),
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
            "event 13, RFC 6608 (5,3)",
            IDLE_HOLD,
            "unexpected TimerExpired in state established",
            send(answer)),
        dropped(
            "events 16, 17: another connection's",
            TCP_CONNECTED,
            "unexpected TcpConnected in state established",
            send(answer)),
        dropped("event 18", TCP_FAILED, "connection reset by peer"),
        dropped(
            "event 19, RFC 6608 (5,3)", OPEN, "unexpected Open in state established", send(answer)),
        dropped(
            "event 22, RFC 6608 (5,3)",
            BAD_OPEN,
            "unexpected Open in state established",
            send(answer)),
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

  @ParameterizedTest(name = "{0}: {1} on {2}")
  @MethodSource({"idle", "connect", "active", "openSent", "openConfirm", "established"})
  void dialedLane(
      String clause, State state, SessionEvent event, State next, List<Action> actions) {
    Transition transition =
        new SessionFsm(CONFIG, Direction.OUTGOING, Jitter.NONE).on(state, event);

    assertThat(transition.actions()).as(clause).isEqualTo(actions);
    assertThat(transition.next()).as(clause).isEqualTo(next);
    assertThat(transition.reason()).isNotEmpty();
  }

  @Test
  void noPairOfStateAndEventIsMissing() {
    Set<String> missing = new HashSet<>();
    for (Class<?> state : State.class.getPermittedSubclasses()) {
      EVENTS.forEach(event -> missing.add(state.getSimpleName() + " on " + event));
    }
    Stream.of(idle(), connect(), active(), openSent(), openConfirm(), established())
        .flatMap(rows -> rows)
        .map(Arguments::get)
        .forEach(row -> missing.remove(row[1].getClass().getSimpleName() + " on " + row[2]));

    assertThat(missing).isEmpty();
    assertThat(EVENTS.stream().map(Object::getClass).distinct())
        .as("every kind of event")
        .hasSameSizeAs(Arrays.asList(SessionEvent.class.getPermittedSubclasses()));
  }

  static Stream<Arguments> acceptedLane() {
    return Stream.of(
        row("event 1", STOPPED, MANUAL_START, new Active(0)),
        row("event 9: never dials", new Active(0), CONNECT_RETRY, new Active(0), acceptedFailure()),
        row("events 16, 17", new Active(0), TCP_CONNECTED, new OpenSent(0), OPENING),
        row("event 23", new Active(0), DUMP, new Active(0)),
        row(
            "event 23, Cease/7",
            OPEN_SENT,
            DUMP,
            new Active(0),
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        row(
            "event 18",
            OPEN_SENT,
            TCP_FAILED,
            new Active(1),
            STOP_TIMERS,
            CLOSE,
            new Report("connection reset by peer")),
        row(
            "event 18",
            ESTABLISHED,
            TCP_FAILED,
            new Active(0),
            STOP_TIMERS,
            CLOSE,
            new Down("connection reset by peer", Set.of())));
  }

  private static Action[] acceptedFailure() {
    return new Action[] {STOP_TIMERS, CLOSE, new Report("unexpected TimerExpired in state active")};
  }

  @ParameterizedTest(name = "{0}: {1} on {2}")
  @MethodSource
  void acceptedLane(
      String clause, State state, SessionEvent event, State next, List<Action> actions) {
    for (Direction direction : List.of(Direction.INCOMING, Direction.SECOND_INCOMING)) {
      Transition transition = new SessionFsm(CONFIG, direction, Jitter.NONE).on(state, event);

      assertThat(transition.actions()).as(clause).isEqualTo(actions);
      assertThat(transition.next()).as(clause).isEqualTo(next);
    }
  }

  @Test
  void withoutAHoldTimeNoTimerRuns() {
    Negotiated negotiated =
        Sessions.negotiated(
            new dev.peerage.bgp.wire.Open(65000, 0, Sessions.HIGH_ID, PEER_OPEN.capabilities()));
    SessionFsm fsm = new SessionFsm(CONFIG, Direction.OUTGOING, Jitter.NONE);

    // RFC 4271 section 4.4, RFC 9687 section 4.3
    assertThat(fsm.on(new OpenConfirm(3, negotiated), KEPT_ALIVE))
        .isEqualTo(
            new Transition(
                new Established(0, negotiated), List.of(new Up(negotiated)), "established"));
  }

  @Test
  void aLongHoldTimeMakesTheSendHoldTimeLonger() {
    SessionConfig patient = Sessions.withHold(CONFIG, 600);
    Negotiated negotiated =
        Sessions.agreed(
            patient,
            Offer.FULL,
            new dev.peerage.bgp.wire.Open(65000, 600, Sessions.HIGH_ID, PEER_OPEN.capabilities()));

    // RFC 9687 section 6: twice the hold time
    assertThat(
            new SessionFsm(patient, Direction.OUTGOING, Jitter.NONE)
                .on(new OpenConfirm(0, negotiated), KEPT_ALIVE)
                .actions())
        .contains(new StartSendHoldTimer(Duration.ofSeconds(1200)));
  }

  private static Arguments row(
      String clause, State state, SessionEvent event, State next, Action... actions) {
    return arguments(clause, state, event, next, List.of(actions));
  }

  private static Arguments failed(
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

  private static Arguments unexpected(
      String clause, State state, SessionEvent event, Action... first) {
    String what =
        event instanceof Received(var message)
            ? message.getClass().getSimpleName()
            : event.getClass().getSimpleName();
    return failed(clause, state, event, "unexpected " + what + " in state " + state.text(), first);
  }

  private static Arguments dropped(
      String clause, SessionEvent event, String reason, Action... first) {
    List<Action> actions = new ArrayList<>(List.of(first));
    actions.addAll(List.of(STOP_TIMERS, CLOSE, new Down(reason, Set.of())));
    actions.add(timer(Timer.IDLE_HOLD, 1));
    return arguments(clause, ESTABLISHED, event, new Idle(Until.RETRY, 1), actions);
  }

  private static StartTimer timer(Timer timer, int seconds) {
    return new StartTimer(timer, Duration.ofSeconds(seconds));
  }

  private static Send send(NotificationCode code) {
    return new Send(notification(code));
  }
}

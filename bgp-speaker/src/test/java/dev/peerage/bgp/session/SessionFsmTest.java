package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CEASE;
import static dev.peerage.bgp.session.Sessions.CONFIG;
import static dev.peerage.bgp.session.Sessions.NEGOTIATED;
import static dev.peerage.bgp.session.Sessions.OPEN;
import static dev.peerage.bgp.session.Sessions.OWN_OPEN;
import static dev.peerage.bgp.session.Sessions.PEER_OPEN;
import static dev.peerage.bgp.session.Sessions.REFRESH;
import static dev.peerage.bgp.session.Sessions.UPDATE;
import static dev.peerage.bgp.session.Sessions.WRONG_ASN;
import static dev.peerage.bgp.session.Sessions.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.session.Action.Agree;
import dev.peerage.bgp.session.Action.Close;
import dev.peerage.bgp.session.Action.Deliver;
import dev.peerage.bgp.session.Action.Dial;
import dev.peerage.bgp.session.Action.Down;
import dev.peerage.bgp.session.Action.Refresh;
import dev.peerage.bgp.session.Action.Report;
import dev.peerage.bgp.session.Action.Send;
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
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 4271 section 8.2.2, state by state, and RFC 6608. */
class SessionFsmTest {
  private static final Idle RETRYING = new Idle(Until.RETRY, 2);
  private static final Idle PARKED = new Idle(Until.OTHER_LANE_DOWN, 0);
  private static final Send KEEPALIVE = new Send(Keepalive.KEEPALIVE);
  private static final StartTimer HOLD = timer(Timer.HOLD, 9);
  private static final StartTimer NEXT_KEEPALIVE = timer(Timer.KEEPALIVE, 3);
  private static final StartTimer DIAL_LIMIT = timer(Timer.CONNECT_RETRY, 10);
  private static final StopTimers STOP_TIMERS = new StopTimers();
  private static final Close CLOSE = new Close();
  private static final TcpFailed RESET = new TcpFailed("connection reset by peer");
  private static final Report RESET_REPORT = new Report("connection reset by peer");
  private static final AutomaticStop GIVE_UP =
      new AutomaticStop(notification(NotificationCode.OUT_OF_RESOURCES), "too much");
  private static final MessageError BAD_LENGTH =
      new MessageError(notification(NotificationCode.BAD_MESSAGE_LENGTH), "length 5");
  private static final String SHUT_DOWN = "shut down";

  static Stream<Arguments> dialedLane() {
    return Stream.of(
        // Idle
        row(Idle.STOPPED, new ManualStart(), new Connect(0), DIAL_LIMIT, new Dial()),
        row(Idle.STOPPED, new TcpConnected(), Idle.STOPPED, CLOSE),
        row(Idle.STOPPED, new AutomaticStart(), Idle.STOPPED),
        row(Idle.STOPPED, expired(Timer.IDLE_HOLD), Idle.STOPPED),
        row(Idle.STOPPED, new Received(OPEN), Idle.STOPPED),
        row(Idle.STOPPED, RESET, Idle.STOPPED),
        row(RETRYING, expired(Timer.IDLE_HOLD), new Connect(2), DIAL_LIMIT, new Dial()),
        row(RETRYING, new ManualStop(Farewell.SHUTDOWN), Idle.STOPPED, STOP_TIMERS),
        row(RETRYING, new OpenCollisionDump(), PARKED, STOP_TIMERS),
        row(RETRYING, new ManualStart(), RETRYING),
        row(PARKED, new AutomaticStart(), new Idle(Until.RETRY, 0), timer(Timer.IDLE_HOLD, 1)),
        row(PARKED, expired(Timer.IDLE_HOLD), PARKED),
        // Connect
        row(new Connect(0), new ManualStart(), new Connect(0)),
        row(new Connect(0), new ManualStop(Farewell.SHUTDOWN), Idle.STOPPED, STOP_TIMERS, CLOSE),
        row(
            new Connect(0),
            expired(Timer.CONNECT_RETRY),
            new Connect(1),
            CLOSE,
            new Report("no answer to the dial"),
            DIAL_LIMIT,
            new Dial()),
        row(
            new Connect(3),
            new TcpConnected(),
            new OpenSent(3),
            new StopTimer(Timer.CONNECT_RETRY),
            new Send(OWN_OPEN),
            timer(Timer.HOLD, 240)),
        row(new Connect(0), RESET, new Active(1), RESET_REPORT, timer(Timer.CONNECT_RETRY, 1)),
        row(new Connect(3), RESET, new Active(4), RESET_REPORT, timer(Timer.CONNECT_RETRY, 8)),
        row(new Connect(40), RESET, new Active(41), RESET_REPORT, timer(Timer.CONNECT_RETRY, 120)),
        row(new Connect(0), new OpenCollisionDump(), PARKED, STOP_TIMERS, CLOSE),
        row(
            new Connect(0),
            expired(Timer.HOLD),
            new Idle(Until.RETRY, 1),
            STOP_TIMERS,
            CLOSE,
            new Report("unexpected TimerExpired in state connect"),
            timer(Timer.IDLE_HOLD, 1)),
        // Active
        row(new Active(2), expired(Timer.CONNECT_RETRY), new Connect(2), DIAL_LIMIT, new Dial()),
        row(
            new Active(2),
            new TcpConnected(),
            new OpenSent(2),
            new StopTimer(Timer.CONNECT_RETRY),
            new Send(OWN_OPEN),
            timer(Timer.HOLD, 240)),
        row(new Active(2), new AutomaticStart(), new Active(2)),
        row(new Active(2), new OpenCollisionDump(), PARKED, STOP_TIMERS, CLOSE),
        row(new Active(2), new ManualStop(Farewell.DECONFIGURED), Idle.STOPPED, STOP_TIMERS, CLOSE),
        // OpenSent
        row(
            new OpenSent(0),
            new Received(PEER_OPEN),
            new OpenConfirm(0, NEGOTIATED),
            new Agree(NEGOTIATED),
            KEEPALIVE,
            new StopTimer(Timer.HOLD),
            HOLD,
            NEXT_KEEPALIVE),
        failed(
            new OpenSent(0),
            new Received(WRONG_ASN),
            "peer announces AS 65009, expected is 65000",
            new Send(Sessions.badPeerAs(65009))),
        failed(new OpenSent(0), BAD_LENGTH, "length 5", send(NotificationCode.BAD_MESSAGE_LENGTH)),
        failed(new OpenSent(0), GIVE_UP, "too much", send(NotificationCode.OUT_OF_RESOURCES)),
        failed(
            new OpenSent(0),
            expired(Timer.HOLD),
            "no OPEN within 4 minutes",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        failed(
            new OpenSent(0),
            new Received(CEASE),
            "received NOTIFICATION Cease/Administrative Shutdown (6/2)"),
        failed(
            new OpenSent(0),
            new Received(Keepalive.KEEPALIVE),
            "unexpected Keepalive in state open_sent",
            send(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT)),
        failed(
            new OpenSent(0),
            new Received(UPDATE),
            "unexpected Update in state open_sent",
            send(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT)),
        row(
            new OpenSent(0),
            RESET,
            new Active(1),
            STOP_TIMERS,
            CLOSE,
            RESET_REPORT,
            timer(Timer.CONNECT_RETRY, 1)),
        row(
            new OpenSent(0),
            new OpenCollisionDump(),
            PARKED,
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        row(
            new OpenSent(0),
            new ManualStop(Farewell.SHUTDOWN),
            Idle.STOPPED,
            send(NotificationCode.ADMINISTRATIVE_SHUTDOWN),
            STOP_TIMERS,
            CLOSE),
        // OpenConfirm
        row(
            openConfirm(),
            new Received(Keepalive.KEEPALIVE),
            established(),
            HOLD,
            new Up(NEGOTIATED)),
        row(openConfirm(), expired(Timer.KEEPALIVE), openConfirm(), KEEPALIVE, NEXT_KEEPALIVE),
        failed(
            openConfirm(),
            expired(Timer.HOLD),
            "no message for 9 s (hold timer expired)",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        failed(openConfirm(), RESET, "connection reset by peer"),
        failed(
            openConfirm(),
            new Received(CEASE),
            "received NOTIFICATION Cease/Administrative Shutdown (6/2)"),
        failed(
            openConfirm(),
            new Received(PEER_OPEN),
            "unexpected Open in state open_confirm",
            send(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM)),
        failed(
            openConfirm(),
            new Received(UPDATE),
            "unexpected Update in state open_confirm",
            send(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM)),
        failed(openConfirm(), BAD_LENGTH, "length 5", send(NotificationCode.BAD_MESSAGE_LENGTH)),
        row(
            openConfirm(),
            new OpenCollisionDump(),
            PARKED,
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        row(
            openConfirm(),
            new ManualStop(Farewell.RECONFIGURED),
            Idle.STOPPED,
            send(NotificationCode.OTHER_CONFIGURATION_CHANGE),
            STOP_TIMERS,
            CLOSE),
        // Established
        row(established(), new Received(Keepalive.KEEPALIVE), established(), HOLD),
        row(established(), new Received(UPDATE), established(), HOLD, new Deliver(UPDATE)),
        row(established(), new Received(REFRESH), established(), new Refresh(REFRESH)),
        row(
            new Established(5, NEGOTIATED),
            expired(Timer.KEEPALIVE),
            established(),
            KEEPALIVE,
            NEXT_KEEPALIVE),
        dropped(
            expired(Timer.HOLD),
            "no message for 9 s (hold timer expired)",
            send(NotificationCode.HOLD_TIMER_EXPIRED)),
        dropped(RESET, "connection reset by peer"),
        dropped(new Received(CEASE), "received NOTIFICATION Cease/Administrative Shutdown (6/2)"),
        dropped(BAD_LENGTH, "length 5", send(NotificationCode.BAD_MESSAGE_LENGTH)),
        dropped(GIVE_UP, "too much", send(NotificationCode.OUT_OF_RESOURCES)),
        dropped(
            new Received(PEER_OPEN),
            "unexpected Open in state established",
            send(NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED)),
        dropped(new Superseded(), "the peer restarted and connected anew"),
        stopped(Farewell.SHUTDOWN, SHUT_DOWN, send(NotificationCode.ADMINISTRATIVE_SHUTDOWN)),
        stopped(
            Farewell.DECONFIGURED,
            "peer removed from the configuration",
            send(NotificationCode.PEER_DE_CONFIGURED)),
        stopped(
            Farewell.RECONFIGURED,
            "configuration changed",
            send(NotificationCode.OTHER_CONFIGURATION_CHANGE)),
        stopped(Farewell.SILENT, "closed for a graceful restart"));
  }

  @ParameterizedTest
  @CsvSource({
    "SHUTDOWN, true, 6, 9, 0602",
    "DECONFIGURED, true, 6, 9, 0603",
    "RECONFIGURED, true, 6, 6, ''",
    "DECONFIGURED, false, 6, 3, ''",
  })
  void theEndOfAPeeringOverridesGracefulRestart(
      Farewell farewell, boolean bothSetTheNBit, int code, int subcode, String data) {
    Transition transition =
        new SessionFsm(CONFIG, Lane.DIALED, Jitter.NONE)
            .on(
                new Established(0, Sessions.negotiatedRestart(bothSetTheNBit)),
                new ManualStop(farewell));

    assertThat(transition.actions().getFirst())
        .isEqualTo(
            new Send(new Notification(code, subcode, Bytes.of(HexFormat.of().parseHex(data)))));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource
  void dialedLane(State state, SessionEvent event, State next, List<Action> actions) {
    Transition transition = new SessionFsm(CONFIG, Lane.DIALED, Jitter.NONE).on(state, event);

    assertThat(transition.actions()).isEqualTo(actions);
    assertThat(transition.next()).isEqualTo(next);
    assertThat(transition.reason()).isNotEmpty();
  }

  static Stream<Arguments> acceptedLane() {
    return Stream.of(
        row(Idle.STOPPED, new ManualStart(), new Active(0)),
        row(
            new Active(0),
            new TcpConnected(),
            new OpenSent(0),
            new StopTimer(Timer.CONNECT_RETRY),
            new Send(OWN_OPEN),
            timer(Timer.HOLD, 240)),
        row(new Active(0), new OpenCollisionDump(), new Active(0)),
        row(
            new OpenSent(0),
            new OpenCollisionDump(),
            new Active(0),
            send(NotificationCode.CONNECTION_COLLISION_RESOLUTION),
            STOP_TIMERS,
            CLOSE),
        row(new OpenSent(0), RESET, new Active(1), STOP_TIMERS, CLOSE, RESET_REPORT),
        row(
            established(),
            RESET,
            new Active(0),
            STOP_TIMERS,
            CLOSE,
            new Down("connection reset by peer")));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource
  void acceptedLane(State state, SessionEvent event, State next, List<Action> actions) {
    Transition transition = new SessionFsm(CONFIG, Lane.ACCEPTED, Jitter.NONE).on(state, event);

    assertThat(transition.actions()).isEqualTo(actions);
    assertThat(transition.next()).isEqualTo(next);
  }

  private static Arguments row(State state, SessionEvent event, State next, Action... actions) {
    return arguments(state, event, next, List.of(actions));
  }

  private static Arguments failed(State state, SessionEvent event, String report, Action... first) {
    return arguments(
        state,
        event,
        new Idle(Until.RETRY, 1),
        Stream.concat(
                Stream.of(first),
                Stream.of(STOP_TIMERS, CLOSE, new Report(report), timer(Timer.IDLE_HOLD, 1)))
            .toList());
  }

  private static Arguments dropped(SessionEvent event, String reason, Action... first) {
    return arguments(
        established(),
        event,
        new Idle(Until.RETRY, 1),
        Stream.concat(
                Stream.of(first),
                Stream.of(STOP_TIMERS, CLOSE, new Down(reason), timer(Timer.IDLE_HOLD, 1)))
            .toList());
  }

  private static Arguments stopped(Farewell farewell, String reason, Action... first) {
    return arguments(
        established(),
        new ManualStop(farewell),
        Idle.STOPPED,
        Stream.concat(Stream.of(first), Stream.of(STOP_TIMERS, CLOSE, new Down(reason))).toList());
  }

  private static TimerExpired expired(Timer timer) {
    return new TimerExpired(timer);
  }

  private static StartTimer timer(Timer timer, int seconds) {
    return new StartTimer(timer, Duration.ofSeconds(seconds));
  }

  private static Send send(NotificationCode code) {
    return new Send(notification(code));
  }

  private static State openConfirm() {
    return new OpenConfirm(0, NEGOTIATED);
  }

  private static State established() {
    return new Established(0, NEGOTIATED);
  }
}

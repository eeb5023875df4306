package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CONFIG;
import static dev.peerage.bgp.session.Sessions.HIGH_ID;
import static dev.peerage.bgp.session.Sessions.LOW_ID;
import static dev.peerage.bgp.session.Sessions.PEER_OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.SessionEvent.ManualStart;
import dev.peerage.bgp.session.SessionEvent.ManualStop;
import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.TcpConnected;
import dev.peerage.bgp.session.SessionEvent.TcpFailed;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4271 section 6.8, RFC 6286 section 2.3, RFC 4724 section 4.2. */
class PeeringFsmTest {
  private PeeringFsm fsm = new PeeringFsm(CONFIG, Jitter.NONE);
  private Peering peering = Peering.STOPPED;
  private final List<String> sent = new ArrayList<>();
  private final List<String> sessions = new ArrayList<>();

  @Test
  void keepsTheConnectionOfTheHigherIdentifier() {
    twoConnections();

    on(Direction.OUTGOING, new Received(PEER_OPEN));
    on(Direction.INCOMING, new Received(PEER_OPEN));

    // The peer has the higher identifier: what it dialed stays.
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.OpenConfirm.class);
    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.OTHER_CONNECTION_DOWN, 0));
    assertThat(sent).containsExactly("OUTGOING keepalive", "INCOMING keepalive", "OUTGOING 6/7");
  }

  @Test
  void keepsItWhicheverOpenComesFirst() {
    twoConnections();

    on(Direction.INCOMING, new Received(PEER_OPEN));
    on(Direction.OUTGOING, new Received(PEER_OPEN));

    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.OpenConfirm.class);
    assertThat(sent)
        .as("what loses at its OPEN never gets to OpenConfirm")
        .containsExactly("INCOMING keepalive", "OUTGOING 6/7");
  }

  @Test
  void comparesIdentifiersAsUnsignedNumbers() {
    fsm = with(65001, Sessions.id("200.0.0.1"));
    twoConnections();

    on(Direction.INCOMING, new Received(PEER_OPEN));
    on(Direction.OUTGOING, new Received(PEER_OPEN));

    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.OpenConfirm.class);
    assertThat(sent).containsOnlyOnce("INCOMING 6/7").doesNotContain("OUTGOING 6/7");
  }

  @Test
  void comparesAsnsWhenIdentifiersAreEqual() {
    fsm = with(65001, HIGH_ID);
    twoConnections();

    on(Direction.INCOMING, new Received(PEER_OPEN));
    on(Direction.OUTGOING, new Received(PEER_OPEN));

    // 65001 is this side.
    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.OpenConfirm.class);
  }

  @Test
  void twoSidesThatDialAgreeOnOneConnection() {
    PeeringFsm low = with(65001, LOW_ID);
    PeeringFsm high = new PeeringFsm(config(65000, HIGH_ID, 65001), Jitter.NONE);
    Open openOfLow = OwnOpen.of(config(65001, LOW_ID, 65000), OptionalParameters.ALL);

    fsm = low;
    twoConnections();
    on(Direction.OUTGOING, new Received(PEER_OPEN));
    on(Direction.INCOMING, new Received(PEER_OPEN));
    Peering lowEnd = peering;
    fsm = high;
    peering = Peering.STOPPED;
    twoConnections();
    on(Direction.OUTGOING, new Received(openOfLow));
    on(Direction.INCOMING, new Received(openOfLow));

    // One's dialed connection is the other's accepted one.
    assertThat(lowEnd.of(Direction.INCOMING)).isInstanceOf(State.OpenConfirm.class);
    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.OpenConfirm.class);
    assertThat(lowEnd.of(Direction.OUTGOING)).isInstanceOf(Idle.class);
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.Active.class);
  }

  @Test
  void anEstablishedSessionOutlivesALateConnection() {
    established(Direction.OUTGOING);

    on(Direction.INCOMING, new TcpConnected());
    on(Direction.INCOMING, new Received(PEER_OPEN));

    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.Established.class);
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.Active.class);
    assertThat(sent).containsExactly("OUTGOING keepalive", "INCOMING 6/7");
    assertThat(sessions).containsExactly("OUTGOING up");
  }

  @ParameterizedTest
  @CsvSource({
    "OUTGOING, INCOMING, true",
    "OUTGOING, INCOMING, false",
    "INCOMING, SECOND_INCOMING, true",
    "INCOMING, SECOND_INCOMING, false",
    "SECOND_INCOMING, INCOMING, false"
  })
  void aPeerThatCanRestartReplacesItsOldSessionInSilence(
      Direction old, Direction fresh, boolean restarted) {
    established(old, Sessions.restarting(false, false, true));

    on(fresh, new TcpConnected());
    on(fresh, new Received(Sessions.restarting(restarted, false, true)));
    assertThat(sessions).as("a connection is no session yet").containsExactly(old + " up");
    on(fresh, new Received(Keepalive.KEEPALIVE));

    assertThat(peering.of(fresh)).isInstanceOf(State.Established.class);
    assertThat(sessions)
        .containsExactly(old + " up", old + " down, keeps [ipv4/unicast]", fresh + " up");
    assertThat(sent).noneMatch(line -> line.contains("6/"));
    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.OTHER_CONNECTION_DOWN, 0));
  }

  @Test
  void aConnectionThatThePeerGivesUpItselfDisturbsNothing() {
    established(Direction.OUTGOING, Sessions.restarting(false, false, true));

    // The peer dialed before it saw that this side's connection won.
    on(Direction.INCOMING, new TcpConnected());
    on(Direction.INCOMING, new Received(Sessions.restarting(false, false, true)));
    on(Direction.INCOMING, new Received(Notifications.COLLISION));

    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.Established.class);
    assertThat(sessions).containsExactly("OUTGOING up");
  }

  @Test
  void withoutGracefulRestartTheOldSessionStays() {
    established(Direction.INCOMING);

    on(Direction.SECOND_INCOMING, new TcpConnected());
    on(Direction.SECOND_INCOMING, new Received(PEER_OPEN));

    // RFC 4271 section 6.8: "existing Established" wins.
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.Established.class);
    assertThat(peering.of(Direction.SECOND_INCOMING)).isInstanceOf(State.Active.class);
    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.OTHER_CONNECTION_DOWN, 0));
    assertThat(sent).containsExactly("INCOMING keepalive", "SECOND_INCOMING 6/7");
    assertThat(sessions).containsExactly("INCOMING up");
  }

  @Test
  void noDialWhileAnAcceptedSessionLasts() {
    established(Direction.INCOMING, Sessions.restarting(false, false, true));

    on(Direction.SECOND_INCOMING, new TcpConnected());
    on(Direction.SECOND_INCOMING, new Received(Sessions.restarting(false, false, true)));
    on(Direction.SECOND_INCOMING, new TcpFailed("reset"));

    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.OTHER_CONNECTION_DOWN, 0));
  }

  @Test
  void dialsAgainWhenTheAcceptedSessionEnds() {
    established(Direction.INCOMING);
    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.OTHER_CONNECTION_DOWN, 0));

    on(Direction.INCOMING, new TcpFailed("reset"));

    assertThat(peering.of(Direction.OUTGOING)).isEqualTo(new Idle(Until.RETRY, 0));
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.Active.class);
  }

  @Test
  void staysStoppedOnceStopped() {
    established(Direction.INCOMING);

    on(Direction.OUTGOING, new ManualStop(StopReason.SHUTDOWN));

    assertThat(peering).isEqualTo(Peering.STOPPED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anySequenceOfEventsIsLegalInput(long seed) {
    Random random = new Random(seed);
    fsm = new PeeringFsm(CONFIG, Jitter.of(random));
    List<SessionEvent> events = allEvents();
    for (int i = 0; i < 50_000; i++) {
      SessionEvent event = events.get(random.nextInt(events.size()));
      Direction direction = Direction.values()[random.nextInt(3)];
      Peering before = peering;

      PeeringTransition transition = fsm.on(peering, direction, event);
      peering = transition.next();

      assertThat(peering.connections().stream().filter(State.Established.class::isInstance).count())
          .as("one session at most, after %s on %s of %s", event, direction, before)
          .isLessThanOrEqualTo(1);
      for (var step : transition.steps()) {
        boolean was = step.from() instanceof State.Established;
        boolean is = step.transition().next() instanceof State.Established;
        List<Action> actions = step.transition().actions();
        assertThat(actions.stream().anyMatch(Action.Up.class::isInstance)).isEqualTo(!was && is);
        assertThat(actions.stream().anyMatch(Action.Down.class::isInstance)).isEqualTo(was && !is);
      }
      if (i % 97 == 0) {
        // A lost peer is never forgotten: whatever the state, a start leads somewhere.
        assertThat(reviveable(peering)).as("%s", peering).isTrue();
      }
    }
  }

  private static boolean reviveable(Peering peering) {
    return !(peering.of(Direction.OUTGOING) instanceof Idle(var until, _, _))
        || until != Until.OTHER_CONNECTION_DOWN
        || peering.connections().stream()
            .anyMatch(
                state -> state instanceof State.OpenConfirm || state instanceof State.Established);
  }

  private static List<SessionEvent> allEvents() {
    return Stream.of(
            Stream.of(
                new ManualStart(),
                new SessionEvent.AutomaticStart(),
                new SessionEvent.AutomaticStop(Sessions.CEASE, "given up"),
                new SessionEvent.LimitExceeded(Sessions.CEASE, "too much", Duration.ofMinutes(1)),
                new TcpConnected(),
                new TcpConnected(),
                new TcpConnected(),
                new TcpFailed("reset"),
                new SessionEvent.MessageError(Sessions.CEASE, "bad"),
                new Received(PEER_OPEN),
                new Received(PEER_OPEN),
                new Received(PEER_OPEN),
                new Received(Sessions.restarting(true, true, true)),
                new Received(Sessions.WRONG_ASN),
                new Received(Keepalive.KEEPALIVE),
                new Received(Keepalive.KEEPALIVE),
                new Received(Keepalive.KEEPALIVE),
                new Received(Sessions.UPDATE),
                new Received(Sessions.REFRESH),
                new Received(Sessions.CEASE),
                new Received(
                    Sessions.notification(NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER)),
                new SessionEvent.SendHoldExpired(),
                new SessionEvent.Superseded()),
            Stream.of(Timer.values()).map(SessionEvent.TimerExpired::new),
            Stream.of(new ManualStop(StopReason.SHUTDOWN)))
        .<SessionEvent>flatMap(events -> events)
        .toList();
  }

  private void twoConnections() {
    on(Direction.OUTGOING, new ManualStart());
    on(Direction.OUTGOING, new TcpConnected());
    on(Direction.INCOMING, new TcpConnected());
  }

  private void established(Direction direction) {
    established(direction, PEER_OPEN);
  }

  private void established(Direction direction, Open open) {
    on(Direction.OUTGOING, new ManualStart());
    on(direction, new TcpConnected());
    on(direction, new Received(open));
    on(direction, new Received(Keepalive.KEEPALIVE));
    assertThat(peering.of(direction)).isInstanceOf(State.Established.class);
  }

  private void on(Direction direction, SessionEvent event) {
    PeeringTransition transition = fsm.on(peering, direction, event);
    peering = transition.next();
    for (var step : transition.steps()) {
      for (Action action : step.transition().actions()) {
        switch (action) {
          case Action.Send(Notification(int code, int subcode, _)) ->
              sent.add(step.direction() + " " + code + "/" + subcode);
          case Action.Send(Keepalive _) -> sent.add(step.direction() + " keepalive");
          case Action.Up _ -> sessions.add(step.direction() + " up");
          case Action.Down(_, var kept) ->
              sessions.add(step.direction() + " down" + (kept.isEmpty() ? "" : ", keeps " + kept));
          default -> {}
        }
      }
    }
  }

  private static PeeringFsm with(long asn, Inet4Address id) {
    return new PeeringFsm(config(asn, id, 65000), Jitter.NONE);
  }

  private static SessionConfig config(long asn, Inet4Address id, long peerAsn) {
    return new SessionConfig(
        asn,
        id,
        peerAsn,
        true,
        true,
        CONFIG.connectRetry(),
        9,
        3,
        CONFIG.families(),
        false,
        CONFIG.restart(),
        CONFIG.sendHold(),
        "");
  }
}

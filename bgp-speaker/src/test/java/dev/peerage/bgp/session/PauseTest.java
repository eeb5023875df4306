package dev.peerage.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.SessionEvent.LimitExceeded;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a peering with a peer that sent too much (RFC 4486). */
class PauseTest {
  private static final LimitExceeded TOO_MUCH =
      new LimitExceeded(
          Notification.of(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED),
          "too much",
          Duration.ofMinutes(1));
  private static final SessionEvent OVER = new SessionEvent.TimerExpired(Timer.IDLE_HOLD);

  private final PeeringFsm fsm = new PeeringFsm(Sessions.CONFIG, Jitter.NONE);
  private Peering peering = Peering.STOPPED;

  @ParameterizedTest
  @EnumSource(
      value = Direction.class,
      names = {"OUTGOING", "INCOMING"})
  void itRestsOnAllConnectionsAndStartsOnAllOfThem(Direction direction) {
    on(direction, new SessionEvent.ManualStart());
    on(direction, new SessionEvent.TcpConnected());
    on(direction, new SessionEvent.Received(Sessions.PEER_OPEN));
    on(direction, new SessionEvent.Received(Keepalive.KEEPALIVE));
    assertThat(peering.leading()).isInstanceOf(State.Established.class);

    PeeringTransition transition = on(Direction.OUTGOING, TOO_MUCH);

    assertThat(peering.connections()).allMatch(PauseTest::paused);
    assertThat(
            transition.steps().stream()
                .flatMap(step -> step.transition().actions().stream())
                .filter(Action.StartTimer.class::isInstance))
        .as("one timer ends the pause")
        .containsExactly(new Action.StartTimer(Timer.IDLE_HOLD, Duration.ofMinutes(1)));
    for (Direction each : Direction.values()) {
      on(each, new SessionEvent.TcpConnected());
      on(each, new SessionEvent.AutomaticStart());
      on(each, new SessionEvent.OpenCollisionDump());
    }
    assertThat(peering.connections()).as("whatever happens").allMatch(PauseTest::paused);

    on(Direction.OUTGOING, OVER);

    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.Connect.class);
    assertThat(peering.of(Direction.INCOMING)).isInstanceOf(State.Active.class);
  }

  @Test
  void aStoppedPeeringStaysStopped() {
    on(Direction.OUTGOING, TOO_MUCH);

    assertThat(peering).isEqualTo(Peering.STOPPED);
  }

  @Test
  void aStopEndsThePause() {
    on(Direction.OUTGOING, new SessionEvent.ManualStart());
    on(Direction.OUTGOING, TOO_MUCH);
    on(Direction.OUTGOING, new SessionEvent.ManualStop(StopReason.RECONFIGURED));
    assertThat(peering).isEqualTo(Peering.STOPPED);

    on(Direction.OUTGOING, OVER);
    assertThat(peering).isEqualTo(Peering.STOPPED);

    on(Direction.OUTGOING, new SessionEvent.ManualStart());
    assertThat(peering.of(Direction.OUTGOING)).isInstanceOf(State.Connect.class);
  }

  private static boolean paused(State state) {
    return state instanceof State.Idle(var until, _, _) && until == Until.PAUSED;
  }

  private PeeringTransition on(Direction direction, SessionEvent event) {
    PeeringTransition transition = fsm.on(peering, direction, event);
    peering = transition.next();
    return transition;
  }
}

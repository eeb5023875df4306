package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.TcpConnected;
import dev.peerage.bgp.session.SessionEvent.TcpFailed;
import dev.peerage.bgp.session.SessionEvent.TimerExpired;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 5492 section 3: a peer that refuses the optional parameter gets an OPEN without. */
class FallbackTest {
  private static final Received REFUSED =
      new Received(Notification.of(NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER));
  private static final Open PLAIN = new Open(65000, 180, Sessions.HIGH_ID, List.of());

  private SessionFsm fsm = new SessionFsm(CONFIG, Direction.OUTGOING, Jitter.NONE);
  private State state = State.Idle.STOPPED;

  private Transition on(SessionEvent event) {
    Transition transition = fsm.on(state, event);
    state = transition.next();
    return transition;
  }

  /** Dials and returns the OPEN that goes out. */
  private Open opens() {
    if (state instanceof State.Idle(var until, _, _) && until == State.Idle.Until.STARTED) {
      on(new SessionEvent.ManualStart());
    } else if (state instanceof State.Idle) {
      on(new TimerExpired(Timer.IDLE_HOLD));
    } else {
      on(new TimerExpired(Timer.CONNECT_RETRY));
    }
    return on(new TcpConnected()).actions().stream()
        .filter(action -> action instanceof Action.Send(var message) && message instanceof Open)
        .map(action -> (Open) ((Action.Send) action).message())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theNextOpenHasNoCapabilitiesAndTheOneAfterHasThemAgain() {
    assertThat(opens().capabilities()).isNotEmpty();
    assertThat(on(REFUSED).reason()).endsWith("the next OPEN has no capabilities");
    assertThat(opens().capabilities()).isEmpty();
    on(new Received(Notification.of(NotificationCode.BAD_PEER_AS)));
    assertThat(opens().capabilities()).isNotEmpty();
  }

  @Test
  void aDialThatFailsIsNotTheRetry() {
    opens();
    on(REFUSED);
    on(new TimerExpired(Timer.IDLE_HOLD));
    on(new TcpFailed("connection refused"));
    assertThat(opens().capabilities()).isEmpty();
    on(new TcpFailed("connection reset by peer"));
    assertThat(opens().capabilities()).isNotEmpty();
  }

  @Test
  void thePeerMayRefuseAfterItsOwnOpen() {
    opens();
    on(new Received(PLAIN));
    on(REFUSED);
    assertThat(opens().capabilities()).isEmpty();
  }

  @Test
  void theSessionThenCarriesIpv4OnlyAndADropEndsTheFallback() {
    opens();
    on(REFUSED);
    opens();
    // Whatever the peer announces: a capability counts when both sides announce it.
    on(new Received(Sessions.restarting(false, true, true)));
    on(new Received(Keepalive.KEEPALIVE));

    Negotiated negotiated = ((State.Established) state).negotiated();
    assertThat(negotiated.families()).containsExactly(AddressFamily.IPV4_UNICAST);
    assertThat(negotiated.fourOctetAsn()).isFalse();
    assertThat(negotiated.extendedMessages()).isFalse();
    assertThat(negotiated.helping()).isEqualTo(Negotiated.Helping.NONE);

    on(new TcpFailed("connection reset by peer"));
    assertThat(opens().capabilities()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = NotificationCode.class,
      names = {"OPEN_MESSAGE_ERROR", "UNSUPPORTED_CAPABILITY", "BAD_PEER_AS"})
  void otherRefusalsChangeNothing(NotificationCode code) {
    opens();
    on(new Received(Notification.of(code)));
    assertThat(opens().capabilities()).isNotEmpty();
  }

  @Test
  void withoutIpv4ThereIsNothingToFallBackTo() {
    fsm =
        new SessionFsm(
            Sessions.withFamilies(CONFIG, Set.of(AddressFamily.IPV6_UNICAST)),
            Direction.OUTGOING,
            Jitter.NONE);
    opens();
    on(REFUSED);
    assertThat(opens().capabilities()).isNotEmpty();
  }
}

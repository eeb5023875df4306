package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.Direction;
import dev.peerage.bgp.session.SessionEvent.SendHoldExpired;
import dev.peerage.bgp.session.SessionEvent.TimerExpired;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.transport.Connection.Backlog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the timers of a session fire, in virtual time. */
class SessionTimersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  private final VirtualLoop time = new VirtualLoop();
  private final List<String> fired = new ArrayList<>();
  private final SessionTimers timers =
      new SessionTimers(
          time.tasks(),
          (direction, event) ->
              fired.add(
                  direction
                      + " "
                      + switch (event) {
                        case TimerExpired(var timer) -> timer.toString();
                        case SendHoldExpired _ -> "send hold";
                        default -> event.toString();
                      }));

  @Test
  void aTimerFiresOnceWhenItsTimeIsOver() {
    timers.start(Direction.OUTGOING, Timer.CONNECT_RETRY, SECOND);
    time.pass(SECOND.minus(MILLISECOND));
    assertThat(fired).isEmpty();

    time.pass(MILLISECOND);
    time.pass(Duration.ofHours(1));

    assertThat(fired).containsExactly("OUTGOING CONNECT_RETRY");
  }

  @Test
  void aTimerThatRunsBeginsAnew() {
    timers.start(Direction.INCOMING, Timer.HOLD, SECOND);
    time.pass(SECOND.minus(MILLISECOND));
    timers.start(Direction.INCOMING, Timer.HOLD, SECOND);
    time.pass(SECOND.minus(MILLISECOND));
    assertThat(fired).isEmpty();

    time.pass(MILLISECOND);

    assertThat(fired).containsExactly("INCOMING HOLD");
  }

  @Test
  void aStoppedTimerDoesNotFire() {
    timers.start(Direction.OUTGOING, Timer.KEEPALIVE, SECOND);
    timers.start(Direction.OUTGOING, Timer.HOLD, SECOND);
    timers.stop(Direction.OUTGOING, Timer.KEEPALIVE);
    time.pass(SECOND);

    assertThat(fired).containsExactly("OUTGOING HOLD");
  }

  @Test
  void theTimersOfOneConnectionStopTogether() {
    for (Timer timer : Timer.values()) {
      timers.start(Direction.OUTGOING, timer, SECOND);
    }
    timers.startSendHold(Direction.OUTGOING, SECOND, () -> Optional.of(new Backlog(1, 0)));
    timers.start(Direction.INCOMING, Timer.HOLD, SECOND);
    timers.stopAll(Direction.OUTGOING);
    time.pass(Duration.ofHours(1));

    assertThat(fired).containsExactly("INCOMING HOLD");
  }

  @Test
  void afterAPauseOfThisProcessWhatThePeerSentIsReadFirst() {
    timers.start(Direction.OUTGOING, Timer.HOLD, SECOND);
    timers.start(Direction.OUTGOING, Timer.KEEPALIVE, SECOND);
    time.stall(Duration.ofMillis(1300));
    assertThat(fired)
        .as("only the hold timer is about the peer")
        .containsExactly("OUTGOING KEEPALIVE");

    time.pass(Duration.ofMillis(249));
    assertThat(fired).hasSize(1);
    time.pass(MILLISECOND);

    assertThat(fired).containsExactly("OUTGOING KEEPALIVE", "OUTGOING HOLD");
  }

  @Test
  void aMessageThatWasReadAfterThePauseKeepsTheSession() {
    timers.start(Direction.OUTGOING, Timer.HOLD, SECOND);
    time.stall(Duration.ofMillis(1300));
    timers.start(Direction.OUTGOING, Timer.HOLD, SECOND);
    time.pass(SECOND.minus(MILLISECOND));

    assertThat(fired).isEmpty();
  }

  @Test
  void aPeerThatTakesNothingIsGivenUpWhenTheSendHoldTimeIsOver() { // RFC 9687
    timers.startSendHold(Direction.INCOMING, SECOND, () -> Optional.of(new Backlog(1, 0)));
    time.pass(SECOND.minus(MILLISECOND));
    assertThat(fired).isEmpty();

    time.pass(MILLISECOND);

    assertThat(fired).containsExactly("INCOMING send hold");
  }

  @Test
  void aPeerThatTakesALittleKeepsItsSession() {
    long start = time.now();
    // An octet each half second.
    timers.startSendHold(
        Direction.INCOMING,
        SECOND,
        () -> Optional.of(new Backlog(1000, (time.now() - start) / 500_000_000)));

    time.pass(Duration.ofHours(1));

    assertThat(fired).isEmpty();
  }

  @Test
  void theSendHoldTimerEndsWithTheConnection() {
    timers.startSendHold(Direction.INCOMING, SECOND, Optional::empty);
    time.pass(Duration.ofHours(1));

    assertThat(fired).isEmpty();
  }
}

package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CONFIG;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.session.SessionEvent.AutomaticStop;
import dev.peerage.bgp.session.SessionEvent.ManualStop;
import dev.peerage.bgp.session.SessionEvent.MessageError;
import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.SendHoldExpired;
import dev.peerage.bgp.session.SessionEvent.Superseded;
import dev.peerage.bgp.session.SessionEvent.TcpFailed;
import dev.peerage.bgp.session.SessionEvent.TimerExpired;
import dev.peerage.bgp.session.State.Established;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which routes outlive a session (RFC 4724, RFC 8538), and what the peer hears. */
class EstablishedEndTest {
  private static final Set<AddressFamily> IPV4 = Set.of(IPV4_UNICAST);
  private static final Notification HARD_RESET =
      Notification.hardReset(Notification.of(NotificationCode.ADMINISTRATIVE_SHUTDOWN));

  static Stream<Arguments> ends() {
    return Stream.of(
        // clause, event, kept without N bits, kept with
        arguments("RFC 4724 §4.2", new TcpFailed("reset"), IPV4, IPV4),
        arguments("RFC 4724 §4.2: connected anew", new Superseded(), IPV4, IPV4),
        arguments("RFC 4724 §4, 8538 §2", new Received(Sessions.CEASE), Set.of(), IPV4),
        arguments("RFC 8538 §3: Hard Reset", new Received(HARD_RESET), Set.of(), Set.of()),
        arguments(
            "RFC 4724 §4, 8538 §2: sent",
            new MessageError(Notification.of(NotificationCode.BAD_MESSAGE_LENGTH), "length 5"),
            Set.of(),
            IPV4),
        arguments(
            "RFC 4724 §4, 8538 §2: given up",
            new AutomaticStop(Notification.of(NotificationCode.OUT_OF_RESOURCES), "too much"),
            Set.of(),
            IPV4),
        arguments(
            "RFC 8538 §3: Hard Reset sent",
            new AutomaticStop(HARD_RESET, "over"),
            Set.of(),
            Set.of()),
        arguments("RFC 8538 §2: hold timer", new TimerExpired(Timer.HOLD), Set.of(), IPV4),
        arguments("RFC 9687 §4.3", new SendHoldExpired(), Set.of(), IPV4),
        arguments(
            "RFC 4486: too many prefixes",
            new SessionEvent.LimitExceeded(
                Notification.of(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED),
                "too much",
                Duration.ofMinutes(1)),
            Set.of(),
            Set.of()),
        arguments("shut down", new ManualStop(StopReason.SHUTDOWN), Set.of(), Set.of()),
        arguments("removed", new ManualStop(StopReason.DECONFIGURED), Set.of(), Set.of()),
        arguments("set anew", new ManualStop(StopReason.RECONFIGURED), Set.of(), IPV4),
        arguments("is another one", new ManualStop(StopReason.REPLACED), Set.of(), Set.of()),
        arguments("this side restarts", new ManualStop(StopReason.SILENT), Set.of(), Set.of()));
  }

  @ParameterizedTest(name = "{0}: without N {2}, with N {3}")
  @MethodSource
  void ends(
      String clause, SessionEvent event, Set<AddressFamily> without, Set<AddressFamily> with) {
    assertThat(kept(false, event)).as(clause).isEqualTo(without);
    assertThat(kept(true, event)).as(clause).isEqualTo(with);
  }

  private static Set<AddressFamily> kept(boolean notifications, SessionEvent event) {
    return actions(Sessions.negotiatedRestart(notifications), event).stream()
        .filter(Action.Down.class::isInstance)
        .map(action -> ((Action.Down) action).kept())
        .findFirst()
        .orElseThrow();
  }

  private static List<Action> actions(Negotiated negotiated, SessionEvent event) {
    return new SessionFsm(CONFIG, Direction.OUTGOING, Jitter.NONE)
        .on(new Established(0, negotiated), event)
        .actions();
  }

  @Test
  void tooManyPrefixesAreAHardResetWhereANotificationWouldKeepRoutes() {
    var exceeded =
        new SessionEvent.LimitExceeded(
            Notification.of(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED),
            "too much",
            Duration.ofMinutes(1));
    assertThat(actions(Sessions.negotiatedRestart(true), exceeded).getFirst())
        .isEqualTo(new Action.Send(Notification.hardReset(exceeded.cease())));
    assertThat(actions(Sessions.negotiatedRestart(false), exceeded).getFirst())
        .isEqualTo(new Action.Send(exceeded.cease()));
  }

  @ParameterizedTest
  @CsvSource({
    "SHUTDOWN, '', true, 6, 9, 0602",
    "SHUTDOWN, bye, true, 6, 9, 060203627965",
    "SHUTDOWN, bye, false, 6, 2, 03627965",
    "SHUTDOWN, '', false, 6, 2, ''",
    "DECONFIGURED, bye, true, 6, 9, 0603",
    "DECONFIGURED, '', false, 6, 3, ''",
    "RECONFIGURED, bye, true, 6, 6, ''",
    "RECONFIGURED, '', false, 6, 6, ''",
    "REPLACED, bye, true, 6, 9, 0606",
    "REPLACED, '', false, 6, 6, ''",
  })
  void theEndOfAPeeringOverridesGracefulRestart(
      StopReason reason, String words, boolean bothSetTheNBit, int code, int subcode, String data) {
    assertThat(
            actions(Sessions.negotiatedRestart(bothSetTheNBit), new ManualStop(reason, words))
                .getFirst())
        .isEqualTo(
            new Action.Send(
                new Notification(code, subcode, Bytes.of(HexFormat.of().parseHex(data)))));
  }

  @Test
  void aSilentEndSaysNothing() {
    assertThat(actions(Sessions.negotiatedRestart(true), new ManualStop(StopReason.SILENT)))
        .noneMatch(Action.Send.class::isInstance);
  }
}

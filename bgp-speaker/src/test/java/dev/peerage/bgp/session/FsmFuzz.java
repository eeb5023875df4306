package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.time.Duration;
import java.util.List;

/**
 * Any sequence of events. Two bytes of the input are one event: the first names connection and
 * event, the second its content. The very first byte chooses the configuration, and whether events
 * come that no network could cause.
 */
public final class FsmFuzz {
  private FsmFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    FsmModel model = new FsmModel(config(input[0]), (input[0] & 0x80) != 0);
    for (int at = 1; at + 1 < input.length; at += 2) {
      Direction direction =
          Direction.values()[((input[at] & 0xff) >> 5) % Direction.values().length];
      model.happens(direction, event(input[at] & 0x1f, input[at + 1] & 0xff));
    }
  }

  private static SessionConfig config(int choice) {
    SessionConfig base = Sessions.CONFIG;
    boolean both = (choice & 3) == 0 || (choice & 3) == 3;
    return new SessionConfig(
        base.localAsn(),
        base.routerId(),
        (choice & 4) == 0 ? base.peerAsn() : 0,
        both || (choice & 3) == 1,
        both || (choice & 3) == 2,
        base.connectRetry(),
        (choice & 8) == 0 ? 9 : 0,
        (choice & 8) == 0 ? 3 : 0,
        base.families(),
        base.extendedNextHop(),
        (choice & 16) == 0 ? base.restart() : new SessionConfig.Restart.Off(),
        base.sendHold(),
        base.hostName());
  }

  private static SessionEvent event(int kind, int content) {
    return switch (kind) {
      case 0 -> new SessionEvent.ManualStart();
      case 1 ->
          new SessionEvent.ManualStop(StopReason.values()[content % StopReason.values().length]);
      case 2 -> new SessionEvent.AutomaticStart();
      case 3 ->
          content < 128
              ? new SessionEvent.AutomaticStop(Sessions.CEASE, "given up")
              : new SessionEvent.LimitExceeded(Sessions.CEASE, "too much", Duration.ofMinutes(1));
      case 4, 5, 6, 7 -> new SessionEvent.TimerExpired(Timer.values()[kind - 4]);
      case 8, 9, 10 -> new SessionEvent.TcpConnected();
      case 11, 12 -> new SessionEvent.TcpFailed("connection refused");
      case 13 ->
          new SessionEvent.MessageError(
              Notification.of(code(content)), "a message that cannot be accepted");
      case 14 -> new SessionEvent.OpenCollisionDump();
      case 15 -> content < 128 ? new SessionEvent.Superseded() : new SessionEvent.SendHoldExpired();
      case 16, 17, 18, 19, 20 -> new SessionEvent.Received(open(content));
      case 21, 22, 23, 24 -> new SessionEvent.Received(Keepalive.KEEPALIVE);
      case 25, 26, 27 -> new SessionEvent.Received(update(content));
      case 28 ->
          new SessionEvent.Received(new RouteRefresh(1 + (content & 1), content >> 2 & 3, 1));
      default -> new SessionEvent.Received(notification(content));
    };
  }

  private static NotificationCode code(int content) {
    return NotificationCode.values()[content % NotificationCode.values().length];
  }

  private static Message notification(int content) {
    return content > 200
        ? new Notification(content, content, Bytes.of((byte) content))
        : Notification.of(code(content));
  }

  /** Most of these are accepted; some restart, some are refused. */
  private static Open open(int content) {
    Capability.Family ipv4 = Capability.Family.of(AddressFamily.IPV4_UNICAST);
    Capability restart =
        new Capability.GracefulRestart(
            (content & 1) != 0,
            (content & 2) != 0,
            120,
            List.of(new Capability.GracefulRestart.FamilyState(ipv4, (content & 4) != 0)));
    return new Open(
        (content & 0x18) == 0x18 ? 65009 : 65000,
        (content & 0x20) != 0 ? 0 : 180,
        (content & 0x40) != 0 ? Sessions.id("10.0.0.0") : Sessions.HIGH_ID,
        (content & 0x80) != 0
            ? List.of(new Capability.FourOctetAsn(65000))
            : List.of(
                new Capability.Multiprotocol(ipv4), new Capability.FourOctetAsn(65000), restart));
  }

  private static Update update(int content) {
    PrefixList none = PrefixList.empty(AddressFamily.IPV4_UNICAST);
    return content % 3 == 0 ? Sessions.UPDATE : new Update(none, PathAttributes.NONE, none);
  }
}

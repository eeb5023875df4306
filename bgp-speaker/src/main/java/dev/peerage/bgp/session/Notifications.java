package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.util.List;

/** The NOTIFICATIONs that the FSM itself sends. */
final class Notifications {
  static final Notification HOLD_TIMER_EXPIRED =
      Notification.of(NotificationCode.HOLD_TIMER_EXPIRED);
  static final Notification COLLISION =
      Notification.of(NotificationCode.CONNECTION_COLLISION_RESOLUTION);

  // RFC 6608
  static final Notification UNEXPECTED_IN_OPEN_SENT =
      Notification.of(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT);
  static final Notification UNEXPECTED_IN_OPEN_CONFIRM =
      Notification.of(NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM);
  static final Notification UNEXPECTED_IN_ESTABLISHED =
      Notification.of(NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED);

  private Notifications() {}

  static List<Action> of(Farewell farewell) {
    return switch (farewell) {
      case SHUTDOWN -> send(NotificationCode.ADMINISTRATIVE_SHUTDOWN);
      case DECONFIGURED -> send(NotificationCode.PEER_DE_CONFIGURED);
      case RECONFIGURED -> send(NotificationCode.OTHER_CONFIGURATION_CHANGE);
      case SILENT -> List.of();
    };
  }

  private static List<Action> send(NotificationCode code) {
    return List.of(new Action.Send(Notification.of(code)));
  }

  static String received(Notification notification) {
    return "received NOTIFICATION " + notification.text();
  }
}

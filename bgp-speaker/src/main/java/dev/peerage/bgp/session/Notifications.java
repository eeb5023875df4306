package dev.peerage.bgp.session;

import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.util.List;

/** The NOTIFICATIONs that the FSM itself sends. */
final class Notifications {
  static final Notification HOLD_TIMER_EXPIRED =
      Notification.of(NotificationCode.HOLD_TIMER_EXPIRED);
  static final Notification SEND_HOLD_TIMER_EXPIRED =
      Notification.of(NotificationCode.SEND_HOLD_TIMER_EXPIRED);
  static final Notification COLLISION =
      Notification.of(NotificationCode.CONNECTION_COLLISION_RESOLUTION);

  private Notifications() {}

  /**
   * The last message of a session.
   *
   * @param keepsRoutes whether a NOTIFICATION alone would make the peer keep the routes (RFC 8538
   *     section 2); the end of a peering then takes a Hard Reset (section 4)
   */
  static List<Action> of(SessionEvent.ManualStop stop, boolean keepsRoutes) {
    return switch (stop.reason()) {
      case SHUTDOWN -> end(shutdown(stop.words()), keepsRoutes);
      case DECONFIGURED -> end(Notification.of(NotificationCode.PEER_DE_CONFIGURED), keepsRoutes);
      case RECONFIGURED -> send(Notification.of(NotificationCode.OTHER_CONFIGURATION_CHANGE));
      case REPLACED ->
          end(Notification.of(NotificationCode.OTHER_CONFIGURATION_CHANGE), keepsRoutes);
      case FAILED ->
          send(Notification.shutdown(NotificationCode.ADMINISTRATIVE_RESET, "internal fault"));
      case SILENT -> List.of();
    };
  }

  /**
   * The answer to an event that the state does not know. RFC 6608 section 3: the subcodes are for
   * messages, and the data is the type of the message.
   *
   * @param code the error of this state
   */
  static Notification unexpected(NotificationCode code, SessionEvent event) {
    return event instanceof SessionEvent.Received(var message)
        ? Notification.of(code, Bytes.of(new byte[] {(byte) message.type().code()}))
        : Notification.of(NotificationCode.FSM_ERROR);
  }

  private static Notification shutdown(String words) {
    return words.isEmpty()
        ? Notification.of(NotificationCode.ADMINISTRATIVE_SHUTDOWN)
        : Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, words);
  }

  /**
   * The end of a session that is not to be kept alive.
   *
   * @param keepsRoutes whether a NOTIFICATION alone would make the peer keep the routes
   */
  static List<Action> end(Notification notification, boolean keepsRoutes) {
    return send(keepsRoutes ? Notification.hardReset(notification) : notification);
  }

  static List<Action> send(Notification notification) {
    return List.of(new Action.Send(notification));
  }

  static String received(Notification notification) {
    return "received NOTIFICATION " + notification.text();
  }
}

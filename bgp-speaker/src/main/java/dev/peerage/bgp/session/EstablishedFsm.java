package dev.peerage.bgp.session;

import dev.peerage.bgp.session.SessionEvent.AutomaticStart;
import dev.peerage.bgp.session.SessionEvent.AutomaticStop;
import dev.peerage.bgp.session.SessionEvent.ManualStart;
import dev.peerage.bgp.session.SessionEvent.ManualStop;
import dev.peerage.bgp.session.SessionEvent.MessageError;
import dev.peerage.bgp.session.SessionEvent.OpenCollisionDump;
import dev.peerage.bgp.session.SessionEvent.Received;
import dev.peerage.bgp.session.SessionEvent.SendHoldExpired;
import dev.peerage.bgp.session.SessionEvent.Superseded;
import dev.peerage.bgp.session.SessionEvent.TcpFailed;
import dev.peerage.bgp.session.SessionEvent.TimerExpired;
import dev.peerage.bgp.session.State.Established;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import dev.peerage.bgp.wire.UpdateValidator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The Established state, and which routes outlive it. */
record EstablishedFsm(Transitions transitions) {
  Transition on(Established established, SessionEvent event) {
    Negotiated negotiated = established.negotiated();
    return switch (event) {
      case ManualStart _, AutomaticStart _ -> transitions.ignore(established);
      case ManualStop stop -> stopped(stop, negotiated);
      case AutomaticStop(var cease, var reason) -> answered(established, cease, reason);
      case TimerExpired(var timer) when timer == Timer.HOLD ->
          // RFC 8538 section 3: the hold timer too.
          answered(
              established, Notifications.HOLD_TIMER_EXPIRED, Transitions.holdExpired(negotiated));
      case TimerExpired(var timer) when timer == Timer.KEEPALIVE ->
          // Up for a whole interval: the next drop may be followed by a quick try again.
          transitions.keepalive(new Established(0, negotiated), negotiated);
      case SendHoldExpired _ ->
          // The NOTIFICATION does not arrive: it is what the log and the state show (§5).
          transitions.drop(
              established.failures(),
              Notifications.send(Notifications.SEND_HOLD_TIMER_EXPIRED),
              new Action.Abort(),
              "the peer takes nothing: " + Notifications.SEND_HOLD_TIMER_EXPIRED.text(),
              afterNotification(negotiated, Notifications.SEND_HOLD_TIMER_EXPIRED));
      case TcpFailed(var cause) ->
          drop(established, List.of(), cause, negotiated.helping().families());
      case Received(Keepalive _) -> {
        List<Action> actions = new ArrayList<>();
        Transitions.restartHold(negotiated, actions);
        yield new Transition(established, actions, "keepalive");
      }
      case Received(Update update) -> update(established, update);
      case Received(RouteRefresh refresh) ->
          new Transition(established, List.of(new Action.Refresh(refresh)), "route refresh");
      case Received(Notification notification) ->
          drop(
              established,
              List.of(),
              Notifications.received(notification),
              afterNotification(negotiated, notification));
      case MessageError(var answer, var cause) -> answered(established, answer, cause);
      case OpenCollisionDump _ ->
          answered(established, Notifications.COLLISION, "the other connection won");
      case Superseded _ ->
          drop(
              established,
              List.of(),
              "the peer restarted and connected anew",
              negotiated.helping().families());
      default ->
          answered(
              established,
              Notifications.unexpected(NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED, event),
              Transitions.unexpected(event, established));
    };
  }

  private Transition update(Established established, Update update) {
    Negotiated negotiated = established.negotiated();
    try {
      Update valid =
          UpdateValidator.validate(
              update,
              new UpdateValidator.Session(
                  !negotiated.internal(), negotiated.peerAsn(), transitions.config().loopback()));
      List<Action> actions = new ArrayList<>();
      Transitions.restartHold(negotiated, actions);
      actions.add(new Action.Deliver(valid));
      return new Transition(established, actions, "update");
    } catch (MalformedMessageException e) {
      return answered(established, e.error().notification(), e.error().reason());
    }
  }

  private Transition answered(Established established, Notification answer, String cause) {
    return drop(
        established,
        Notifications.send(answer),
        cause,
        afterNotification(established.negotiated(), answer));
  }

  private Transition drop(
      Established established, List<Action> last, String cause, Set<AddressFamily> kept) {
    return transitions.drop(established.failures(), last, new Action.Close(), cause, kept);
  }

  private static Transition stopped(ManualStop stop, Negotiated negotiated) {
    boolean keepsRoutes = negotiated.helping().notifications();
    List<Action> actions = new ArrayList<>(Notifications.of(stop, keepsRoutes));
    actions.add(new Action.StopTimers());
    actions.add(new Action.Close());
    actions.add(
        new Action.Down(
            stop.reason().words(),
            switch (stop.reason()) {
              // The session starts again at once.
              case RECONFIGURED ->
                  keepsRoutes ? negotiated.helping().families() : Set.<AddressFamily>of();
              case REPLACED, SHUTDOWN, DECONFIGURED, FAILED, SILENT -> Set.<AddressFamily>of();
            }));
    return new Transition(Idle.STOPPED, actions, stop.reason().words());
  }

  /** RFC 4724 section 4, RFC 8538 sections 2 and 3. */
  private static Set<AddressFamily> afterNotification(
      Negotiated negotiated, Notification notification) {
    return negotiated.helping().notifications() && !notification.is(NotificationCode.HARD_RESET)
        ? negotiated.helping().families()
        : Set.of();
  }
}

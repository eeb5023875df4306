package dev.peerage.bgp.session;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A driver of the FSM without sockets that objects when an action contradicts the state of the
 * world.
 */
final class FsmModel {
  private final PeeringFsm fsm;
  private final boolean impossible;
  private final Map<Lane, Set<Timer>> timers = new EnumMap<>(Lane.class);
  private final Map<Lane, Link> links = new EnumMap<>(Lane.class);
  private final Set<Lane> up = EnumSet.noneOf(Lane.class);
  private Peering peering = Peering.STOPPED;

  private enum Link {
    NONE,
    DIALING,
    CONNECTED
  }

  /**
   * A stopped session.
   *
   * @param impossible whether events come that no network can cause; then only exceptions count
   */
  FsmModel(SessionConfig config, boolean impossible) {
    this.fsm = new PeeringFsm(config, interval -> interval);
    this.impossible = impossible;
    for (Lane lane : Lane.values()) {
      timers.put(lane, EnumSet.noneOf(Timer.class));
      links.put(lane, Link.NONE);
    }
  }

  void happens(Lane lane, SessionEvent event) {
    if (!impossible && !possible(lane, event)) {
      return;
    }
    if (event instanceof SessionEvent.TcpConnected) {
      links.put(lane, Link.CONNECTED);
    } else if (event instanceof SessionEvent.TcpFailed) {
      links.put(lane, Link.NONE);
    } else if (event instanceof SessionEvent.TimerExpired(var timer)) {
      timers(lane).remove(timer);
    }
    PeeringTransition transition = fsm.on(peering, lane, event);
    peering = transition.next();
    for (PeeringTransition.Step step : transition.steps()) {
      for (Action action : step.transition().actions()) {
        run(step.lane(), action);
      }
    }
    if (!impossible) {
      for (Lane each : Lane.values()) {
        check(each, event);
      }
    }
  }

  /** What the driver lets through, and what the world can do. */
  private boolean possible(Lane lane, SessionEvent event) {
    boolean connected = link(lane) == Link.CONNECTED;
    return switch (event) {
      case SessionEvent.ManualStart _, SessionEvent.ManualStop _ -> true;
      case SessionEvent.AutomaticStop _ -> peering.of(lane) instanceof State.Established;
      case SessionEvent.TimerExpired(var timer) -> timers(lane).contains(timer);
      case SessionEvent.TcpConnected _ ->
          lane == Lane.DIALED
              ? link(lane) == Link.DIALING
              : link(lane) == Link.NONE && peering.of(lane) instanceof State.Active;
      case SessionEvent.TcpFailed _ -> link(lane) != Link.NONE;
      case SessionEvent.Received _, SessionEvent.MessageError _ -> connected;
      case SessionEvent.SendHoldExpired _ -> peering.of(lane) instanceof State.Established;
      case SessionEvent.AutomaticStart _,
          SessionEvent.OpenCollisionDump _,
          SessionEvent.Superseded _ ->
          false; // they come from the FSM of another lane
    };
  }

  private void run(Lane lane, Action action) {
    switch (action) {
      case Action.Send _ -> demand(link(lane) == Link.CONNECTED, lane, "sends unconnected");
      case Action.StartTimer(var timer, var after) -> {
        demand(after.isPositive(), lane, "starts " + timer + " with " + after);
        timers(lane).add(timer);
      }
      case Action.StopTimer(var timer) -> timers(lane).remove(timer);
      case Action.StopTimers _ -> timers(lane).clear();
      case Action.Dial _ -> {
        demand(link(lane) == Link.NONE, lane, "dials while " + link(lane));
        demand(lane == Lane.DIALED, lane, "dials");
        links.put(lane, Link.DIALING);
      }
      case Action.Close _, Action.Abort _ -> links.put(lane, Link.NONE);
      case Action.Agree _ -> demand(link(lane) == Link.CONNECTED, lane, "agrees unconnected");
      case Action.Up _ -> {
        demand(link(lane) == Link.CONNECTED, lane, "comes up unconnected");
        demand(up.isEmpty(), lane, "comes up beside " + up);
        up.add(lane);
      }
      case Action.Down _ -> demand(up.remove(lane), lane, "goes down twice");
      case Action.Deliver _, Action.Refresh _ ->
          demand(up.contains(lane), lane, "hands on a message while down");
      case Action.WatchOutput _, Action.Report _ -> {}
    }
  }

  private void check(Lane lane, SessionEvent event) {
    State state = peering.of(lane);
    boolean established = state instanceof State.Established;
    demand(up.contains(lane) == established, lane, "is " + state + ", up: " + up);
    Set<Timer> running = timers(lane);
    Link link = link(lane);
    boolean consistent =
        switch (state) {
          case State.Idle idle ->
              link == Link.NONE
                  && running.equals(
                      idle.until() == State.Idle.Until.RETRY
                          ? EnumSet.of(Timer.IDLE_HOLD)
                          : EnumSet.noneOf(Timer.class));
          case State.Connect _ ->
              link == Link.DIALING && running.equals(Set.of(Timer.CONNECT_RETRY));
          case State.Active _ ->
              link == Link.NONE
                  && running.equals(
                      lane == Lane.DIALED ? Set.of(Timer.CONNECT_RETRY) : Set.<Timer>of());
          case State.OpenSent _ -> link == Link.CONNECTED && running.equals(Set.of(Timer.HOLD));
          case State.OpenConfirm confirm ->
              link == Link.CONNECTED && running.equals(timed(confirm.negotiated()));
          case State.Established up ->
              link == Link.CONNECTED && running.equals(timed(up.negotiated()));
        };
    demand(
        consistent, lane, "is " + state + " with " + link + " and " + running + " after " + event);
  }

  private static Set<Timer> timed(Negotiated negotiated) {
    Set<Timer> timers = EnumSet.noneOf(Timer.class);
    if (negotiated.holdSeconds() > 0) {
      timers.add(Timer.HOLD);
    }
    if (negotiated.keepAliveSeconds() > 0) {
      timers.add(Timer.KEEPALIVE);
    }
    return timers;
  }

  private Set<Timer> timers(Lane lane) {
    return Objects.requireNonNull(timers.get(lane));
  }

  private Link link(Lane lane) {
    return Objects.requireNonNull(links.get(lane));
  }

  private void demand(boolean holds, Lane lane, String objection) {
    if (!holds && !impossible) {
      throw new AssertionError(lane + " " + objection);
    }
  }
}

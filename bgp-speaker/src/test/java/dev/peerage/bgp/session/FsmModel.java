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
  private final Map<Direction, Set<Timer>> timers = new EnumMap<>(Direction.class);
  private final Map<Direction, Link> links = new EnumMap<>(Direction.class);
  private final Set<Direction> up = EnumSet.noneOf(Direction.class);
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
    for (Direction direction : Direction.values()) {
      timers.put(direction, EnumSet.noneOf(Timer.class));
      links.put(direction, Link.NONE);
    }
  }

  void happens(Direction direction, SessionEvent event) {
    if (!impossible && !possible(direction, event)) {
      return;
    }
    if (event instanceof SessionEvent.TcpConnected) {
      links.put(direction, Link.CONNECTED);
    } else if (event instanceof SessionEvent.TcpFailed) {
      links.put(direction, Link.NONE);
    } else if (event instanceof SessionEvent.TimerExpired(var timer)) {
      timers(direction).remove(timer);
    }
    PeeringTransition transition = fsm.on(peering, direction, event);
    peering = transition.next();
    for (PeeringTransition.Step step : transition.steps()) {
      for (Action action : step.transition().actions()) {
        run(step.direction(), action);
      }
    }
    if (!impossible) {
      for (Direction each : Direction.values()) {
        check(each, event);
      }
    }
  }

  /** What the driver lets through, and what the world can do. */
  private boolean possible(Direction direction, SessionEvent event) {
    boolean connected = link(direction) == Link.CONNECTED;
    return switch (event) {
      case SessionEvent.ManualStart _, SessionEvent.ManualStop _ -> true;
      case SessionEvent.AutomaticStop _ -> true; // a fault of this program, at any time
      case SessionEvent.LimitExceeded _ -> peering.leading() instanceof State.Established;
      case SessionEvent.TimerExpired(var timer) -> timers(direction).contains(timer);
      case SessionEvent.TcpConnected _ ->
          direction == Direction.OUTGOING
              ? link(direction) == Link.DIALING
              : link(direction) == Link.NONE && peering.of(direction) instanceof State.Active;
      case SessionEvent.TcpFailed _ -> link(direction) != Link.NONE;
      case SessionEvent.Received _, SessionEvent.MessageError _ -> connected;
      case SessionEvent.SendHoldExpired _ -> peering.of(direction) instanceof State.Established;
      case SessionEvent.AutomaticStart _,
          SessionEvent.OpenCollisionDump _,
          SessionEvent.Superseded _ ->
          false; // they come from the FSM of another connection
    };
  }

  private void run(Direction direction, Action action) {
    switch (action) {
      case Action.Send _ ->
          demand(link(direction) == Link.CONNECTED, direction, "sends unconnected");
      case Action.StartTimer(var timer, var after) -> {
        demand(after.isPositive(), direction, "starts " + timer + " with " + after);
        timers(direction).add(timer);
      }
      case Action.StopTimer(var timer) -> timers(direction).remove(timer);
      case Action.StopTimers _ -> timers(direction).clear();
      case Action.Dial _ -> {
        demand(link(direction) == Link.NONE, direction, "dials while " + link(direction));
        demand(direction == Direction.OUTGOING, direction, "dials");
        links.put(direction, Link.DIALING);
      }
      case Action.Close _, Action.Abort _ -> links.put(direction, Link.NONE);
      case Action.Agree _ ->
          demand(link(direction) == Link.CONNECTED, direction, "agrees unconnected");
      case Action.Up _ -> {
        demand(link(direction) == Link.CONNECTED, direction, "comes up unconnected");
        demand(up.isEmpty(), direction, "comes up beside " + up);
        up.add(direction);
      }
      case Action.Down _ -> demand(up.remove(direction), direction, "goes down twice");
      case Action.Deliver _, Action.Refresh _ ->
          demand(up.contains(direction), direction, "hands on a message while down");
      case Action.StartSendHoldTimer _, Action.Report _ -> {}
    }
  }

  private void check(Direction direction, SessionEvent event) {
    State state = peering.of(direction);
    boolean established = state instanceof State.Established;
    demand(up.contains(direction) == established, direction, "is " + state + ", up: " + up);
    Set<Timer> running = timers(direction);
    Link link = link(direction);
    boolean consistent =
        switch (state) {
          case State.Idle idle ->
              link == Link.NONE
                  && running.equals(
                      idle.until() == State.Idle.Until.RETRY
                              || idle.until() == State.Idle.Until.PAUSED
                                  && direction == Direction.OUTGOING
                          ? EnumSet.of(Timer.IDLE_HOLD)
                          : EnumSet.noneOf(Timer.class));
          case State.Connect _ ->
              link == Link.DIALING && running.equals(Set.of(Timer.CONNECT_RETRY));
          case State.Active _ ->
              link == Link.NONE
                  && running.equals(
                      direction == Direction.OUTGOING
                          ? Set.of(Timer.CONNECT_RETRY)
                          : Set.<Timer>of());
          case State.OpenSent _ -> link == Link.CONNECTED && running.equals(Set.of(Timer.HOLD));
          case State.OpenConfirm confirm ->
              link == Link.CONNECTED && running.equals(timed(confirm.negotiated()));
          case State.Established up ->
              link == Link.CONNECTED && running.equals(timed(up.negotiated()));
        };
    demand(
        consistent,
        direction,
        "is " + state + " with " + link + " and " + running + " after " + event);
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

  private Set<Timer> timers(Direction direction) {
    return Objects.requireNonNull(timers.get(direction));
  }

  private Link link(Direction direction) {
    return Objects.requireNonNull(links.get(direction));
  }

  private void demand(boolean holds, Direction direction, String objection) {
    if (!holds && !impossible) {
      throw new AssertionError(direction + " " + objection);
    }
  }
}

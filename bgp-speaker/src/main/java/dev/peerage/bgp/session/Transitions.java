package dev.peerage.bgp.session;

import dev.peerage.bgp.session.State.Active;
import dev.peerage.bgp.session.State.Connect;
import dev.peerage.bgp.session.State.Idle;
import dev.peerage.bgp.session.State.Idle.Until;
import dev.peerage.bgp.session.State.OpenSent;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The transitions that several states share. */
record Transitions(SessionConfig config, Direction direction, Jitter jitter) {
  /** RFC 4271 section 8.2.2: "a large value" until the peer's OPEN is there. */
  static final Duration OPEN_HOLD = Duration.ofMinutes(4);

  /** The longest dial: SYNs go out after 0, 1, 3 and 7 s. */
  static final Duration DIAL_LIMIT = Duration.ofSeconds(10);

  Transition ignore(State state) {
    return new Transition(state, List.of(), "ignored");
  }

  Transition start() {
    if (direction.dials()) {
      return config.dials()
          ? dial(0, OptionalParameters.ALL, List.of(), "started")
          : ignore(State.Idle.STOPPED);
    }
    return config.accepts()
        ? new Transition(new Active(0), List.of(), "waits for the peer")
        : ignore(State.Idle.STOPPED);
  }

  Transition dial(int failures, OptionalParameters parameters, List<Action> before, String reason) {
    List<Action> actions = new ArrayList<>(before);
    Duration limit =
        config.connectRetry().compareTo(DIAL_LIMIT) < 0 ? config.connectRetry() : DIAL_LIMIT;
    actions.add(new Action.StartTimer(Timer.CONNECT_RETRY, limit));
    actions.add(new Action.Dial());
    return new Transition(new Connect(failures, parameters), actions, reason);
  }

  Transition open(int failures, OptionalParameters parameters) {
    return new Transition(
        new OpenSent(failures, parameters),
        List.of(
            new Action.StopTimer(Timer.CONNECT_RETRY),
            new Action.Send(OwnOpen.of(config, parameters)),
            new Action.StartTimer(Timer.HOLD, OPEN_HOLD)),
        "connected");
  }

  /** The TCP connection failed before an OPEN came: Active until the next dial. */
  Transition waitForRetry(
      int failures, OptionalParameters parameters, List<Action> before, String cause) {
    List<Action> actions = new ArrayList<>(before);
    actions.add(new Action.Report(cause));
    if (direction.dials()) {
      actions.add(new Action.StartTimer(Timer.CONNECT_RETRY, backoff(failures)));
    }
    return new Transition(new Active(failures, parameters), actions, cause);
  }

  /** Ends an attempt; a new one follows. */
  Transition fail(int failures, OptionalParameters next, List<Action> last, String cause) {
    List<Action> actions = ended(last, new Action.Close());
    actions.add(new Action.Report(cause));
    return retry(failures + 1, next, actions, cause);
  }

  /** Ends an Established session; a new one follows. */
  Transition drop(
      int failures, List<Action> last, Action close, String cause, Set<AddressFamily> kept) {
    List<Action> actions = ended(last, close);
    actions.add(new Action.Down(cause, kept));
    return retry(failures + 1, OptionalParameters.ALL, actions, cause);
  }

  Transition retry(
      int failures, OptionalParameters parameters, List<Action> before, String reason) {
    if (!direction.dials()) {
      return new Transition(new Active(0, parameters), before, reason);
    }
    List<Action> actions = new ArrayList<>(before);
    actions.add(new Action.StartTimer(Timer.IDLE_HOLD, backoff(failures)));
    return new Transition(new Idle(Until.RETRY, failures, parameters), actions, reason);
  }

  Transition yieldToOtherConnection(List<Action> last) {
    State next = direction.dials() ? new Idle(Until.OTHER_CONNECTION_DOWN, 0) : new Active(0);
    return new Transition(next, ended(last, new Action.Close()), "the other connection won");
  }

  Transition stop(List<Action> last, StopReason reason) {
    return new Transition(Idle.STOPPED, ended(last, new Action.Close()), reason.words());
  }

  /**
   * The peer sent more than it may: its routes go, also those that a restart would keep, and no
   * connection is wanted until the pause is over. The dialing connection has the timer.
   */
  Transition pause(State state, SessionEvent.LimitExceeded exceeded) {
    List<Action> last =
        switch (state) {
          case State.Established(_, var negotiated) ->
              Notifications.end(exceeded.cease(), negotiated.helping().notifications());
          case State.OpenSent _, State.OpenConfirm _ -> Notifications.send(exceeded.cease());
          case State.Idle _, State.Connect _, State.Active _ -> List.of();
        };
    List<Action> actions = ended(last, new Action.Close());
    if (direction.dials()) {
      actions.add(new Action.StartTimer(Timer.IDLE_HOLD, exceeded.pause()));
    }
    if (state instanceof State.Established) {
      actions.add(new Action.Down(exceeded.reason(), Set.of()));
    }
    return new Transition(new Idle(Until.PAUSED, 0), actions, exceeded.reason());
  }

  private static List<Action> ended(List<Action> last, Action close) {
    List<Action> actions = new ArrayList<>(last);
    actions.add(new Action.StopTimers());
    actions.add(close);
    return actions;
  }

  Transition keepalive(State next, Negotiated negotiated) {
    List<Action> actions = new ArrayList<>();
    actions.add(new Action.Send(Keepalive.KEEPALIVE));
    restartKeepalive(negotiated, actions);
    return new Transition(next, actions, "keepalive");
  }

  static void restartHold(Negotiated negotiated, List<Action> actions) {
    if (negotiated.holdSeconds() > 0) {
      actions.add(new Action.StartTimer(Timer.HOLD, Duration.ofSeconds(negotiated.holdSeconds())));
    }
  }

  void restartKeepalive(Negotiated negotiated, List<Action> actions) {
    if (negotiated.keepAliveSeconds() > 0) {
      Duration interval = Duration.ofSeconds(negotiated.keepAliveSeconds());
      actions.add(new Action.StartTimer(Timer.KEEPALIVE, jitter.apply(interval)));
    }
  }

  /** RFC 9687 section 4.3: not without a hold time; section 6: at least twice the hold time. */
  void startSendHoldTimer(Negotiated negotiated, List<Action> actions) {
    Duration twice = Duration.ofSeconds(2L * negotiated.holdSeconds());
    if (negotiated.holdSeconds() > 0 && config.sendHold().isPositive()) {
      actions.add(
          new Action.StartSendHoldTimer(
              config.sendHold().compareTo(twice) > 0 ? config.sendHold() : twice));
    }
  }

  private Duration backoff(int failures) {
    return jitter.apply(Backoff.after(failures, config.connectRetry()));
  }

  static String holdExpired(Negotiated negotiated) {
    return "no message for " + negotiated.holdSeconds() + " s (hold timer expired)";
  }

  static String unexpected(SessionEvent event, State state) {
    String what =
        event instanceof SessionEvent.Received(var message)
            ? message.getClass().getSimpleName()
            : event.getClass().getSimpleName();
    return "unexpected " + what + " in state " + state.text();
  }
}

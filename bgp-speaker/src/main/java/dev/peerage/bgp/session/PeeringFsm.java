package dev.peerage.bgp.session;

import dev.peerage.bgp.session.PeeringTransition.Step;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Open;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs the FSMs of a peer and leaves one connection of several (RFC 4271 section 6.8). Pure but for
 * the jitter.
 *
 * <p>A peer that can restart gracefully may open a connection beside the Established one: it lost
 * its end. The new one takes over when it is Established too (RFC 4724 section 4.2), not before:
 * the peer's KEEPALIVE shows that its own collision detection chose the new one.
 */
public final class PeeringFsm {
  private final SessionConfig config;
  private final Map<Direction, SessionFsm> fsms = new EnumMap<>(Direction.class);

  /** The FSM of a peer with this configuration. */
  public PeeringFsm(SessionConfig config, Jitter jitter) {
    this.config = config;
    for (Direction direction : Direction.values()) {
      fsms.put(direction, new SessionFsm(config, direction, jitter));
    }
  }

  /**
   * What the event on this connection leads to, on all of them. ManualStart, ManualStop and
   * LimitExceeded concern all, whichever is named. Never throws.
   */
  public PeeringTransition on(Peering peering, Direction direction, SessionEvent event) {
    List<Step> steps = new ArrayList<>();
    Peering next = peering;
    if (event instanceof SessionEvent.ManualStart || event instanceof SessionEvent.ManualStop) {
      return new PeeringTransition(all(peering, event, steps), steps);
    }
    if (event instanceof SessionEvent.LimitExceeded) {
      return new PeeringTransition(
          peering.equals(Peering.STOPPED) ? peering : all(peering, event, steps), steps);
    }
    State before = peering.of(direction);
    if (before instanceof State.Idle(var until, _, _)
        && until == State.Idle.Until.PAUSED
        && event instanceof SessionEvent.TimerExpired(var timer)
        && timer == Timer.IDLE_HOLD) {
      return new PeeringTransition(all(peering, new SessionEvent.ManualStart(), steps), steps);
    }
    if (before instanceof State.OpenConfirm
        && event instanceof SessionEvent.Received(var message)
        && message instanceof Keepalive) {
      // The old session goes first: there is never more than one.
      next = others(next, direction, State.Established.class, new SessionEvent.Superseded(), steps);
    }
    if (before instanceof State.OpenSent openSent
        && event instanceof SessionEvent.Received(var message)
        && message instanceof Open open
        && Negotiation.of(config, openSent.parameters(), open)
            instanceof Negotiation.Agreed(var negotiated)) {
      return new PeeringTransition(settle(next, direction, event, negotiated, steps), steps);
    }
    next = step(next, direction, event, steps);
    State after = next.of(direction);
    if (after instanceof State.Established && !(before instanceof State.Established)) {
      next = others(next, direction, State.class, new SessionEvent.OpenCollisionDump(), steps);
    } else if (holdsSession(before)
        && next.connections().stream().noneMatch(PeeringFsm::holdsSession)) {
      next = others(next, direction, State.class, new SessionEvent.AutomaticStart(), steps);
    }
    return new PeeringTransition(next, steps);
  }

  private Peering all(Peering peering, SessionEvent event, List<Step> steps) {
    Peering next = peering;
    for (Direction each : Direction.values()) {
      next = step(next, each, event, steps);
    }
    return next;
  }

  private static boolean holdsSession(State state) {
    return state instanceof State.OpenConfirm || state instanceof State.Established;
  }

  private Peering others(
      Peering peering,
      Direction direction,
      Class<? extends State> in,
      SessionEvent event,
      List<Step> steps) {
    Peering next = peering;
    for (Direction other : direction.others()) {
      if (in.isInstance(next.of(other))) {
        next = step(next, other, event, steps);
      }
    }
    return next;
  }

  private Peering step(Peering peering, Direction direction, SessionEvent event, List<Step> steps) {
    State from = peering.of(direction);
    Transition transition = Objects.requireNonNull(fsms.get(direction)).on(from, event);
    if (!transition.next().equals(from) || !transition.actions().isEmpty()) {
      steps.add(new Step(direction, from, transition));
    }
    return peering.with(direction, transition.next());
  }

  /**
   * The peer's OPEN is here and acceptable: is a connection one too many? One that loses hears
   * nothing but that (RFC 4271 section 6.8): it does not get to OpenConfirm first.
   */
  private Peering settle(
      Peering peering,
      Direction direction,
      SessionEvent open,
      Negotiated negotiated,
      List<Step> steps) {
    SessionEvent dump = new SessionEvent.OpenCollisionDump();
    List<Direction> losers = new ArrayList<>();
    for (Direction other : direction.others()) {
      switch (peering.of(other)) {
        case State.Established(_, var current) when takesOver(current, negotiated) -> {}
        case State.Established _ -> losers.add(direction);
        case State.OpenConfirm _ -> losers.add(loser(direction, other, negotiated));
        case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> {}
      }
    }
    if (losers.contains(direction)) {
      return step(peering, direction, dump, steps);
    }
    Peering next = step(peering, direction, open, steps);
    for (Direction other : losers) {
      next = step(next, other, dump, steps);
    }
    return next;
  }

  /** RFC 4724 section 4.2: whether a new connection means that the old one is dead. */
  private static boolean takesOver(Negotiated current, Negotiated negotiated) {
    return !current.helping().families().isEmpty()
        || negotiated.peerRestart() instanceof Negotiated.PeerRestart.On on && on.restarting();
  }

  private Direction loser(Direction direction, Direction other, Negotiated negotiated) {
    if (direction.dials() == other.dials()) {
      return other; // Both are the peer's: it wants the later one.
    }
    boolean keepDialed = higher(negotiated);
    return direction.dials() == keepDialed ? other : direction;
  }

  /** Whether this side's identifier is the higher one; RFC 6286: else its ASN. */
  private boolean higher(Negotiated negotiated) {
    int order = unsigned(config.routerId(), negotiated.peerId());
    return order > 0 || order == 0 && config.localAsn() > negotiated.peerAsn();
  }

  private static int unsigned(Inet4Address a, Inet4Address b) {
    return Arrays.compareUnsigned(a.getAddress(), b.getAddress());
  }
}

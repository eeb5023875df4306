package dev.peerage.bgp.session;

import dev.peerage.bgp.session.Negotiated.PeerRestart;
import dev.peerage.bgp.session.PeeringTransition.Step;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the two FSMs of a peer and leaves one connection of two (RFC 4271 section 6.8). Pure but for
 * the jitter.
 */
public final class PeeringFsm {
  private final SessionConfig config;
  private final SessionFsm dialed;
  private final SessionFsm accepted;

  /** The FSM of a peer with this configuration. */
  public PeeringFsm(SessionConfig config, Jitter jitter) {
    this.config = config;
    dialed = new SessionFsm(config, Lane.DIALED, jitter);
    accepted = new SessionFsm(config, Lane.ACCEPTED, jitter);
  }

  /**
   * What the event on this lane leads to, on both lanes. ManualStart and ManualStop concern both,
   * whichever is named. Never throws.
   */
  public PeeringTransition on(Peering peering, Lane lane, SessionEvent event) {
    List<Step> steps = new ArrayList<>();
    if (event instanceof SessionEvent.ManualStart || event instanceof SessionEvent.ManualStop) {
      Peering both = step(peering, Lane.DIALED, event, steps);
      return new PeeringTransition(step(both, Lane.ACCEPTED, event, steps), steps);
    }
    Peering next = step(peering, lane, event, steps);
    State before = peering.of(lane);
    State after = next.of(lane);
    Lane other = lane.other();
    if (after instanceof State.OpenConfirm(_, var negotiated)
        && !(before instanceof State.OpenConfirm)) {
      next = settle(next, lane, negotiated, steps);
    } else if (after instanceof State.Established && !(before instanceof State.Established)) {
      next = step(next, other, new SessionEvent.OpenCollisionDump(), steps);
    } else if (holdsSession(before) && !holdsSession(after)) {
      next = step(next, other, new SessionEvent.AutomaticStart(), steps);
    }
    return new PeeringTransition(next, steps);
  }

  private static boolean holdsSession(State state) {
    return state instanceof State.OpenConfirm || state instanceof State.Established;
  }

  private Peering step(Peering peering, Lane lane, SessionEvent event, List<Step> steps) {
    State from = peering.of(lane);
    Transition transition =
        switch (lane) {
          case DIALED -> dialed.on(from, event);
          case ACCEPTED -> accepted.on(from, event);
        };
    if (!transition.next().equals(from) || !transition.actions().isEmpty()) {
      steps.add(new Step(lane, from, transition));
    }
    return peering.with(lane, transition.next());
  }

  /** The OPENs of this lane are exchanged: is the other connection one too many? */
  private Peering settle(Peering peering, Lane lane, Negotiated negotiated, List<Step> steps) {
    return switch (peering.of(lane.other())) {
      case State.Established _ when restarted(negotiated) ->
          step(peering, lane.other(), new SessionEvent.Superseded(), steps);
      case State.Established _ -> step(peering, lane, new SessionEvent.OpenCollisionDump(), steps);
      case State.OpenConfirm _ ->
          step(peering, winner(negotiated).other(), new SessionEvent.OpenCollisionDump(), steps);
      case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> peering;
    };
  }

  private static boolean restarted(Negotiated negotiated) {
    return negotiated.peerRestart() instanceof PeerRestart.On on && on.restarting();
  }

  /** The connection that the side with the higher identifier opened; RFC 6286: else ASN. */
  private Lane winner(Negotiated negotiated) {
    int order = unsigned(config.routerId(), negotiated.peerId());
    if (order == 0) {
      order = Long.compare(config.localAsn(), negotiated.peerAsn());
    }
    return order > 0 ? Lane.DIALED : Lane.ACCEPTED;
  }

  private static int unsigned(Inet4Address a, Inet4Address b) {
    return Arrays.compareUnsigned(a.getAddress(), b.getAddress());
  }
}

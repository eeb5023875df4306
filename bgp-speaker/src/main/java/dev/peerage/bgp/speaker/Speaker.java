package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A BGP speaker: desired state in, state of the wire out. One event loop thread owns all instances,
 * their sessions, RIBs and timers; every method may be called from any thread.
 */
public final class Speaker {
  private volatile SpeakerState state = SpeakerState.EMPTY;

  private Speaker() {}

  /** Starts a speaker that does nothing until {@link #apply}. */
  public static Speaker start(SpeakerSettings settings) {
    return new Speaker();
  }

  /**
   * Makes this the speaker's whole desired state, with the least disruption: what did not change is
   * not touched, and the same state twice sends nothing. The state must be complete, because
   * End-of-RIB follows the routes that are known when a session comes up.
   *
   * @return done when the change is made on the event loop; sessions come up later
   */
  public CompletableFuture<Void> apply(DesiredSpeaker desired) {
    return CompletableFuture.completedFuture(null);
  }

  /** What is on the wire now. Cheap. */
  public SpeakerState state() {
    return state;
  }

  /**
   * The routes of a table, sorted by prefix, then best first; empty when the instance or the peer
   * does not exist.
   */
  public CompletableFuture<List<RouteView>> routes(
      String instance, RouteTable table, AddressFamily family) {
    return CompletableFuture.completedFuture(List.of());
  }

  /**
   * Calls the listener after changes of state or tables, many changes at once. It runs on the event
   * loop and must not block.
   */
  public void onChange(Runnable listener) {}

  /** Closes all sessions and sockets, then ends the event loop. */
  public CompletableFuture<Void> close(Shutdown how) {
    return CompletableFuture.completedFuture(null);
  }
}

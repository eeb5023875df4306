package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.RouteBudget;
import dev.peerage.bgp.session.Jitter;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.transport.Network;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BGP speaker: desired state in, state of the wire out. One event loop thread owns all instances,
 * their sessions, RIBs and timers; every method may be called from any thread.
 */
public final class Speaker {
  private static final Logger log = LoggerFactory.getLogger(Speaker.class);

  private final Network network;
  private final Environment environment;
  private final InstanceListener changes = new Changes();
  private final Publisher publisher;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<SpeakerEvent>> eventListeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closes = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile SpeakerState state = SpeakerState.EMPTY;

  // Owned by the event loop.
  private final Instances instances;
  private boolean closed;

  private Speaker(SpeakerSettings settings) {
    network = Network.start(part -> SpeakerMetrics.fault(settings.metrics(), part));
    publisher = new Publisher(network.tasks(), this::publish);
    environment =
        new Environment(
            settings,
            network,
            Jitter.of(RandomGenerator.getDefault()),
            HostName.read(),
            new RouteBudget(settings.routes().bytes()),
            new Meters(settings.metrics()));
    instances = new Instances(environment, settings.restarting(), changes);
  }

  /** Starts a speaker that does nothing until {@link #apply}. */
  public static Speaker start(SpeakerSettings settings) {
    return new Speaker(settings);
  }

  /**
   * Makes this the speaker's whole desired state, with the least disruption: what did not change is
   * not touched, and the same state twice sends nothing. The state must be complete: sessions start
   * with it, and End-of-RIB follows the routes that are known then. Whoever does not know all
   * routes yet waits with the first call (RFC 4724 section 4.1).
   *
   * <p>A caller that holds much derives the next state from the last one instead of building it
   * anew: prefixes by {@link dev.peerage.bgp.prefix.PrefixSet#with} and {@code without}, and every
   * statement, policy and peer that did not change as the same object. One changed route then costs
   * the same among ten and among a hundred thousand; of a policy, each statement is looked at, but
   * not what is in it.
   *
   * <p>Many routes are taken over in slices, between which sessions live on. A state that is
   * applied meanwhile is reached from there. Peers hear of it when all its routes are taken over:
   * withdrawals first, then announcements, then End-of-RIB.
   *
   * @return done when the change is made on the event loop; sessions come up later. Fails with
   *     {@link IllegalStateException} when the speaker is closed
   */
  public CompletableFuture<Void> apply(DesiredSpeaker desired) {
    return apply(desired, StopReason.DECONFIGURED);
  }

  /**
   * Like {@link #apply(DesiredSpeaker)}.
   *
   * @param toRemoved what peers hear that are no longer part of the desired state
   */
  public CompletableFuture<Void> apply(DesiredSpeaker desired, StopReason toRemoved) {
    return apply(desired, toRemoved, true);
  }

  /**
   * Like {@link #apply(DesiredSpeaker)}, while not all peers are known: those that a later state
   * brings may, as those of this one, still keep what the process before this one told them.
   */
  public CompletableFuture<Void> applyBeforeAllPeersAreKnown(DesiredSpeaker desired) {
    return apply(desired, StopReason.DECONFIGURED, false);
  }

  private CompletableFuture<Void> apply(
      DesiredSpeaker desired, StopReason toRemoved, boolean allPeers) {
    return onLoop(() -> {
      if (closed) {
        throw new IllegalStateException("the speaker is closed");
      }
      try {
        return instances.change(desired, toRemoved, allPeers);
      } finally {
        publisher.changed();
      }
    });
  }

  /** What is on the wire now. Cheap. */
  public SpeakerState state() {
    return state;
  }

  /**
   * The routes of a table, sorted by prefix, then best first, in pieces: however many they are, few
   * are held at once. Empty when the instance or the peer does not exist.
   */
  public RoutePieces read(String instance, RouteTable table, AddressFamily family) {
    return new RoutePieces(network.tasks(), instances, instance, table, family);
  }

  /** As {@link #read}, all of them in one list, which may be large. */
  public CompletableFuture<List<RouteView>> routes(
      String instance, RouteTable table, AddressFamily family) {
    return rest(read(instance, table, family), new ArrayList<>());
  }

  /**
   * The routes of a table to one prefix, best first. Costs the same in a table of any size. Empty
   * when the instance or the peer does not exist.
   */
  public CompletableFuture<List<RouteView>> routes(
      String instance, RouteTable table, Prefix prefix) {
    return RouteLookup.of(network.tasks(), instances, instance, table, prefix, prefix.length());
  }

  /**
   * As {@link #routes(String, RouteTable, Prefix)}, of the longest prefix of the table that
   * contains this one: what a router would use for it.
   */
  public CompletableFuture<List<RouteView>> longestMatch(
      String instance, RouteTable table, Prefix prefix) {
    return RouteLookup.of(network.tasks(), instances, instance, table, prefix, 0);
  }

  private static CompletableFuture<List<RouteView>> rest(
      RoutePieces pieces, List<RouteView> before) {
    return pieces
        .next()
        .thenCompose(piece -> {
          before.addAll(piece);
          return piece.isEmpty()
              ? CompletableFuture.completedFuture(List.copyOf(before))
              : rest(pieces, before);
        });
  }

  /**
   * Calls the listener after changes of state or tables, many changes at once; message counts alone
   * are none. It runs on the event loop and must not block.
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Calls the listener with every event. It runs on the event loop and must not block. */
  public void onEvent(Consumer<SpeakerEvent> listener) {
    eventListeners.add(listener);
  }

  /**
   * Closes all sessions and sockets, then ends the event loop. Later calls change nothing.
   *
   * @return done when the peers have closed too, or after a second
   */
  public CompletableFuture<Void> close(Shutdown how) {
    return close(how, "Peerage stops");
  }

  /**
   * Like {@link #close(Shutdown)}.
   *
   * @param words what the peers' operators read beside an Administrative Shutdown (RFC 9003); cut
   *     after 255 octets of UTF-8; empty = nothing
   */
  public CompletableFuture<Void> close(Shutdown how, String words) {
    if (closes.compareAndSet(false, true)) {
      onLoop(() -> stopAll(how, words))
          .exceptionally(_ -> null) // told already; the loop ends all the same
          .thenCompose(_ -> network.close())
          .whenComplete((_, _) -> ended.complete(null));
    }
    return ended;
  }

  private CompletableFuture<Void> stopAll(Shutdown how, String words) {
    closed = true;
    CompletableFuture<Void> stopped = instances.stopAll(how, words);
    publisher.changed();
    publisher.publish();
    return stopped;
  }

  /** What the instances tell. */
  private final class Changes implements InstanceListener {
    @Override
    public void changed() {
      publisher.changed();
    }

    @Override
    public void counted() {
      publisher.counted();
    }

    @Override
    public void overBudget() {
      instances.relieve();
    }

    @Override
    public void happened(SpeakerEvent event) {
      eventListeners.forEach(listener -> call(() -> listener.accept(event)));
    }
  }

  private void publish(boolean changed) {
    state = new SpeakerState(instances.states());
    if (changed) {
      listeners.forEach(Speaker::call);
    }
  }

  private static void call(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException | Error e) {
      log.error("a listener to the speaker failed; the others are called all the same", e);
    }
  }

  /**
   * Asks the event loop for a sign of life.
   *
   * @param answer called on the loop, unless it has ended
   */
  public void ping(Runnable answer) {
    try {
      network.tasks().execute(answer);
    } catch (RejectedExecutionException e) {
      log.debug("The speaker is closed; nobody answers", e);
    }
  }

  private <T> CompletableFuture<T> onLoop(Callable<CompletableFuture<T>> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      network
          .tasks()
          .execute(() -> {
            try {
              task.call()
                  .whenComplete((value, failure) -> {
                    if (failure == null) {
                      result.complete(value);
                    } else {
                      result.completeExceptionally(failure);
                    }
                  });
            } catch (Throwable e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IllegalStateException("the speaker is closed", e));
    }
    return result;
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.Retention;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.RouteRefresh;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what {@link Retention} decides about one peer: its timers, and the RIB's stale routes. */
final class StaleRoutes {
  private static final Logger log = LoggerFactory.getLogger(StaleRoutes.class);

  private final Rib rib;
  private final String peer;
  private final String title;
  private final Tasks tasks;
  private final Supplier<Instant> now;
  private final Runnable changed;
  private final Map<AddressFamily, Future<?>> timers = new EnumMap<>(AddressFamily.class);
  private Retention retention = Retention.NONE;

  /**
   * Nothing is stale yet.
   *
   * @param peer its name in the RIB
   * @param title the session for logs
   * @param changed called after changes of the RIB
   */
  StaleRoutes(
      Rib rib, String peer, String title, Tasks tasks, Supplier<Instant> now, Runnable changed) {
    this.rib = rib;
    this.peer = peer;
    this.title = title;
    this.tasks = tasks;
    this.now = now;
    this.changed = changed;
  }

  /** The session is up and the RIB knows it. */
  void up(Negotiated negotiated, Duration longest) {
    run(retention.up(negotiated, longest));
  }

  /** The session is down; the RIB is told here. */
  void down(Negotiated negotiated, Set<AddressFamily> kept, Duration longest) {
    run(retention.down(negotiated, kept, longest));
  }

  void endOfRib(AddressFamily family) {
    log.debug("{}: End-of-RIB of {}", title, family);
    run(retention.endOfRib(family));
  }

  /** BoRR or EoRR. */
  void refresh(RouteRefresh marker, Negotiated negotiated, Duration longest) {
    marker
        .family()
        .ifPresent(family -> {
          Retention before = retention;
          run(
              marker.subtype() == RouteRefresh.BEGIN
                  ? retention.refreshBegins(family, negotiated, longest)
                  : retention.refreshEnds(family));
          if (retention.equals(before) && marker.subtype() == RouteRefresh.BEGIN) {
            log.debug("{}: beginning of a refresh of {} ignored", title, family);
          }
        });
  }

  /** The peer is gone for good. */
  void forget() {
    timers.values().forEach(timer -> timer.cancel(false));
    timers.clear();
    retention = Retention.NONE;
    rib.peerDown(peer, now.get());
    changed.run();
  }

  private void run(Retention.Change change) {
    retention = change.next();
    change.steps().forEach(this::run);
    if (!change.steps().isEmpty()) {
      changed.run();
    }
  }

  private void run(Retention.Step step) {
    switch (step) {
      case Retention.Step.Keep(var families, var older) -> {
        if (!families.isEmpty()) {
          log.info("{}: keeps the peer's routes of {} while it is away", title, families);
        }
        rib.peerStale(peer, families, older, now.get());
      }
      case Retention.Step.Mark(var family) -> rib.markStale(peer, family, now.get());
      case Retention.Step.Retain(var families) -> rib.retainStale(peer, families, now.get());
      case Retention.Step.Purge(var family) -> rib.purgeStale(peer, family, now.get());
      case Retention.Step.Depreference(var family) -> {
        log.info("{}: routes of {} are used only where there is no other now", title, family);
        rib.longLived(peer, family, now.get());
      }
      case Retention.Step.Start(var family, var after) -> {
        stop(family);
        timers.put(family, tasks.schedule(() -> expired(family), after));
      }
      case Retention.Step.Stop(var family) -> stop(family);
    }
  }

  private void expired(AddressFamily family) {
    timers.remove(family);
    log.info("{}: the time of stale routes of {} is over", title, family);
    run(retention.expired(family));
  }

  private void stop(AddressFamily family) {
    Future<?> timer = timers.remove(family);
    if (timer != null) {
      timer.cancel(false);
    }
  }
}

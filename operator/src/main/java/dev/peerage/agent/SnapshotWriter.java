package dev.peerage.agent;

import dev.peerage.peering.NodeSnapshot;
import dev.peerage.snapshot.Moment;
import dev.peerage.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the snapshot is written: a second after a change, so that what belongs together is
 * written together; then not before {@link #INTERVAL} is over, nor twenty times as long as the last
 * write took, so that writing takes a twentieth of a core at most while changes go on, however many
 * Services there are; and now and then without a change, so that its age says how long ago it was
 * true. While the API server is away only a change is written that it had told before, with the
 * time at which it was certain.
 */
final class SnapshotWriter {
  static final Duration SETTLE = Duration.ofSeconds(1);
  static final Duration INTERVAL = Duration.ofSeconds(1);
  static final Duration RETRY = Duration.ofMinutes(1);
  private static final int SHARE = 20;

  /** How often an unchanged snapshot is written while it may be a day old. */
  private static final int REFRESHES = 24;

  private static final Logger log = LoggerFactory.getLogger(SnapshotWriter.class);

  private final Timing timing;
  private final Supplier<Moment> clock;
  private final BooleanSupplier current;
  private final Target target;
  private final Duration refresh;
  private final AtomicBoolean changed = new AtomicBoolean();
  private volatile Optional<Supplier<NodeSnapshot>> latest = Optional.empty();

  // Only touched by tasks of the timing's one thread.
  private Duration earliest;
  private Optional<Duration> due = Optional.empty();
  private boolean failing;

  /** A change is not on disk yet. */
  private boolean pending;

  /** When the API server was there at that change; empty when it was not. */
  private Optional<Moment> certain = Optional.empty();

  /** Where snapshots go. */
  interface Target {
    /** Writes it as a whole or not at all; returns how many bytes. */
    long write(Snapshot snapshot) throws IOException;
  }

  /**
   * Writes nothing before the first change.
   *
   * @param clock what time it is when a snapshot is taken
   * @param current whether the watches tell of every change at present
   * @param maxAge how old a snapshot may become
   */
  SnapshotWriter(
      Timing timing,
      Supplier<Moment> clock,
      BooleanSupplier current,
      Target target,
      Duration maxAge) {
    this.timing = timing;
    this.clock = clock;
    this.current = current;
    this.target = target;
    this.refresh = maxAge.dividedBy(REFRESHES);
    this.earliest = timing.elapsed();
  }

  /**
   * What is to be kept has changed. Any thread; never blocks; many calls cost one write.
   *
   * @param objects reads what is to be kept, on the timing's thread, at the time of writing
   */
  void changed(Supplier<NodeSnapshot> objects) {
    latest = Optional.of(objects);
    if (changed.compareAndSet(false, true)) {
      timing.schedule(Duration.ZERO, this::plan);
    }
  }

  private void plan() {
    changed.set(false);
    if (!pending) {
      pending = true;
      certain = current.getAsBoolean() ? Optional.of(clock.get()) : Optional.empty();
    }
    Duration wait = earliest.minus(timing.elapsed());
    schedule(wait.compareTo(SETTLE) > 0 ? wait : SETTLE);
  }

  private void schedule(Duration wait) {
    Duration at = timing.elapsed().plus(wait);
    if (due.isEmpty() || at.compareTo(due.get()) < 0) {
      due = Optional.of(at);
      timing.schedule(wait, this::look);
    }
  }

  private void look() {
    // A later write that was moved forward has left its task behind.
    if (due.isPresent() && due.get().compareTo(timing.elapsed()) <= 0) {
      due = Optional.empty();
      write();
    }
  }

  private void write() {
    Optional<Moment> taken = current.getAsBoolean() ? Optional.of(clock.get()) : certain;
    if (taken.isEmpty()) {
      // What is on disk says when it was last certain; that is not now.
      schedule(INTERVAL);
      return;
    }
    Duration began = timing.elapsed();
    try {
      var snapshot = new Snapshot(taken.get(), latest.orElseThrow().get());
      long bytes = target.write(snapshot);
      log.debug("Wrote a snapshot of {} bytes", bytes);
      Duration pause = timing.elapsed().minus(began).multipliedBy(SHARE);
      earliest = timing.elapsed().plus(pause.compareTo(INTERVAL) > 0 ? pause : INTERVAL);
      if (failing) {
        log.info("The snapshot is written again");
      }
      failing = false;
      pending = false;
      certain = Optional.empty();
      schedule(refresh.compareTo(INTERVAL) > 0 ? refresh : INTERVAL);
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        log.warn(
            "The snapshot could not be written; sessions and routes do not depend on it, but an"
                + " agent that restarts while the API server is away announces nothing, or what the"
                + " last snapshot says; trying again every minute: {}",
            e.toString());
      }
      failing = true;
      earliest = timing.elapsed().plus(RETRY);
      schedule(RETRY);
    }
  }
}

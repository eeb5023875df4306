package dev.peerage.watch;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/**
 * Watches, a loop that plans when they tell of a change, and writes. It watches as soon as asked,
 * but writes only as the leader.
 */
public abstract class Controller implements AutoCloseable {
  private final String name;
  private final ReconcileLoop loop;

  /** What it watches. */
  protected final Watches watches;

  /** What it writes, by the name of an object. */
  protected final KeyedWrites<String> writes;

  /**
   * A controller that does nothing yet.
   *
   * @param name what it takes care of, for logs and metrics
   */
  protected Controller(String name, MeterRegistry metrics) {
    this.name = name;
    loop = new ReconcileLoop(name, this::everything, this::round, metrics);
    watches = new Watches(loop::signal);
    writes = new KeyedWrites<>(loop::signal);
  }

  /** What it takes care of. */
  public final String name() {
    return name;
  }

  /** Starts to watch; nothing is written yet. */
  public final void watch() {
    watches.start();
  }

  /** Starts to write: this process is the leader. */
  public final void lead() {
    loop.start();
  }

  /** The kinds that have not been listed yet. */
  public final List<String> missing() {
    return watches.missing();
  }

  /** Whether the loop runs or waits to be started. */
  public final boolean alive() {
    return loop.alive();
  }

  /** Ends the writes under way, then the watches. */
  @Override
  public final void close() {
    loop.close();
    writes.close();
    watches.close();
  }

  /** Asks for a round. Any thread. */
  protected final void signal() {
    loop.signal();
  }

  /** The next round looks at everything: what it finds right costs no write. */
  protected void everything() {
    watches.touchAll();
  }

  private Duration round() {
    return missing().isEmpty() ? reconcile() : ReconcileLoop.RESYNC;
  }

  /**
   * Plans and writes; everything has been listed. Throws a {@link RuntimeException} when it shall
   * be repeated soon.
   *
   * @return when the next round is due without a signal, at most {@link ReconcileLoop#RESYNC}
   */
  protected abstract Duration reconcile();
}

package dev.peerage.watch;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that reconciles what has changed whenever it is signalled, and everything every ten
 * minutes. Signals that arrive while it works cost one more round. A round that fails is repeated,
 * at the next signal or after a delay that doubles up to a minute; it never gives up.
 */
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);

  /** The longest time between two rounds, and the time between two that look at everything. */
  public static final Duration RESYNC = Duration.ofMinutes(10);

  private final String name;
  private final Runnable everything;
  private final Round round;
  private final Duration resync;
  private final Timer succeeded;
  private final Timer failed;
  private final BlockingQueue<Boolean> signals = new ArrayBlockingQueue<>(1);
  private final Thread thread;
  private volatile boolean closed;
  private Duration next;
  private long resynced;

  /**
   * A loop that does nothing yet.
   *
   * @param name what it takes care of, for logs and metrics
   * @param everything called before a round that shall look at everything
   */
  public ReconcileLoop(String name, Runnable everything, Round round, MeterRegistry metrics) {
    this(name, everything, round, metrics, RESYNC);
  }

  ReconcileLoop(
      String name, Runnable everything, Round round, MeterRegistry metrics, Duration resync) {
    this.name = name;
    this.everything = everything;
    this.round = round;
    this.resync = resync;
    this.next = resync;
    var timer = Timer.builder("peerage.operator.reconcile").tag("loop", name);
    succeeded = timer.tag("outcome", "success").register(metrics);
    failed = timer.tag("outcome", "failure").register(metrics);
    thread = Thread.ofPlatform().name(name + "-loop").unstarted(this::run);
  }

  /** Starts with a round. */
  public void start() {
    signal();
    thread.start();
  }

  /** Asks for a round. Any thread; never blocks. */
  public void signal() {
    // A full queue already holds a signal for a round that starts later than now.
    boolean _ = signals.offer(true);
  }

  /** Whether the thread runs, or has not been started yet. */
  public boolean alive() {
    return thread.getState() != Thread.State.TERMINATED;
  }

  /** Lets a round that has begun finish, for at most five seconds, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    signal();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        thread.interrupt();
        boolean _ = thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var failures = 0;
    resynced = System.nanoTime();
    try {
      while (!closed) {
        var wait = min(failures == 0 ? next : RetryDelay.after(failures), untilResync());
        var _ = signals.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (!closed) {
          if (!untilResync().isPositive()) {
            resynced = System.nanoTime();
            everything.run();
          }
          failures = round(failures);
        }
      }
    } catch (InterruptedException e) {
      log.debug("The loop {} ends", name);
    }
  }

  private Duration untilResync() {
    return resync.minusNanos(System.nanoTime() - resynced);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private int round(int failures) throws InterruptedException {
    var start = System.nanoTime();
    try {
      next = round.run();
      succeeded.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      return 0;
    } catch (RuntimeException e) {
      failed.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      if (closed) {
        return failures;
      }
      // The API server's own words are enough; anything else is a fault of ours.
      log.error(
          "Reconciling {} failed, attempt {}; trying again in {} s or at the next change: {}",
          name,
          failures + 1,
          RetryDelay.after(failures + 1).toSeconds(),
          e.getMessage(),
          e instanceof KubernetesClientException ? null : e);
      return failures + 1;
    }
  }

  /** Brings the cluster to where it should be. */
  public interface Round {
    /**
     * Throws a {@link RuntimeException} when not all could be done.
     *
     * @return when the next round is due without a signal, at most {@link #RESYNC}
     */
    Duration run() throws InterruptedException;
  }
}

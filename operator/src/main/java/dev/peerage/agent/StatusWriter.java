package dev.peerage.agent;

import dev.peerage.kube.ApiServerAway;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a status is written: at once when the last write is old enough, else when it is; the
 * final state always; nothing when it is stored already. A failed write is repeated, see {@link
 * RetryPolicy#STATUS}.
 */
final class StatusWriter {
  /** The least time between two writes of a node. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private final BooleanSupplier status;
  private final Timing timing;
  private final AtomicBoolean changed = new AtomicBoolean();
  private volatile boolean closed;

  // Only touched by tasks of the timing's one thread.
  private Duration earliest;
  private int failures;
  private boolean planned;

  /**
   * Starts with a right to write at once.
   *
   * @param status computes the status, stores it when what is stored differs, and says whether
   */
  StatusWriter(BooleanSupplier status, Timing timing) {
    this.status = status;
    this.timing = timing;
    this.earliest = timing.elapsed();
  }

  /**
   * Something changed that the status shows. Any thread; never blocks; many calls cost one look.
   */
  void changed() {
    if (changed.compareAndSet(false, true)) {
      timing.schedule(Duration.ZERO, this::plan);
    }
  }

  private void plan() {
    changed.set(false);
    if (planned) {
      return;
    }
    Duration wait = earliest.minus(timing.elapsed());
    if (wait.isPositive()) {
      planned = true;
      timing.schedule(wait, this::write);
    } else {
      write();
    }
  }

  /** Ends all writing; a write under way may fail in silence. */
  void close() {
    closed = true;
  }

  private void write() {
    planned = false;
    if (closed) {
      return;
    }
    try {
      if (status.getAsBoolean()) {
        earliest = timing.elapsed().plus(INTERVAL);
      }
      failures = 0;
    } catch (RuntimeException | Error e) {
      // An Error as well: the executor would keep it to itself, and nobody would try again.
      if (closed) {
        return;
      }
      Duration delay = RetryPolicy.STATUS.after(++failures);
      if (!ApiServerAway.isMeantBy(e)) {
        log.warn(
            "The status of this node's CiliumBGPNodeConfig could not be written; sessions and"
                + " routes do not depend on it; next try in {} s: {}",
            delay.toSeconds(),
            e instanceof KubernetesClientException refused ? Writes.reason(refused) : e.toString());
      }
      earliest = timing.elapsed().plus(delay);
      planned = true;
      timing.schedule(delay, this::write);
    }
  }
}

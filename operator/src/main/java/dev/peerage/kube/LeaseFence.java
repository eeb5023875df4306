package dev.peerage.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process may write what no two processes may write at a time, for as long as it holds
 * the lease once. A leader that is cut off is not told that another one leads: so it counts for
 * itself, from the moment at which it sent the renewal that succeeded last. Nobody can have seen
 * that renewal earlier, and whoever sees it waits for the whole duration of the lease. No clock of
 * another machine plays a part.
 *
 * <p>What is to be done waits here: until the lease is held, and again as soon as a renewal has
 * failed, since the API server is probably away. Once the lease is lost it is dropped. Any thread.
 */
public final class LeaseFence {
  /** Less than {@link Elector#DURATION} by as much as a request under way may take. */
  private static final Duration SAFE = Duration.ofSeconds(10);

  /** The client doubles it up to 32 times as long. */
  private static final int WATCH_AGAIN_MILLIS = 30;

  private final Duration safe;
  private final Supplier<Duration> elapsed;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private Duration until = Duration.ZERO;
  private State state = State.CLOSED;

  private enum State {
    /** The lease is not held yet, or the last renewal has failed. */
    CLOSED,
    /** The last renewal has succeeded. */
    OPEN,
    /** The lease is lost. */
    LOST
  }

  /** A fence of a process that does not hold the lease yet. */
  public LeaseFence() {
    this(SAFE, () -> Duration.ofNanos(System.nanoTime()));
  }

  /**
   * The same by another clock.
   *
   * @param safe for how long after its renewal nobody takes the lease: less than its duration, by
   *     as much as a request under way may take
   * @param elapsed the time since some moment, by a clock that nobody sets
   */
  LeaseFence(Duration safe, Supplier<Duration> elapsed) {
    this.safe = safe;
    this.elapsed = elapsed;
  }

  /**
   * A client that sends each request once. Fabric8's repeats one that has failed, for up to half a
   * minute: a write that was allowed when it was first tried would be sent when another process
   * leads. A watch that has ended it tries again after a second at most, so that this process knows
   * soon what has changed while the API server was away.
   *
   * @param config where the API server is
   * @param reading how objects are read
   */
  public static KubernetesClient client(Config config, KubernetesSerialization reading) {
    return ApiServerAway.told(
            new KubernetesClientBuilder()
                .withHttpClientFactory(PingedClients.of(config))
                .withKubernetesSerialization(reading)
                .withConfig(
                    PingedClients.config(config)
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectInterval(WATCH_AGAIN_MILLIS)
                        .build()),
            "agents go on with what they know, and nothing is written before it answers",
            RefusedWatches.logged())
        .build();
  }

  /** The time by its clock. */
  Duration now() {
    return elapsed.get();
  }

  /**
   * The lease has been renewed, or taken.
   *
   * @param sent when the request for it was sent
   */
  synchronized void renewed(Duration sent) {
    if (state == State.LOST) {
      return;
    }
    until = sent.plus(safe);
    state = State.OPEN;
    for (@Nullable Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  /** An attempt to renew the lease has failed: nothing new begins before one succeeds. */
  synchronized void doubt() {
    if (state == State.OPEN) {
      state = State.CLOSED;
    }
  }

  /** For good: this process has lost the lease, or gives it up. */
  public synchronized void lose() {
    state = State.LOST;
    waiting.clear();
  }

  /** Whether the lease is certainly this process's now, and will be for a moment. */
  public synchronized boolean holds() {
    return state != State.LOST && elapsed.get().compareTo(until) < 0;
  }

  /**
   * Starts something now, or once the lease is held; never if it is lost before.
   *
   * @param start must not block
   */
  public synchronized void whenHeld(Runnable start) {
    switch (state) {
      case OPEN -> {
        if (holds()) {
          start.run();
        } else {
          waiting.add(start);
        }
      }
      case CLOSED -> waiting.add(start);
      case LOST -> {}
    }
  }
}

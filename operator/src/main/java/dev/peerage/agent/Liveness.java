package dev.peerage.agent;

import dev.peerage.agent.AgentLoop.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the BGP event loop and the planning thread still turn. Neither waits for a peer or
 * for the API server, so that what stands still here is this program's own fault, and a restart
 * helps. No kubelet asks: a probe needs a port, which another program of the node may have
 * (docs/adr/0015).
 */
final class Liveness implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Liveness.class);
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** The loop's turns take milliseconds. With less CPU than it needs a look takes longer too. */
  static final int LOOKS_FOR_SPEAKER = 18;

  /** A round over ten thousand Services takes seconds, on a throttled CPU much more. */
  static final int LOOKS_FOR_PLANNING = 60;

  private final Consumer<Runnable> ping;
  private final Supplier<Progress> planning;
  private final BooleanSupplier planningRuns;
  private final Thread thread;
  private final CompletableFuture<Map<String, String>> failed = new CompletableFuture<>();
  private final AtomicLong answered = new AtomicLong();
  private long asked;
  private volatile boolean closed;
  private volatile Pulse speakerPulse = Pulse.FIRST;
  private volatile Pulse planningPulse = Pulse.FIRST;

  /**
   * Looks at nothing before it is started.
   *
   * @param ping asks the event loop to run something
   * @param planning how far the planning thread is
   * @param planningRuns whether there is a planning thread, or will be once it is started
   */
  Liveness(Consumer<Runnable> ping, Supplier<Progress> planning, BooleanSupplier planningRuns) {
    this.ping = ping;
    this.planning = planning;
    this.planningRuns = planningRuns;
    this.thread = Thread.ofPlatform().name("liveness").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Nothing that stops from now on is told: it is meant to. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        try {
          look();
        } catch (RuntimeException | Error e) {
          log.error("The look at the event loop and the planning thread failed; it is repeated", e);
        }
      }
    } catch (InterruptedException e) {
      log.debug("Nobody looks at the event loop and the planning thread any more");
    }
  }

  /** One look at both. */
  void look() {
    long answers = answered.get();
    speakerPulse = speakerPulse.look(answers < asked, answers);
    if (answers == asked) {
      asked++;
      ping.accept(answered::incrementAndGet);
    }
    Progress progress = planning.get();
    planningPulse = planningPulse.look(progress.working(), progress.round());
    Map<String, String> failures = failures();
    if (!failures.isEmpty() && !closed) {
      boolean _ = failed.complete(failures);
    }
  }

  /** Completes, with what stands still by name, at the first look that finds something. */
  CompletionStage<Map<String, String>> failure() {
    return failed;
  }

  /** What stands still, by name. Any thread. */
  Map<String, String> failures() {
    Map<String, String> failures = new TreeMap<>();
    if (speakerPulse.missed() >= LOOKS_FOR_SPEAKER) {
      failures.put(
          "bgp",
          "the event loop of the BGP speaker has not answered for "
              + INTERVAL.multipliedBy(LOOKS_FOR_SPEAKER).toSeconds()
              + " s or longer; its sessions and routes stand still");
    }
    if (planningPulse.missed() >= LOOKS_FOR_PLANNING) {
      failures.put(
          "planning",
          "a round of planning takes longer than "
              + INTERVAL.multipliedBy(LOOKS_FOR_PLANNING).toMinutes()
              + " min; routes no longer follow the cluster");
    }
    if (!planningRuns.getAsBoolean()) {
      failures.put("loop", "the planning thread has ended; routes no longer follow the cluster");
    }
    return failures;
  }
}

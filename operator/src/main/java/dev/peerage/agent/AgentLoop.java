package dev.peerage.agent;

import dev.peerage.announce.NodePlan;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Severity;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one thread that plans. Signals only wake it; signals that arrive while it works cost one more
 * round. A round that fails is repeated, and what runs keeps running.
 */
final class AgentLoop {
  private static final Logger log = LoggerFactory.getLogger(AgentLoop.class);

  private final Round round;
  private final RetryPolicy retry;
  private final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);
  private final Thread thread;
  private List<Problem> reported = List.of();
  private volatile boolean ready;
  private volatile Progress progress = new Progress(false, 0);

  /**
   * How far the loop is.
   *
   * @param working whether a round is under way; if not, the loop waits for a signal
   * @param round its number, or that of the last one
   */
  record Progress(boolean working, long round) {}

  /**
   * The loop does nothing until it is started.
   *
   * @param retry when a round that failed is repeated, unless a signal comes earlier
   */
  AgentLoop(Round round, RetryPolicy retry) {
    this.round = round;
    this.retry = retry;
    this.thread = Thread.ofPlatform().name("agent-loop").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Asks for a round. Any thread; never blocks. */
  void signal() {
    // A full queue already holds a wake-up for a round that starts later than now.
    boolean _ = wakeUps.offer(true);
  }

  /** Whether a complete plan has reached the speaker. */
  boolean ready() {
    return ready;
  }

  /** How far it is. Any thread. */
  Progress progress() {
    return progress;
  }

  /** Whether the thread runs, or has not been started yet. */
  boolean alive() {
    return thread.getState() != Thread.State.TERMINATED;
  }

  /** Ends the thread; a round under way is interrupted. */
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join(Duration.ofMillis(300));
  }

  private void run() {
    int failures = 0;
    try {
      while (true) {
        if (failures > 0) {
          var _ = wakeUps.poll(retry.after(failures).toMillis(), TimeUnit.MILLISECONDS);
        } else {
          wakeUps.take();
        }
        progress = new Progress(true, progress.round() + 1);
        try {
          round();
          failures = 0;
        } catch (RuntimeException | Error e) {
          failures++;
          log.error(
              "Planning failed; sessions and routes stay as they are; next try in {} ms or at the"
                  + " next change",
              retry.after(failures).toMillis(),
              e);
        } finally {
          progress = new Progress(false, progress.round());
        }
      }
    } catch (InterruptedException e) {
      log.debug("The agent's loop ends");
    }
  }

  private void round() throws InterruptedException {
    Optional<NodePlan> plan = round.plan();
    if (plan.isPresent()) {
      report(plan.get().problems());
      round.apply(plan.get());
      ready = true;
    }
  }

  private void report(List<Problem> problems) {
    if (problems == reported) {
      return;
    }
    Set<Problem> before = new LinkedHashSet<>(reported);
    Set<Problem> now = new LinkedHashSet<>(problems);
    List<Problem> arisen = problems.stream().filter(each -> !before.contains(each)).toList();
    List<Problem> solved = reported.stream().filter(each -> !now.contains(each)).toList();
    reported = problems;
    arisen.forEach(problem ->
        log.atLevel(problem.severity() == Severity.NOTE ? Level.INFO : Level.WARN)
            .log("{}", problem));
    solved.stream()
        .filter(problem -> problem.severity() != Severity.NOTE)
        .forEach(problem -> log.info("Solved: {}", problem));
    if (!arisen.isEmpty() || !solved.isEmpty()) {
      round.problemsChanged(arisen, solved);
    }
  }

  /** What a round does. */
  interface Round {
    /** The plan for the objects as they are now; empty as long as they are not all known. */
    Optional<NodePlan> plan();

    /** Hears of other problems than in the last plan, before {@link #apply}. */
    void problemsChanged(List<Problem> arisen, List<Problem> solved);

    /**
     * Brings the speaker to this plan; throws a {@link RuntimeException} when it refuses. What it
     * refused is not lost: it is part of the plans that follow.
     */
    void apply(NodePlan plan) throws InterruptedException;
  }
}

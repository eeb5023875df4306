package dev.peerage.agent;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Time as the status writer sees it: a monotonic clock and one thread that runs tasks later. */
interface Timing {
  /** Time since some fixed moment. */
  Duration elapsed();

  /** Runs a task after a delay, one task at a time. Does nothing after the end. */
  void schedule(Duration delay, Runnable task);

  /** Real time on an executor with a single thread. */
  static Timing on(ScheduledExecutorService executor) {
    return new Timing() {
      @Override
      public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
      }

      @Override
      public void schedule(Duration delay, Runnable task) {
        try {
          executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
          if (!executor.isShutdown()) {
            throw e;
          }
        }
      }
    };
  }
}

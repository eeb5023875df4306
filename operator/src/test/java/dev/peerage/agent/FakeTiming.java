package dev.peerage.agent;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that moves only when a test says so. Tasks run on the test's thread. */
final class FakeTiming implements Timing {
  private record Task(Duration at, long order, Runnable task) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::order));
  private Duration now = Duration.ofHours(1);
  private long order;

  @Override
  public Duration elapsed() {
    return now;
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), order++, task));
  }

  /** Lets time pass while a task runs: what falls due meanwhile runs behind it. */
  void pass(Duration by) {
    now = now.plus(by);
  }

  /** Lets time pass and runs what falls due, in order. */
  void advance(Duration by) {
    Duration end = now.plus(by);
    for (Task next = tasks.peek();
        next != null && next.at().compareTo(end) <= 0;
        next = tasks.peek()) {
      tasks.remove();
      now = next.at().compareTo(now) > 0 ? next.at() : now;
      next.task().run();
    }
    now = end.compareTo(now) > 0 ? end : now;
  }

  void advanceMillis(long millis) {
    advance(Duration.ofMillis(millis));
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers the ROUTE-REFRESH requests of one session. A request of 23 bytes makes work for the whole
 * table, so a peer that repeats it would keep the loop from everybody else: after an answer the
 * next one waits 1 s, and at least 20 times as long as the answer took; requests meanwhile become
 * one.
 */
final class RefreshRequests {
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHARE = 20;

  private final Tasks tasks;
  private final Consumer<AddressFamily> answer;
  private final Map<AddressFamily, Future<?>> pauses = new EnumMap<>(AddressFamily.class);
  private final Set<AddressFamily> waiting = EnumSet.noneOf(AddressFamily.class);

  RefreshRequests(Tasks tasks, Consumer<AddressFamily> answer) {
    this.tasks = tasks;
    this.answer = answer;
  }

  /** The peer wants the routes of a family again. */
  void request(AddressFamily family) {
    if (pauses.containsKey(family)) {
      waiting.add(family);
      return;
    }
    long start = tasks.nanoTime();
    answer.accept(family);
    long pause = Math.max(SHORTEST_NANOS, SHARE * (tasks.nanoTime() - start));
    pauses.put(family, tasks.schedule(() -> resume(family), Duration.ofNanos(pause)));
  }

  private void resume(AddressFamily family) {
    pauses.remove(family);
    if (waiting.remove(family)) {
      request(family);
    }
  }

  /** The session is down. */
  void stop() {
    pauses.values().forEach(pause -> pause.cancel(false));
    pauses.clear();
    waiting.clear();
  }
}

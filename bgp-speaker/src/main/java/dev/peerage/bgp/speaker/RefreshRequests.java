package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.RouteRefresh;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the ROUTE-REFRESH requests of one session. A request of 23 bytes makes work for the whole
 * table, so a peer that repeats it would keep the loop from everybody else: after an answer the
 * next one waits 1 s, and at least 20 times as long as the answer took; requests meanwhile become
 * one.
 */
final class RefreshRequests {
  private static final Logger log = LoggerFactory.getLogger(RefreshRequests.class);
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHARE = 20;

  private final String title;
  private final LogLimit lines;
  private final Tasks tasks;
  private final Consumer<AddressFamily> answer;
  private final Map<AddressFamily, Future<?>> pauses = new EnumMap<>(AddressFamily.class);
  private final Set<AddressFamily> waiting = EnumSet.noneOf(AddressFamily.class);

  /**
   * None so far.
   *
   * @param title the session for logs
   * @param answer sends the routes of a family again
   */
  RefreshRequests(String title, LogLimit lines, Tasks tasks, Consumer<AddressFamily> answer) {
    this.title = title;
    this.lines = lines;
    this.tasks = tasks;
    this.answer = answer;
  }

  /**
   * A ROUTE-REFRESH has come, or a mark of the peer's own refresh.
   *
   * @param stale what the marks are for
   * @param longest how long the peer's refresh may take
   */
  void received(RouteRefresh request, Negotiated negotiated, StaleRoutes stale, Duration longest) {
    switch (request.subtype()) {
      case RouteRefresh.REQUEST ->
          request.family().filter(negotiated.families()::contains).ifPresent(this::request);
      case RouteRefresh.BEGIN, RouteRefresh.END -> stale.refresh(request, negotiated, longest);
      default ->
          lines.log(more ->
              log.warn(
                  "{}: ROUTE-REFRESH of the unknown subtype {} ignored{}",
                  title,
                  request.subtype(),
                  more));
    }
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

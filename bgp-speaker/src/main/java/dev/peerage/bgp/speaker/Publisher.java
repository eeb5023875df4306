package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Tasks;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a snapshot of the state is made: at the end of the turn of the event loop in which
 * something changed, but not sooner than 20 ms after the last one, so that a table that arrives
 * costs no snapshot per message. Message counts alone wait up to a second. To be used on the event
 * loop only.
 */
final class Publisher {
  static final Duration SHORTEST = Duration.ofMillis(20);
  private static final Duration COUNTS = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Tasks tasks;
  private final Publication publication;
  private long last;
  private @Nullable Future<?> counts;
  private boolean scheduled;
  private boolean changed;
  private int failures;

  /** Makes a snapshot. */
  interface Publication {
    /**
     * Makes a snapshot.
     *
     * @param changed whether something besides message counts may be different
     */
    void publish(boolean changed);
  }

  Publisher(Tasks larger, Publication publication) {
    this.tasks = larger.of(Tasks.Part.SPEAKER, "the speaker's state", this::failed);
    this.publication = publication;
    this.last = now() - SHORTEST.toNanos();
  }

  /** A session, a route count or a listener changed. */
  void changed() {
    changed = true;
    if (scheduled) {
      return;
    }
    scheduled = true;
    long wait = SHORTEST.toNanos() - (now() - last);
    if (wait > 0) {
      tasks.schedule(this::publish, Duration.ofNanos(wait));
    } else {
      tasks.execute(this::publish);
    }
  }

  void counted() {
    if (counts == null) {
      counts = tasks.schedule(this::publish, COUNTS);
    }
  }

  /** Makes a snapshot now. */
  void publish() {
    if (counts != null) {
      counts.cancel(false);
      counts = null;
    }
    boolean really = changed;
    scheduled = false;
    changed = false;
    last = now();
    try {
      publication.publish(really);
      failures = 0;
    } catch (RuntimeException | Error e) {
      changed = really;
      throw e;
    }
  }

  /** What could not be told is told later: the next change may be far away. */
  private void failed(Throwable fault) {
    if (!scheduled) {
      scheduled = true;
      Duration wait = Duration.ofSeconds(1L << Math.min(failures, 5));
      failures++;
      tasks.schedule(this::publish, wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
    }
  }

  private long now() {
    return tasks.nanoTime();
  }
}

package dev.peerage.bgp.speaker;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

  private final EventLoop loop;
  private final Publication publication;
  private long last;
  private @Nullable ScheduledFuture<?> counts;
  private boolean scheduled;
  private boolean changed;

  /** Makes a snapshot. */
  interface Publication {
    /**
     * Makes a snapshot.
     *
     * @param changed whether something besides message counts may be different
     */
    void publish(boolean changed);
  }

  Publisher(EventLoop loop, Publication publication) {
    this.loop = loop;
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
      loop.schedule(this::publish, wait, TimeUnit.NANOSECONDS);
    } else {
      loop.execute(this::publish);
    }
  }

  void counted() {
    if (counts == null) {
      counts = loop.schedule(this::publish, COUNTS.toMillis(), TimeUnit.MILLISECONDS);
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
    publication.publish(really);
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}

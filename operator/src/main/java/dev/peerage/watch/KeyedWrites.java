package dev.peerage.watch;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the API server: of one object one at a time and the newest only, of different objects
 * several at a time. One that fails is repeated, after a delay that doubles up to a minute, until
 * it succeeds, is replaced by a newer one, or is overtaken by a change of the object, of which the
 * watch tells. It never gives up.
 *
 * @param <K> names an object
 */
public final class KeyedWrites<K> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyedWrites.class);
  private static final int AT_A_TIME = 16;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final Map<K, Queue> queues = new HashMap<>();
  private final Later later;
  private final Runnable done;
  private boolean closed;

  /**
   * Nothing to write yet.
   *
   * @param done called after each write that is not repeated; must not block
   */
  public KeyedWrites(Runnable done) {
    this.done = done;
    later =
        (delay, task) ->
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(task);
  }

  KeyedWrites(Later later) {
    this.later = later;
    done = () -> {};
  }

  /** Runs something after a delay. */
  interface Later {
    void run(Duration delay, Runnable task);
  }

  private record Write(Object content, String what, Runnable request) {}

  /** The writes of one object. */
  private static final class Queue {
    Optional<Write> next = Optional.empty();

    /** What the newest write brings, until it is done. */
    Optional<Object> content = Optional.empty();

    boolean running;
    boolean cancelled;
    int failures;
  }

  /**
   * Writes an object, instead of what was still to be written to it.
   *
   * @param what for the log: the object and what happens to it
   * @param request throws {@link KubernetesClientException} when it fails
   */
  public void submit(K key, String what, Runnable request) {
    submit(key, request, what, request);
  }

  /**
   * Writes an object, instead of what was still to be written to it; does nothing when just this is
   * under way or waits for its next attempt.
   *
   * @param content equal for requests that bring the same
   * @param what for the log: the object and what happens to it
   * @param request throws {@link KubernetesClientException} when it fails
   */
  public synchronized void submit(K key, Object content, String what, Runnable request) {
    if (closed) {
      return;
    }
    var queue = queues.computeIfAbsent(key, _ -> new Queue());
    if (queue.content.filter(content::equals).isPresent()) {
      return;
    }
    queue.content = Optional.of(content);
    queue.next = Optional.of(new Write(content, what, request));
    queue.failures = 0;
    queue.cancelled = false;
    if (!queue.running) {
      queue.running = true;
      executor.execute(() -> run(key, queue));
    }
  }

  /** What was still to be written to an object need not be written any more. */
  public synchronized void cancel(K key) {
    var queue = queues.get(key);
    if (queue != null) {
      queue.next = Optional.empty();
      queue.content = Optional.empty();
      queue.cancelled = true; // The one under way is not repeated either.
      if (!queue.running) {
        queues.remove(key);
      }
    }
  }

  private void run(K key, Queue queue) {
    for (var write = take(key, queue); write.isPresent(); write = take(key, queue)) {
      if (!attempt(write.get())) {
        repeat(key, queue, write.get());
        return;
      }
      finish(queue, write.get());
      done.run();
    }
  }

  private synchronized void finish(Queue queue, Write write) {
    queue.content = queue.content.filter(newest -> newest != write.content);
  }

  private synchronized Optional<Write> take(K key, Queue queue) {
    var write = closed ? Optional.<Write>empty() : queue.next;
    queue.next = Optional.empty();
    if (write.isEmpty()) {
      queue.running = false;
      queues.remove(key, queue);
    }
    return write;
  }

  private boolean attempt(Write write) {
    slots.acquireUninterruptibly();
    try {
      write.request.run();
      log.debug("{}: done", write.what);
      return true;
    } catch (KubernetesClientException e) {
      if (Writes.isOvertaken(e)) {
        log.debug("{}: the object has changed meanwhile; planning anew", write.what);
        return true;
      }
      log.error("{} failed, it will be tried again: {}", write.what, Writes.reason(e));
      return false;
    } catch (RuntimeException e) {
      log.error("{} failed, it will be tried again", write.what, e);
      return false;
    } finally {
      slots.release();
    }
  }

  private synchronized void repeat(K key, Queue queue, Write write) {
    queue.running = false;
    if (queue.next.isEmpty()) {
      if (queue.cancelled) {
        queues.remove(key, queue);
        return;
      }
      queue.next = Optional.of(write);
      queue.failures++;
    }
    var delay = RetryDelay.after(queue.failures);
    log.debug("{}: the next attempt is in {} s", write.what, delay.toSeconds());
    later.run(delay, () -> resume(key, queue));
  }

  private void resume(K key, Queue queue) {
    synchronized (this) {
      if (queue.running || queue.next.isEmpty()) {
        return; // A newer write was faster.
      }
      queue.running = true;
    }
    run(key, queue);
  }

  /** Lets the requests under way end, for at most five seconds; what waits is not written. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      queues.clear();
    }
    executor.shutdown();
    try {
      if (!executor.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("Some writes have not ended after {} s", LAST_WORDS.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

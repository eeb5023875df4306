package dev.peerage.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Requests to the API server that do not depend on each other. */
final class Parallel {
  private static final int AT_A_TIME = 16;

  private Parallel() {}

  /**
   * Does something for each item, several at a time; one that fails does not stop the others.
   *
   * @throws RuntimeException one of the failures
   */
  static <T> void each(Collection<T> items, Consumer<T> request) {
    if (items.size() == 1) {
      items.forEach(request);
      return;
    }
    var slots = new Semaphore(AT_A_TIME);
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        executor.execute(() -> {
          slots.acquireUninterruptibly();
          try {
            request.accept(item);
          } catch (RuntimeException e) {
            failures.add(e);
          } catch (Error e) {
            // The thread would keep it to itself, and the item would pass for done.
            failures.add(new IllegalStateException(e));
          } finally {
            slots.release();
          }
        });
      }
    }
    Optional.ofNullable(failures.peek())
        .ifPresent(first -> {
          throw failures.size() == 1
              ? first
              : new KubernetesClientException(
                  first.getMessage() + " (and " + (failures.size() - 1) + " more)", first);
        });
  }
}

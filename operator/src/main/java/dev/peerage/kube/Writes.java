package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the API server of one round: independent of each other and several at a time. One that
 * is refused does not stop the others.
 */
public final class Writes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Writes.class);
  private static final int AT_A_TIME = 16;

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final List<CompletableFuture<?>> running = new ArrayList<>();

  /**
   * Starts a write.
   *
   * @param what for the log: the object and what happens to it
   */
  public void add(String what, Runnable write) {
    running.add(
        CompletableFuture.runAsync(
            () -> {
              slots.acquireUninterruptibly();
              try {
                write.run();
                log.debug("{}: done", what);
              } catch (KubernetesClientException e) {
                if (!isOvertaken(e)) {
                  throw new KubernetesClientException(what + ": " + reason(e), e);
                }
                log.debug("{}: the object has changed meanwhile; planning anew", what);
              } finally {
                slots.release();
              }
            },
            executor));
  }

  /** The API server's sentence, without what the client wraps around it. */
  public static @Nullable String reason(KubernetesClientException e) {
    Status status = e.getStatus();
    return status == null || status.getMessage() == null ? e.getMessage() : status.getMessage();
  }

  /** Somebody was faster; the watch tells what there is now. */
  public static boolean isOvertaken(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }

  /**
   * Waits for all writes.
   *
   * @throws KubernetesClientException the first failure, with the number of others
   */
  public void await() {
    var failures = new ArrayList<Throwable>();
    for (CompletableFuture<?> write : running) {
      try {
        var _ = write.join();
      } catch (CompletionException e) {
        failures.add(Objects.requireNonNullElse(e.getCause(), e));
      }
    }
    running.clear();
    if (!failures.isEmpty()) {
      Throwable first = failures.getFirst();
      throw new KubernetesClientException(
          first.getMessage()
              + (failures.size() == 1 ? "" : " (and " + (failures.size() - 1) + " more)"),
          first);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}

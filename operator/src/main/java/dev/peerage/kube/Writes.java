package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Writes to the API server, only of the leader, and several at a time, so that a burst does not use
 * up the API server's patience. Any thread.
 */
public final class Writes {
  private static final int AT_A_TIME = 16;

  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final BooleanSupplier leads;

  /**
   * Writes that nobody else makes.
   *
   * @param leads whether this process may write, asked before each write
   */
  public Writes(BooleanSupplier leads) {
    this.leads = leads;
  }

  /**
   * Writes, once a slot is free.
   *
   * @throws KubernetesClientException when it failed, or this process may not write any more
   */
  public void run(Runnable write) {
    slots.acquireUninterruptibly();
    try {
      if (!leads.getAsBoolean()) {
        throw new NotHeldException();
      }
      write.run();
    } finally {
      slots.release();
    }
  }

  /**
   * Waits until all writes under way have been answered, or given up, for some time at most.
   *
   * @return whether that is so: no write of before can reach the API server later
   */
  public boolean finish(Duration longest) throws InterruptedException {
    boolean finished = slots.tryAcquire(AT_A_TIME, longest.toMillis(), TimeUnit.MILLISECONDS);
    if (finished) {
      slots.release(AT_A_TIME);
    }
    return finished;
  }

  /**
   * Writes, once a slot is free.
   *
   * @return false when the object has changed or gone since the decision
   * @throws KubernetesClientException when it failed otherwise and is to be tried again
   */
  public boolean attempt(Runnable write) {
    return unlessOvertaken(() -> run(write));
  }

  /** Whether a write has succeeded; false when the object has changed or gone meanwhile. */
  public static boolean unlessOvertaken(Runnable write) {
    try {
      write.run();
      return true;
    } catch (KubernetesClientException e) {
      if (isOvertaken(e)) {
        return false;
      }
      throw e;
    }
  }

  /** The API server's sentence, without what the client wraps around it. */
  public static String reason(KubernetesClientException e) {
    Status status = e.getStatus();
    String message =
        status == null || status.getMessage() == null ? e.getMessage() : status.getMessage();
    return Objects.requireNonNullElse(message, e.toString());
  }

  /** Somebody was faster; the watch tells what there is now. */
  public static boolean isOvertaken(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }
}

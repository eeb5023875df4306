package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the API server, several at a time, so that a burst does not use up its patience. */
final class StatusWrites {
  private static final Logger log = LoggerFactory.getLogger(StatusWrites.class);
  private static final int AT_A_TIME = 16;

  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final BooleanSupplier leads;

  /**
   * Writes that nobody else makes.
   *
   * @param leads whether this process may write, asked before each write
   */
  StatusWrites(BooleanSupplier leads) {
    this.leads = leads;
  }

  /**
   * Writes, once a slot is free.
   *
   * @param what for the log: the object and what happens to it
   * @return false when the object has changed or gone since the decision
   * @throws KubernetesClientException when it failed otherwise and is to be tried again
   */
  boolean attempt(String what, Runnable write) {
    slots.acquireUninterruptibly();
    try {
      if (!leads.getAsBoolean()) {
        throw new KubernetesClientException(
            "the lease has not been renewed in time, another operator may lead by now");
      }
      write.run();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        log.debug("{}: the object has changed meanwhile; deciding anew", what);
        return false;
      }
      log.error("{} failed, it will be tried again: {}", what, reason(e));
      throw e;
    } finally {
      slots.release();
    }
  }

  /** The API server's sentence, without what the client wraps around it. */
  private static String reason(KubernetesClientException e) {
    Status status = e.getStatus();
    String message =
        status == null || status.getMessage() == null ? e.getMessage() : status.getMessage();
    return Objects.requireNonNullElse(message, e.toString());
  }
}

package dev.peerage.lab;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what speakers do, for a limited time. */
final class Await {
  private static final int LIMIT_SECONDS = 10;

  private Await() {}

  static <T> T answer(CompletableFuture<T> future) throws LabException, InterruptedException {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LabException("a speaker failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new LabException("a speaker did not answer within " + LIMIT_SECONDS + " s", e);
    }
  }

  /** At the end, when nothing can be done about a failure. */
  static void quietly(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // The process ends anyway.
    }
  }
}

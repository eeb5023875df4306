package dev.peerage.kube;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks on another executor as soon as the lease is held, and none once it is lost. */
public final class FencedExecutor extends AbstractExecutorService {
  private static final Logger log = LoggerFactory.getLogger(FencedExecutor.class);

  private final LeaseFence fence;
  private final ExecutorService executor;

  /**
   * An executor that has nothing to do yet.
   *
   * @param executor runs the tasks, and is shut down with this one
   */
  public FencedExecutor(LeaseFence fence, ExecutorService executor) {
    this.fence = fence;
    this.executor = executor;
  }

  @Override
  public void execute(Runnable task) {
    fence.whenHeld(() -> {
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        log.debug("The executor has ended");
      }
    });
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}

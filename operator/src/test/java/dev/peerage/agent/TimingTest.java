package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final Duration DELAY = Duration.ofMillis(20);

  @Test
  void runsATaskWhenItsTimeHasCome() throws Exception {
    try (ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor()) {
      Timing timing = Timing.on(executor);
      CompletableFuture<Duration> ran = new CompletableFuture<>();
      Duration start = timing.elapsed();
      timing.schedule(DELAY, () -> ran.complete(timing.elapsed()));
      assertThat(ran.get(60, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(start.plus(DELAY));
    }
  }

  @Test
  void doesNothingAfterTheEnd() {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    executor.shutdownNow();
    Timing.on(executor)
        .schedule(
            Duration.ZERO,
            () -> {
              throw new AssertionError("nothing runs any more");
            });
    assertThat(executor.isTerminated()).isTrue();
  }
}

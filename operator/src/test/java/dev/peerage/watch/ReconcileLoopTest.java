package dev.peerage.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicInteger resyncs = new AtomicInteger();

  @Test
  void looksAtEverythingAgainAndAgainWithoutASignal() {
    try (var loop = loop(() -> {}, Duration.ofMillis(5))) {
      loop.start();

      await().untilAsserted(() -> assertThat(resyncs).hasValueGreaterThan(2));
      assertThat(rounds).hasValueGreaterThan(2);
    }
  }

  @Test
  void aSignalIsNoReasonToLookAtEverything() {
    try (var loop = loop(() -> {}, ReconcileLoop.RESYNC)) {
      loop.start();
      for (var round = 1; round < 4; round++) {
        var wanted = round;
        await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThanOrEqualTo(wanted));
        loop.signal();
      }

      await().untilAsserted(() -> assertThat(rounds).hasValue(4));
      assertThat(resyncs).hasValue(0);
    }
  }

  @Test
  void repeatsARoundThatFailsWithoutASignal() {
    Runnable failsOnce =
        () -> {
          if (rounds.get() == 1) {
            throw new IllegalStateException("first");
          }
        };
    try (var loop = loop(failsOnce, ReconcileLoop.RESYNC)) {
      loop.start();

      await().untilAsserted(() -> assertThat(rounds).hasValue(2));
      await().untilAsserted(() -> assertThat(timed("success")).isEqualTo(1));
      assertThat(timed("failure")).isEqualTo(1);
      assertThat(loop.alive()).isTrue();
    }
  }

  @Test
  void delaysDoubleUpToAMinuteAndNeverEnd() {
    assertThat(IntStream.rangeClosed(1, 9).mapToLong(it -> RetryDelay.after(it).toSeconds()))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    assertThat(RetryDelay.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
  }

  private long timed(String outcome) {
    return metrics.get("peerage.operator.reconcile").tag("outcome", outcome).timer().count();
  }

  private ReconcileLoop loop(Runnable work, Duration resync) {
    return new ReconcileLoop(
        "test",
        resyncs::incrementAndGet,
        () -> {
          rounds.incrementAndGet();
          work.run();
          return resync;
        },
        metrics,
        resync);
  }
}

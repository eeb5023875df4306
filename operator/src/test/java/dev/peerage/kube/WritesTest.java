package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WritesTest {
  private final Writes writes = new Writes(() -> true);

  @Test
  void tellsWhatIsOvertakenFromWhatHasFailed() {
    assertThat(writes.attempt(() -> {})).isTrue();
    assertThat(writes.attempt(() -> fail(409))).isFalse();
    assertThat(writes.attempt(() -> fail(404))).isFalse();
    assertThatThrownBy(() -> writes.attempt(() -> fail(429)))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void writesNothingWithoutTheLease() {
    var fenced = new Writes(() -> false);
    assertThatThrownBy(() -> fenced.attempt(() -> fail(400)))
        .hasMessageContaining("another operator may lead");
  }

  private static void fail(int code) {
    throw new KubernetesClientException(new StatusBuilder().withCode(code).build());
  }

  @Test
  void sixteenAtATime() {
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    var sixteen = new CountDownLatch(16);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 100; i++) {
        var _ =
            executor.submit(() ->
                writes.attempt(() -> {
                  most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                  sixteen.countDown();
                  await(sixteen);
                  atOnce.decrementAndGet();
                }));
      }
    }
    assertThat(most).hasValue(16);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

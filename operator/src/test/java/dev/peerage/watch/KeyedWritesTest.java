package dev.peerage.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyedWritesTest {
  /** What waits for its next attempt. */
  private final BlockingQueue<Delayed> delayed = new LinkedBlockingQueue<>();

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final KeyedWrites<String> writes =
      new KeyedWrites<>((delay, task) -> delayed.add(new Delayed(delay, task)));

  private record Delayed(Duration delay, Runnable task) {}

  @AfterEach
  void close() {
    writes.close();
  }

  @Test
  void repeatsARefusedWriteWithGrowingDelaysUntilItSucceeds() throws InterruptedException {
    var attempts = new CopyOnWriteArrayList<Integer>();
    writes.submit(
        "a",
        "writing a",
        () -> {
          attempts.add(1);
          if (attempts.size() < 12) {
            throw new KubernetesClientException("refused", 500, null);
          }
          done.add("a");
        });

    var delays = new CopyOnWriteArrayList<Long>();
    for (var attempt = 1; attempt < 12; attempt++) {
      var next = delayed.take();
      delays.add(next.delay.toSeconds());
      next.task.run();
    }

    assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L, 60L);
    assertThat(done).containsExactly("a");
    assertThat(delayed).isEmpty();
  }

  @Test
  void aNewerWriteTakesThePlaceOfOneThatWaits() throws InterruptedException {
    writes.submit("a", "writing a", this::refuse);
    var waiting = delayed.take();
    writes.submit("a", "writing a anew", () -> done.add("new"));
    await().untilAsserted(() -> assertThat(done).containsExactly("new"));

    waiting.task.run();

    assertThat(done).containsExactly("new");
    assertThat(delayed).isEmpty();
  }

  @Test
  void aCancelledWriteIsNotRepeated() throws InterruptedException {
    writes.submit("a", "writing a", this::refuse);
    var waiting = delayed.take();

    writes.cancel("a");
    waiting.task.run();

    assertThat(delayed).isEmpty();
    writes.submit("a", "writing a", () -> done.add("later"));
    await().untilAsserted(() -> assertThat(done).containsExactly("later"));
  }

  @Test
  void theSameOnceMoreKeepsItsDelay() throws InterruptedException {
    writes.submit("a", List.of("x"), "writing a", this::refuse);
    delayed.take().task.run();
    var waiting = delayed.take();
    assertThat(waiting.delay).hasSeconds(2);

    writes.submit("a", List.of("x"), "writing a", () -> done.add("same"));
    writes.submit("b", List.of("x"), "writing b", () -> done.add("other object"));
    await().untilAsserted(() -> assertThat(done).containsExactly("other object"));
    writes.submit("a", List.of("y"), "writing a", () -> done.add("other"));
    await().untilAsserted(() -> assertThat(done).containsExactly("other object", "other"));
    waiting.task.run();

    assertThat(done).containsExactly("other object", "other");
  }

  @Test
  void theSameAgainIsWrittenWhenItIsDone() {
    for (var time = 1; time <= 3; time++) {
      var times = time;
      await()
          .untilAsserted(() -> {
            writes.submit("a", List.of("x"), "writing a", () -> done.add("x"));
            assertThat(done).hasSizeGreaterThanOrEqualTo(times);
          });
    }
  }

  @Test
  void aChangeOfTheObjectMeanwhileEndsTheWrite() {
    for (var code : List.of(404, 409)) {
      writes.submit(
          "a" + code,
          "writing a",
          () -> {
            done.add("tried " + code);
            throw new KubernetesClientException("overtaken", code, null);
          });
    }

    await()
        .untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("tried 404", "tried 409"));
    writes.close();
    assertThat(delayed).isEmpty();
  }

  private void refuse() {
    throw new KubernetesClientException("refused", 500, null);
  }
}

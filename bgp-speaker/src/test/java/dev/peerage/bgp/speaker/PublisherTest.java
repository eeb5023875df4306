package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often a snapshot is made, on a real event loop. */
class PublisherTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final List<Snapshot> made = new CopyOnWriteArrayList<>();
  private final Publisher publisher =
      new Publisher(loop, changed -> made.add(new Snapshot(System.nanoTime(), changed)));

  private record Snapshot(long at, boolean changed) {}

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }

  private void onLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  @Test
  void manyChangesOfOneTurnAreOneSnapshot() {
    onLoop(() -> {
      for (int i = 0; i < 1000; i++) {
        publisher.changed();
      }
      assertThat(made).as("not in the turn itself").isEmpty();
    });
    await().atMost(LIMIT).until(() -> !made.isEmpty());
    onLoop(() -> {});

    assertThat(made).hasSize(1).allMatch(Snapshot::changed);
  }

  @Test
  void changesOfManyTurnsAreTwentyMillisecondsApart() {
    long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
    int turns = 0;
    while (System.nanoTime() < end) {
      onLoop(publisher::changed);
      turns++;
    }
    await().atMost(LIMIT).until(() -> made.size() >= 2);
    onLoop(() -> {});

    assertThat(made).hasSizeLessThan(turns);
    for (int i = 1; i < made.size(); i++) {
      assertThat(made.get(i).at() - made.get(i - 1).at())
          .isGreaterThanOrEqualTo(Publisher.SHORTEST.toNanos());
    }
  }

  @Test
  void messageCountsAloneComeLaterAndTellNobody() {
    onLoop(publisher::counted);
    onLoop(publisher::counted);

    await().atMost(LIMIT).until(() -> made.size() == 1);
    assertThat(made.getFirst().changed()).isFalse();
  }

  @Test
  void aChangeTakesTheMessageCountsAlong() {
    onLoop(() -> {
      publisher.counted();
      publisher.changed();
    });

    await().atMost(LIMIT).until(() -> made.size() == 1);
    assertThat(made.getFirst().changed()).isTrue();
  }
}

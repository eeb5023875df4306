package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a snapshot is made. */
class PublisherTest {
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  private final VirtualLoop time = new VirtualLoop();
  private final List<Snapshot> made = new ArrayList<>();
  private final Publisher publisher =
      new Publisher(time.tasks(), changed -> made.add(new Snapshot(time.now(), changed)));

  private record Snapshot(long at, boolean changed) {}

  @Test
  void manyChangesOfOneTurnAreOneSnapshot() {
    time.loop()
        .execute(() -> {
          for (int i = 0; i < 1000; i++) {
            publisher.changed();
          }
          assertThat(made).as("not in the turn itself").isEmpty();
        });
    time.run();
    time.pass(Duration.ofHours(1));

    assertThat(made).hasSize(1).allMatch(Snapshot::changed);
    assertThat(made.getFirst().at()).as("without delay").isZero();
  }

  @Test
  void changesOfManyTurnsAreTwentyMillisecondsApart() {
    int turns = 200;
    for (int i = 0; i < turns; i++) {
      publisher.changed();
      time.pass(MILLISECOND);
    }

    assertThat(made).hasSizeLessThan(turns).hasSize(11);
    for (int i = 1; i < made.size(); i++) {
      assertThat(made.get(i).at() - made.get(i - 1).at()).isEqualTo(Publisher.SHORTEST.toNanos());
    }
  }

  @Test
  void messageCountsAloneComeLaterAndTellNobody() {
    publisher.counted();
    publisher.counted();
    time.pass(Duration.ofMillis(999));
    assertThat(made).isEmpty();

    time.pass(MILLISECOND);

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().changed()).isFalse();
  }

  @Test
  void aChangeTakesTheMessageCountsAlong() {
    publisher.counted();
    publisher.changed();
    time.pass(Duration.ofHours(1));

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().changed()).isTrue();
  }

  @Test
  void aSnapshotThatFailedIsMadeAgainWithoutANewChange() {
    int[] faults = {3};
    Publisher failing =
        new Publisher(
            time.tasks(),
            changed -> {
              if (faults[0]-- > 0) {
                throw new AssertionError("a fault");
              }
              made.add(new Snapshot(time.now(), changed));
            });
    failing.changed();
    time.pass(Duration.ofSeconds(1 + 2));
    assertThat(made).isEmpty();

    time.pass(Duration.ofSeconds(4));

    assertThat(made).hasSize(1).allMatch(Snapshot::changed);
  }
}

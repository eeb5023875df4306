package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.snapshot.Moment;
import dev.peerage.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotWriterTest {
  private static final NodeSnapshot OBJECTS = Manifests.of(SeedLab.LAB).snapshot();

  private final FakeTiming timing = new FakeTiming();
  private final Duration start = timing.elapsed();
  private final List<Long> writes = new ArrayList<>();
  private final List<Snapshot> written = new ArrayList<>();
  private boolean current = true;
  private boolean full;
  private Duration takes = Duration.ZERO;
  private final SnapshotWriter writer =
      new SnapshotWriter(timing, this::now, () -> current, this::write, Duration.ofDays(1));

  private long seconds() {
    return timing.elapsed().minus(start).toSeconds();
  }

  private Moment now() {
    return new Moment(Instant.EPOCH.plus(timing.elapsed()), "boot", timing.elapsed());
  }

  private long write(Snapshot snapshot) throws IOException {
    writes.add(seconds());
    if (full) {
      throw new IOException("No space left on device");
    }
    written.add(snapshot);
    timing.pass(takes);
    return 1;
  }

  private void change() {
    writer.changed(() -> OBJECTS);
  }

  @Test
  void nothingIsWrittenBeforeAChange() {
    timing.advance(Duration.ofDays(2));

    assertThat(writes).isEmpty();
  }

  @Test
  void manyChangesAreOneWriteASecondLater() {
    for (int i = 0; i < 100; i++) {
      change();
      timing.advanceMillis(5);
    }
    timing.advance(Duration.ofSeconds(4));

    assertThat(writes).containsExactly(1L);
    assertThat(written.getFirst().taken().uptime()).isEqualTo(start.plusSeconds(1));
  }

  @Test
  void changesWithoutEndCostAWriteASecond() {
    for (int i = 0; i < 100; i++) {
      change();
      timing.advanceMillis(100);
    }

    assertThat(writes).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void whatTheApiServerToldBeforeItWentAwayIsWrittenWithTheTimeAtWhichItDid() {
    change();
    timing.advance(Duration.ofSeconds(10));
    change();
    timing.advanceMillis(500);
    current = false;
    timing.advance(Duration.ofHours(5));

    assertThat(writes).containsExactly(1L, 11L);
    assertThat(written.getLast().taken().uptime()).isEqualTo(start.plusSeconds(10));
  }

  @Test
  void aWriteThatTakesLongTakesATwentiethOfACoreAllTheSame() {
    takes = Duration.ofMillis(1500);
    for (int i = 0; i < 900; i++) {
      change();
      timing.advanceMillis(100);
    }

    assertThat(writes).containsExactly(1L, 32L, 64L);
  }

  @Test
  void unchangedItIsWrittenAgainSoThatItsAgeIsThatOfTheLastAnswer() {
    change();
    timing.advance(Duration.ofHours(3).plusMinutes(30));

    assertThat(written).hasSize(4);
    assertThat(written.getLast().taken().uptime()).isEqualTo(start.plusSeconds(1 + 3 * 3600));
  }

  @Test
  void aChangeDoesNotWaitForTheNextRefresh() {
    change();
    timing.advance(Duration.ofMinutes(10));
    change();
    timing.advance(Duration.ofSeconds(1));

    assertThat(writes).containsExactly(1L, 601L);
  }

  @Test
  void whileTheApiServerIsAwayTheOldOneStaysWithItsAge() {
    change();
    timing.advance(Duration.ofSeconds(10));
    current = false;
    change();
    timing.advance(Duration.ofHours(5));
    assertThat(writes).containsExactly(1L);

    current = true;
    timing.advance(Duration.ofSeconds(5));
    assertThat(writes).hasSize(2);
  }

  @Test
  void aFullDiskIsTriedAgainEveryMinute() {
    full = true;
    change();
    timing.advance(Duration.ofSeconds(130));
    assertThat(writes).containsExactly(1L, 61L, 121L);

    full = false;
    timing.advance(Duration.ofSeconds(60));
    assertThat(written).hasSize(1);
  }
}

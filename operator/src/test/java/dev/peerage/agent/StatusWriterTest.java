package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private final FakeTiming timing = new FakeTiming();
  private final Duration start = timing.elapsed();
  private final Store store = new Store();
  private final StatusWriter writer = new StatusWriter(store, timing);

  @Test
  void writesTheFirstChangeAtOnce() {
    change(1);
    timing.advanceMillis(0);
    assertThat(store.writes).containsExactly("1 after 0 ms");
  }

  @Test
  void anErrorIsTriedAgainLikeARefusal() {
    var broken = new AtomicInteger(1);
    var errors =
        new StatusWriter(
            () -> {
              if (broken.getAndDecrement() > 0) {
                throw new AssertionError("a fault of ours");
              }
              return true;
            },
            timing);
    errors.changed();
    timing.advanceMillis(5_000);
    assertThat(broken).hasValue(-1);
  }

  @Test
  void waitsUntilTheLastWriteIsFiveSecondsOldAndThenWritesTheFinalState() {
    change(1);
    timing.advanceMillis(1);
    change(2);
    timing.advanceMillis(1000);
    change(3);
    timing.advanceMillis(10_000);
    assertThat(store.writes).containsExactly("1 after 0 ms", "3 after 5000 ms");
  }

  @Test
  void writesAtOnceAgainAfterAQuietTime() {
    change(1);
    timing.advanceMillis(7000);
    change(2);
    timing.advanceMillis(0);
    assertThat(store.writes).containsExactly("1 after 0 ms", "2 after 7000 ms");
  }

  @Test
  void writesAtMostOncePerFiveSecondsWhateverHappens() {
    for (int i = 1; i <= 6000; i++) {
      change(i);
      timing.advanceMillis(10);
    }
    timing.advanceMillis(5000);
    assertThat(store.times).hasSize(13);
    assertThat(
            IntStream.range(1, 13).mapToObj(i -> store.times.get(i).minus(store.times.get(i - 1))))
        .allMatch(gap -> gap.compareTo(StatusWriter.INTERVAL) >= 0);
    assertThat(store.stored).isEqualTo(6000);
  }

  @Test
  void writesNothingWhenTheStateIsAsStored() {
    change(1);
    timing.advanceMillis(6000);
    change(2);
    change(1);
    timing.advanceMillis(60_000);
    assertThat(store.writes).containsExactly("1 after 0 ms");
  }

  @Test
  void aLookThatWroteNothingDoesNotDelayTheNextWrite() {
    writer.changed();
    timing.advanceMillis(1);
    change(1);
    timing.advanceMillis(0);
    assertThat(store.writes).containsExactly("1 after 1 ms");
  }

  @Test
  void repeatsAFailedWriteWithGrowingDelaysAndNewChangesDoNotHastenIt() {
    store.fails = true;
    change(1);
    timing.advanceMillis(1000);
    change(2);
    timing.advance(Duration.ofSeconds(600));
    assertThat(store.attempts.stream().map(at -> at.minus(start).toSeconds()))
        .startsWith(0L, 5L, 15L, 35L, 75L, 155L, 235L);
    store.fails = false;
    timing.advance(Duration.ofSeconds(80));
    assertThat(store.stored).isEqualTo(2);
    change(3);
    timing.advance(Duration.ofSeconds(5));
    assertThat(store.stored).isEqualTo(3);
  }

  private void change(int state) {
    store.state = state;
    writer.changed();
  }

  private final class Store implements BooleanSupplier {
    int state;
    int stored;
    boolean fails;
    final List<String> writes = new ArrayList<>();
    final List<Duration> times = new ArrayList<>();
    final List<Duration> attempts = new ArrayList<>();

    @Override
    public boolean getAsBoolean() {
      attempts.add(timing.elapsed());
      if (fails) {
        throw new IllegalStateException("the API server is away");
      }
      if (state == stored) {
        return false;
      }
      stored = state;
      times.add(timing.elapsed());
      writes.add(state + " after " + timing.elapsed().minus(start).toMillis() + " ms");
      return true;
    }
  }
}

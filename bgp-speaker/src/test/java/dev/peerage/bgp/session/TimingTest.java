package dev.peerage.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 4271 section 10 and 8.1.1: jitter, and how the waits between tries grow. */
class TimingTest {
  private static final Duration RETRY = Duration.ofSeconds(120);

  @Test
  void jitterIsSpreadOver75To100Percent() {
    Jitter jitter = Jitter.of(new Random(1));
    long[] millis =
        IntStream.range(0, 10_000)
            .mapToLong(_ -> jitter.apply(Duration.ofSeconds(30)).toMillis())
            .sorted()
            .toArray();

    assertThat(millis[0]).isBetween(22_500L, 22_600L);
    assertThat(millis[millis.length / 2]).isBetween(26_000L, 26_500L);
    assertThat(millis[millis.length - 1]).isBetween(29_900L, 30_000L);
  }

  @Test
  void soonAfterTheFirstFailureThenLessAndLessOften() {
    assertThat(IntStream.of(0, 1, 2, 3, 7, 8, 40, Integer.MAX_VALUE))
        .extracting(failures -> Backoff.after(failures, RETRY).toSeconds())
        .containsExactly(1L, 1L, 2L, 4L, 64L, 120L, 120L, 120L);
  }

  @Test
  void neverLongerThanConfigured() {
    assertThat(Backoff.after(5, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    assertThat(Backoff.after(0, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
  }
}

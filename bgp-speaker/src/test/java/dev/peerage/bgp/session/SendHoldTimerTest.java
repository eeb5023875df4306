package dev.peerage.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 9687 section 4.3, with the time given by hand. */
class SendHoldTimerTest {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  private SendHoldTimer watch = SendHoldTimer.start(LIMIT, seconds(0));

  private boolean expired(long waiting, long taken, int atSecond) {
    watch = watch.sample(waiting, taken, seconds(atSecond));
    return watch.expired(seconds(atSecond));
  }

  private static long seconds(int count) {
    // Anywhere: nanoTime may be negative and may overflow.
    return Long.MAX_VALUE - seconds().toNanos() + Duration.ofSeconds(count).toNanos();
  }

  private static Duration seconds() {
    return Duration.ofSeconds(100);
  }

  @Test
  void expiresWhenNothingLeavesForTheWholeTime() {
    assertThat(expired(1000, 0, 60)).isFalse();
    assertThat(expired(1000, 0, 479)).isFalse();
    assertThat(expired(1000, 0, 480)).isTrue();
  }

  @Test
  void oneOctetThatLeavesIsProgress() {
    assertThat(expired(1000, 0, 479)).isFalse();
    assertThat(expired(5000, 1, 480)).isFalse();
    assertThat(expired(5000, 1, 959)).isFalse();
    assertThat(expired(5000, 1, 960)).isTrue();
  }

  @Test
  void moreThatWaitsIsNone() {
    assertThat(expired(1000, 0, 240)).isFalse();
    assertThat(expired(9000, 0, 480)).isTrue();
  }

  @Test
  void nothingToSendIsNoStall() {
    assertThat(expired(0, 0, 480)).isFalse();
    assertThat(expired(0, 0, 4800)).isFalse();
    assertThat(expired(19, 0, 4801)).isFalse();
  }

  @Test
  void looksOftenEnough() {
    assertThat(watch.interval()).isEqualTo(Duration.ofMinutes(1));
  }
}

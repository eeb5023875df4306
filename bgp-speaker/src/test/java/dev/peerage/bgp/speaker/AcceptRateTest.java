package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptRateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AcceptRate rate = new AcceptRate();
  private long now = System.nanoTime() + SECOND;

  private int take(int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += rate.take(now) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstThenTwentyPerSecond() {
    assertThat(take(1000)).isEqualTo(AcceptRate.BURST);
    now += SECOND;
    assertThat(take(1000)).isEqualTo(20);
    now += 3600 * SECOND;
    assertThat(take(1000)).as("no credit beyond the burst").isEqualTo(AcceptRate.BURST);
  }

  @Test
  void aFewPerSecondAreNeverRefused() {
    List<Boolean> taken = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      now += SECOND / 10;
      taken.add(rate.take(now));
    }
    assertThat(taken).doesNotContain(false);
  }
}

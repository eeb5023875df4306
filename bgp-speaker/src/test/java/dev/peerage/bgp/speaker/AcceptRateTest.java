package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptRateTest {
  private final MockTicker clock = Ticker.newMockTicker();
  private final AcceptRate rate = new AcceptRate(clock);

  private int take(int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += rate.take() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstThenTwentyPerSecond() {
    assertThat(take(1000)).isEqualTo(AcceptRate.BURST);
    clock.advance(1, TimeUnit.SECONDS);
    assertThat(take(1000)).isEqualTo(20);
    clock.advance(1, TimeUnit.HOURS);
    assertThat(take(1000)).as("no credit beyond the burst").isEqualTo(AcceptRate.BURST);
  }

  @Test
  void aFewPerSecondAreNeverRefused() {
    List<Boolean> taken = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      clock.advance(100, TimeUnit.MILLISECONDS);
      taken.add(rate.take());
    }
    assertThat(taken).doesNotContain(false);
  }
}

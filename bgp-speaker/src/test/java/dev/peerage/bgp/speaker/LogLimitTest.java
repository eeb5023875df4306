package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLimitTest {
  private Instant now = Instant.EPOCH;
  private final List<String> lines = new ArrayList<>();
  private final LogLimit limit = new LogLimit(() -> now);

  private void log(int times) {
    for (int i = 0; i < times; i++) {
      limit.log(more -> lines.add("line" + more));
    }
  }

  @Test
  void lets10LinesThroughAndTellsHowManyItHeldBack() {
    log(25);
    assertThat(lines).hasSize(10).containsOnly("line");

    now = now.plus(Duration.ofSeconds(30));
    log(2);

    assertThat(lines).hasSize(11);
    assertThat(lines.getLast()).isEqualTo("line (15 lines like this were held back)");
  }

  @Test
  void savesNoMoreThan10LinesInAnHour() {
    now = now.plus(Duration.ofHours(1));

    log(20);

    assertThat(lines).hasSize(10);
  }

  @Test
  void goesOnAfterTheClockWasSetBack() {
    log(10);
    now = now.minus(Duration.ofDays(1));
    log(1);
    now = now.plus(Duration.ofSeconds(30));
    log(1);

    assertThat(lines).hasSize(11);
  }
}

package dev.peerage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private static Moment moment(String boot, long uptime, long afterNoon) {
    return new Moment(NOON.plusSeconds(afterNoon), boot, Duration.ofSeconds(uptime));
  }

  @Test
  void withinABootTheClockMayJumpEitherWay() {
    Moment earlier = moment("a", 100, 0);

    assertThat(moment("a", 130, 86_400).since(earlier)).contains(Duration.ofSeconds(30));
    assertThat(moment("a", 130, -86_400).since(earlier)).contains(Duration.ofSeconds(30));
  }

  @Test
  void acrossBootsTheClockDecides() {
    assertThat(moment("b", 5, 600).since(moment("a", 100, 0))).contains(Duration.ofMinutes(10));
    assertThat(moment("", 0, 600).since(moment("", 0, 0))).contains(Duration.ofMinutes(10));
  }

  @Test
  void aClockThatStandsBeforeItHasNoAnswer() {
    assertThat(moment("b", 5, -301).since(moment("a", 100, 0))).isEmpty();
    assertThat(moment("b", 5, -299).since(moment("a", 100, 0))).contains(Duration.ZERO);
  }

  @Test
  void thisMachineKnowsItsBoot() {
    var clock = new NodeClock(() -> NOON);
    Moment first = clock.get();

    assertThat(first.time()).isEqualTo(NOON);
    assertThat(first.boot()).hasSize(36).isEqualTo(clock.get().boot());
    assertThat(first.uptime()).isPositive().isLessThanOrEqualTo(clock.get().uptime());
  }
}

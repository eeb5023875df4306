package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettlingTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Settling settling = new Settling();

  @Test
  void whatIsRightWaitsForNothing() {
    assertThat(settling.wait("object", Set.of(), NOW)).isZero();
  }

  @Test
  void whatIsWrongWaitsUntilItHasLasted() {
    assertThat(settling.wait("object", Set.of("a"), NOW)).isEqualTo(Settling.TIME);
    assertThat(settling.wait("object", Set.of("a"), NOW.plusSeconds(3)))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(settling.wait("object", Set.of("a"), NOW.plus(Settling.TIME))).isZero();
  }

  @Test
  void allThatIsWrongIsToldTogether() {
    settling.wait("object", Set.of("a"), NOW);

    assertThat(settling.wait("object", Set.of("a", "b"), NOW.plusSeconds(4)))
        .isEqualTo(Settling.TIME);
    assertThat(settling.wait("object", Set.of("a"), NOW.plusSeconds(5))).isZero();
  }

  @Test
  void whatWasRightMeanwhileBeginsAnew() {
    settling.wait("object", Set.of("a"), NOW);
    settling.wait("object", Set.of(), NOW.plusSeconds(4));

    assertThat(settling.wait("object", Set.of("a"), NOW.plusSeconds(5))).isEqualTo(Settling.TIME);
    assertThat(settling.wait("other", Set.of("a"), NOW.plusSeconds(5))).isEqualTo(Settling.TIME);
  }
}

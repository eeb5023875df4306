package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletionBudgetTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final DeletionBudget budget = new DeletionBudget();

  @ParameterizedTest
  @CsvSource({
    "3, 3, 3",
    "12, 10, 10",
    "12, 12, 1",
    "1500, 150, 150",
    "1500, 151, 1",
    "1500, 1500, 1"
  })
  void aTenthAndAtLeastTenGoAtOnceElseOne(int total, int due, int allowed) {
    due(0, due);

    assertThat(budget.allowed("owner", total, NOW)).hasSize(allowed);
    assertThat(budget.held()).isEqualTo(allowed == 1 && due > 1 ? due : 0);
    assertThat(budget.hold("owner").isPresent()).isEqualTo(allowed == 1 && due > 1);
  }

  @Test
  void whatIsHeldBackGoesOneASecondToTheLast() {
    due(0, 12);
    for (var second = 0; second < 12; second++) {
      var now = NOW.plusSeconds(second);
      var allowed = budget.allowed("owner", 12 - second, now);
      assertThat(allowed).containsExactly(name(second));
      assertThat(budget.allowed("owner", 12 - second, now.plusMillis(999))).isEmpty();
      budget.deleted(name(second), now);
    }
    assertThat(budget.held()).isZero();
    assertThat(budget.hold("owner")).isEmpty();

    // What was told of is not held against the next one.
    due(20, 21);
    assertThat(budget.allowed("owner", 10, NOW.plusSeconds(13))).containsExactly(name(20));
    assertThat(budget.held()).isZero();
  }

  @Test
  void aBurstThatComesOneByOneIsHeldBackFromTheTenthPartOn() {
    var total = 200;
    for (var node = 0; node < 20; node++) {
      due(node, node + 1);
      assertThat(budget.allowed("owner", total - node, NOW)).containsExactly(name(node));
      budget.deleted(name(node), NOW);
    }
    due(20, 30);
    assertThat(budget.allowed("owner", total - 20, NOW)).containsExactly(name(20));
    assertThat(budget.held()).isEqualTo(10);
  }

  @Test
  void oneNodeThatComesAndGoesCountsOnce() {
    for (var flip = 0; flip < 100; flip++) {
      due(7, 8);
      assertThat(budget.allowed("owner", 50, NOW)).containsExactly(name(7));
      budget.deleted(name(7), NOW);
      budget.stays(name(7));
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void afterAMinuteTheTenthIsFree() {
    due(0, 10);
    budget.allowed("owner", 20, NOW).forEach(it -> budget.deleted(it, NOW));
    due(10, 20);

    assertThat(budget.allowed("owner", 10, NOW.plusSeconds(60))).hasSize(10);
  }

  @Test
  void whatIsPutRightStaysAndTheRestIsNoLongerHeldBackOnceNoneIsLeft() {
    due(0, 1_000);
    assertThat(budget.allowed("owner", 1_000, NOW)).hasSize(1);

    for (var node = 0; node < 1_000; node++) {
      budget.stays(name(node));
    }

    assertThat(budget.held()).isZero();
    assertThat(budget.allowed("owner", 1_000, NOW.plusSeconds(5))).isEmpty();
  }

  @Test
  void allOwnersShareThePace() {
    due(0, 20);
    for (var node = 20; node < 40; node++) {
      budget.due(name(node), "other");
    }

    assertThat(budget.allowed("other", 100, NOW)).containsExactly(name(20));
    assertThat(budget.allowed("owner", 100, NOW)).isEmpty();
    assertThat(budget.allowed("owner", 100, NOW.plusSeconds(1))).containsExactly(name(0));
    assertThat(budget.hold("owner")).isPresent();
    assertThat(budget.hold("third")).isEmpty();
  }

  private void due(int from, int to) {
    for (var node = from; node < to; node++) {
      budget.due(name(node), "owner");
    }
  }

  private static String name(int node) {
    return "n%04d".formatted(node);
  }
}

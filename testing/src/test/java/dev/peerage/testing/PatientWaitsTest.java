package dev.peerage.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatientWaitsTest {
  @Test
  void aWaitWithoutALimitHasMoreThanHalfAMinute() {
    List<Long> left = new ArrayList<>();
    await()
        .conditionEvaluationListener(condition -> left.add(condition.getRemainingTimeInMS()))
        .until(() -> true);

    assertThat(left).singleElement().satisfies(millis -> assertThat(millis).isGreaterThan(30_000));
  }
}

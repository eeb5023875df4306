package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  @Test
  void doublesUpToTheLongest() {
    assertThat(seconds(RetryPolicy.STANDARD, 9)).containsExactly(1, 2, 4, 8, 16, 32, 60, 60, 60);
    assertThat(seconds(RetryPolicy.STATUS, 7)).containsExactly(5, 10, 20, 40, 80, 80, 80);
    assertThat(seconds(RetryPolicy.EVENT, 3)).containsExactly(60, 60, 60);
  }

  @Test
  void neverEnds() {
    assertThat(RetryPolicy.STANDARD.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
  }

  private static int[] seconds(RetryPolicy policy, int failures) {
    return IntStream.rangeClosed(1, failures)
        .map(each -> Math.toIntExact(policy.after(each).toSeconds()))
        .toArray();
  }
}

package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private Duration now = Duration.ZERO;
  private final List<String> lines = new ArrayList<>();
  private final Trouble trouble = new Trouble(() -> now);

  private void lasts(int seconds) {
    for (var second = 0; second < seconds; second++) {
      trouble.lasts(how -> lines.add("lasts" + how));
      now = now.plusSeconds(1);
    }
  }

  private void over() {
    trouble.over(how -> lines.add("over" + how));
  }

  @Test
  void isToldAtTheBeginningOnceAMinuteAndAtTheEnd() {
    lasts(130);
    over();
    over();
    assertThat(lines)
        .containsExactly(
            "lasts",
            "lasts (for 60 s, 61 failures)",
            "lasts (for 120 s, 121 failures)",
            "over after 130 s and 130 failures");
  }

  @Test
  void isToldOnceAMinuteIfItComesAndGoes() {
    for (var second = 0; second < 120; second += 2) {
      lasts(1);
      over();
      now = now.plusSeconds(1);
    }
    assertThat(lines)
        .containsExactly(
            "lasts", "over after 1 s and 1 failures", "lasts", "over after 1 s and 1 failures");
  }

  @Test
  void nothingIsSaidOfWhatHasNeverFailed() {
    over();
    assertThat(lines).isEmpty();
  }

  @Test
  void failuresThatAreAlikeAreOneLineAMinute() {
    var alike = new OncePerMinute(() -> now);
    for (var second = 0; second < 70; second++) {
      for (var object = 0; object < 10; object++) {
        alike.tell(lines::add);
      }
      now = now.plusSeconds(1);
    }
    assertThat(lines).containsExactly("", " (and 599 like it since the last line)");
  }

  @Test
  void noAnswerIsToldApartFromARefusal() {
    var refusal = new StatusBuilder().withCode(500).withMessage("etcd is away").build();
    assertThat(ApiServerAway.isMeantBy(new KubernetesClientException(refusal))).isFalse();
    assertThat(ApiServerAway.isMeantBy(new IllegalStateException())).isFalse();
    assertThat(ApiServerAway.isMeantBy(new NotHeldException())).isTrue();
    assertThat(
            ApiServerAway.isMeantBy(
                new KubernetesClientException(
                    "PATCH", new CompletionException(new IOException("refused")))))
        .isTrue();
  }
}

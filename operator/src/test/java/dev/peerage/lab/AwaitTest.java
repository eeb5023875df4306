package dev.peerage.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void givesTheAnswer() throws Exception {
    assertThat(Await.answer(CompletableFuture.completedFuture("x"))).isEqualTo("x");
  }

  @Test
  void saysWhyASpeakerFailed() throws Exception {
    CompletableFuture<String> failed =
        CompletableFuture.failedFuture(new IllegalStateException("no buffer"));

    assertThatThrownBy(() -> Await.answer(failed))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("no buffer");
    Await.quietly(failed);
  }
}

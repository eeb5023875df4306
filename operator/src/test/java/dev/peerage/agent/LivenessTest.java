package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.agent.AgentLoop.Progress;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** When an agent gives itself up, and when not. */
class LivenessTest {
  private static final Progress WAITING = new Progress(false, 7);

  private final List<Runnable> asked = new ArrayList<>();
  private Progress progress = WAITING;
  private boolean planningRuns = true;
  private final Liveness liveness = new Liveness(asked::add, () -> progress, () -> planningRuns);

  @Test
  void aLoopThatAnswersIsFineForEver() {
    for (int i = 0; i < 1000; i++) {
      liveness.look();
      answer();
      assertThat(liveness.failures()).isEmpty();
    }
  }

  @Test
  void aLoopThatDoesNotAnswerIsToldOnceItMissedEnoughAndIsAskedOnlyOnce() {
    for (int i = 0; i < Liveness.LOOKS_FOR_SPEAKER; i++) {
      liveness.look();
      assertThat(liveness.failures()).as("look %s", i).isEmpty();
    }
    liveness.look();

    assertThat(liveness.failures()).containsOnlyKeys("bgp");
    assertThat(asked).hasSize(1);

    answer();
    liveness.look();
    assertThat(liveness.failures()).isEmpty();
  }

  @Test
  void anAnswerJustInTimeBeginsANewCount() {
    for (int i = 0; i < 5 * Liveness.LOOKS_FOR_SPEAKER; i++) {
      liveness.look();
      if (i % Liveness.LOOKS_FOR_SPEAKER == Liveness.LOOKS_FOR_SPEAKER - 1) {
        answer();
      }
      assertThat(liveness.failures()).isEmpty();
    }
  }

  @Test
  void waitingForASignalIsNoFaultHoweverLongItLasts() {
    for (int i = 0; i < 10 * Liveness.LOOKS_FOR_PLANNING; i++) {
      liveness.look();
      answer();
    }
    assertThat(liveness.failures()).isEmpty();
  }

  @Test
  void roundAfterRoundIsNoFaultHoweverLongItLasts() {
    for (int i = 0; i < 10 * Liveness.LOOKS_FOR_PLANNING; i++) {
      progress = new Progress(true, i / 50);
      liveness.look();
      answer();
      assertThat(liveness.failures()).isEmpty();
    }
  }

  @Test
  void aRoundThatNeverEndsIsTold() {
    progress = new Progress(true, 8);
    for (int i = 0; i <= Liveness.LOOKS_FOR_PLANNING; i++) {
      assertThat(liveness.failures()).isEmpty();
      liveness.look();
      answer();
    }
    assertThat(liveness.failures()).containsOnlyKeys("planning");

    progress = new Progress(true, 9);
    liveness.look();
    assertThat(liveness.failures()).isEmpty();
  }

  @Test
  void theFirstFailureIsTold() {
    for (int i = 0; i < 10 * Liveness.LOOKS_FOR_SPEAKER; i++) {
      liveness.look();
      answer();
    }
    assertThat(failure()).isNotDone();

    planningRuns = false;
    liveness.look();

    assertThat(failure().join()).containsOnlyKeys("loop");
  }

  @Test
  void whatStopsAtAnOrderlyEndIsNoFailure() {
    liveness.close();
    planningRuns = false;
    liveness.look();

    assertThat(failure()).isNotDone();
  }

  @Test
  void aRealLoopThatIsHeldUpIsFoundAndForgivenWhenItGoesOn() {
    Speaker speaker = Speaker.start(SpeakerSettings.defaults());
    try {
      var real = new Liveness(speaker::ping, () -> WAITING, () -> true);
      var release = new CountDownLatch(1);
      speaker.ping(() -> {
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      for (int i = 0; i <= Liveness.LOOKS_FOR_SPEAKER; i++) {
        real.look();
      }
      assertThat(real.failures()).containsOnlyKeys("bgp");

      release.countDown();

      await()
          .untilAsserted(() -> {
            real.look();
            assertThat(real.failures()).isEmpty();
          });
    } finally {
      speaker.close(Shutdown.CEASE).join();
    }
  }

  private CompletableFuture<Map<String, String>> failure() {
    return liveness.failure().toCompletableFuture();
  }

  private void answer() {
    asked.forEach(Runnable::run);
    asked.clear();
  }
}

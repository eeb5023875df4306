package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No task of an event loop fails unheard, whatever it throws. */
class TasksTest {
  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
  private final List<Tasks.Part> counted = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final Tasks speaker = Tasks.on(channel.eventLoop(), counted::add);
  private final Tasks instance =
      speaker.of(Tasks.Part.INSTANCE, "tor", fault -> heard.add("instance: " + fault.getMessage()));
  private final Tasks session =
      instance.of(
          Tasks.Part.SESSION, "tor/r1", fault -> heard.add("session: " + fault.getMessage()));

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        StackOverflowError.class,
        AssertionError.class,
        NoClassDefFoundError.class,
        OutOfMemoryError.class
      })
  void theOwnerHearsOfWhateverATaskThrows(Class<? extends Throwable> kind) {
    session.execute(() -> sneak(kind));
    session.schedule(() -> sneak(kind), Duration.ofSeconds(1));
    session.run(() -> sneak(kind));
    pass(Duration.ofSeconds(1));

    assertThat(heard).hasSize(3).allMatch(each -> each.startsWith("session"));
    assertThat(counted).hasSize(3).containsOnly(Tasks.Part.SESSION);
  }

  @Test
  void whatComesAfterAFaultRuns() {
    List<String> ran = new ArrayList<>();
    session.execute(() -> sneak(AssertionError.class));
    session.execute(() -> ran.add("next"));
    session.schedule(() -> ran.add("later"), Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));

    assertThat(ran).containsExactly("next", "later");
  }

  @Test
  void whenTheOwnerFailsTheLargerOneHears() {
    Tasks failing =
        instance.of(
            Tasks.Part.SESSION,
            "tor/r2",
            fault -> {
              throw new IllegalStateException("cannot end it");
            });
    failing.schedule(() -> sneak(AssertionError.class), Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));

    assertThat(heard).containsExactly("instance: cannot end it");
    assertThat(counted).containsExactly(Tasks.Part.SESSION, Tasks.Part.INSTANCE);
  }

  private static void sneak(Class<? extends Throwable> kind) {
    switch (kind.getSimpleName()) {
      case "IllegalStateException" -> throw new IllegalStateException("a fault");
      case "StackOverflowError" -> throw new StackOverflowError("a fault");
      case "NoClassDefFoundError" -> throw new NoClassDefFoundError("a fault");
      case "OutOfMemoryError" -> throw new OutOfMemoryError("a fault");
      default -> throw new AssertionError("a fault");
    }
  }

  private void pass(Duration time) {
    channel.runPendingTasks();
    ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runPendingTasks();
  }
}

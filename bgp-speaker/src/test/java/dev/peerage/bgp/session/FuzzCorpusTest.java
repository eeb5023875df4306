package dev.peerage.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.transport.FrameFuzz;
import dev.peerage.bgp.wire.CapabilityFuzz;
import dev.peerage.bgp.wire.NotificationFuzz;
import dev.peerage.bgp.wire.OpenFuzz;
import dev.peerage.bgp.wire.RefreshFuzz;
import dev.peerage.bgp.wire.UpdateFuzz;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays what Jazzer found ({@code make fuzz} looks for more), and as many random inputs as an
 * ordinary run can bear.
 */
class FuzzCorpusTest {
  private static final int RANDOM_INPUTS = 2000;

  static Stream<Arguments> targets() {
    return Stream.of(
        target("frame", FrameFuzz::fuzzerTestOneInput),
        target("open", OpenFuzz::fuzzerTestOneInput),
        target("update", UpdateFuzz::fuzzerTestOneInput),
        target("capability", CapabilityFuzz::fuzzerTestOneInput),
        target("refresh", RefreshFuzz::fuzzerTestOneInput),
        target("notification", NotificationFuzz::fuzzerTestOneInput),
        target("fsm", FsmFuzz::fuzzerTestOneInput));
  }

  private static Arguments target(String name, Consumer<byte[]> target) {
    return Arguments.of(name, target);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void replaysTheCorpus(String name, Consumer<byte[]> target)
      throws IOException, URISyntaxException {
    List<Path> inputs = inputs(name);
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      run(target, Files.readAllBytes(input), input.toString());
    }
  }

  /** Inputs of the corpus with a few bytes changed, always the same ones. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void survivesDamagedInputs(String name, Consumer<byte[]> target)
      throws IOException, URISyntaxException {
    Random random = new Random(7606);
    List<Path> inputs = inputs(name);
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      byte[] bytes = Files.readAllBytes(inputs.get(i % inputs.size()));
      for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      run(target, bytes, "input " + i);
    }
  }

  private static void run(Consumer<byte[]> target, byte[] input, String what) {
    try {
      target.accept(input);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }

  private static List<Path> inputs(String name) throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(FuzzCorpusTest.class.getResource("/fuzz/" + name)).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}

package dev.peerage.interop;

import static org.awaitility.Awaitility.await;

import dev.peerage.acceptance.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A router's process, its configuration file and the program that asks it. */
final class Daemon {
  private final Ground ground;
  private final List<String> wrapper;
  private final Path folder;
  private @Nullable Process process;

  /** Wrapper: what stands before each command; empty for the packages of this Debian. */
  Daemon(Ground ground, List<String> wrapper) {
    this.ground = ground;
    this.wrapper = wrapper;
    this.folder = ground.folder().resolve("router");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its configuration and sockets are. */
  Path folder() {
    return folder;
  }

  /** Copies a file of {@code interop/} without the lines that contain one of these. */
  Path configure(String name, List<String> without) {
    try {
      Path to = folder.resolve(name);
      Files.writeString(
          to,
          Files.readAllLines(Ground.file("interop").resolve(name)).stream()
              .filter(line -> without.stream().noneMatch(line::contains))
              .collect(Collectors.joining("\n", "", "\n")));
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start(Map<String, String> environment, List<String> command, BooleanSupplier answers) {
    process = ground.start(Ground.Side.ROUTER, "router", environment, wrapped(command));
    await("the router " + command.getFirst())
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(answers::getAsBoolean);
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  void kill() {
    if (process != null) {
      Ground.kill(process);
    }
  }

  /** What a command of the router prints; it must succeed. */
  String ask(List<String> command) {
    return run(command).succeeded();
  }

  Run run(List<String> command) {
    return ground.run(Ground.Side.ROUTER, wrapped(command));
  }

  private List<String> wrapped(List<String> command) {
    List<String> all = new ArrayList<>(wrapper);
    all.addAll(command);
    return all;
  }

  /** What its processes have printed so far. */
  List<String> log() {
    try {
      return Files.readAllLines(ground.logs().resolve("router.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

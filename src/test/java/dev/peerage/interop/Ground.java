package dev.peerage.interop;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.peerage.acceptance.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two network namespaces joined by a cable, one for the router and one for Peerage, held by {@code
 * interop/ground}. That script ends when its standard input does, so they go away with this
 * process, however it ends, and everything in them as well.
 */
final class Ground implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofSeconds(60);

  /** Which end of the cable. */
  enum Side {
    ROUTER,
    PEERAGE
  }

  /** The top of the tree: tests run in their module's folder. */
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private final Process script;
  private final String name;
  private final Path logs;

  private Ground(Process script, String name, Path logs) {
    this.script = script;
    this.name = name;
    this.logs = logs;
  }

  /** Sets up fresh namespaces. The logs of what runs in them go to the folder of this title. */
  static Ground open(String title) {
    try {
      Path logs = file("target/interop").resolve(title.replace(' ', '-').toLowerCase(Locale.ROOT));
      Files.createDirectories(logs);
      for (String log : List.of("ground.log", "router.log", "peerage.log")) {
        Files.deleteIfExists(logs.resolve(log));
      }
      Process script =
          new ProcessBuilder(file("interop/ground").toString())
              .redirectError(logs.resolve("ground.log").toFile())
              .start();
      String name = script.inputReader(StandardCharsets.UTF_8).readLine();
      if (name == null) {
        throw new AssertionError(
            "no network namespaces: " + Files.readString(logs.resolve("ground.log")));
      }
      return new Ground(script, name, logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the tree. */
  static Path file(String path) {
    return ROOT.resolve(path);
  }

  /** A folder for sockets and configurations, which goes away with the namespaces. */
  Path folder() {
    return Path.of("/tmp", name);
  }

  /** Where the logs are kept after the run. */
  Path logs() {
    return logs;
  }

  /** Starts a daemon; what it prints is appended to the log of this name. */
  Process start(Side side, String log, Map<String, String> environment, List<String> command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(inside(side, command))
              .directory(folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(logs.resolve(log + ".log").toFile()));
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  Run run(Side side, List<String> command) {
    return Run.of(folder(), COMMAND, "", inside(side, command));
  }

  private List<String> inside(Side side, List<String> command) {
    // Not `ip netns exec`: with nsenter the process that we start is the program itself.
    List<String> all = new ArrayList<>();
    all.add("nsenter");
    all.add("--net=/run/netns/" + name + "-" + side.name().toLowerCase(Locale.ROOT));
    all.addAll(command);
    return all;
  }

  /** The established TCP connections between the router and this address of Peerage. */
  List<String> connections(String address) {
    return run(
            Side.ROUTER,
            List.of(
                "ss", "--no-header", "--tcp", "--numeric", "state", "established", "dst", address))
        .succeeded()
        .lines()
        .toList();
  }

  /** How many segments with a wrong TCP MD5 signature both ends' kernels have dropped so far. */
  long wrongSignatures() {
    long all = 0;
    for (Side side : Side.values()) {
      // Two lines a group: the names, then the numbers.
      List<String[]> lines =
          run(side, List.of("cat", "/proc/net/netstat"))
              .succeeded()
              .lines()
              .filter(line -> line.startsWith("TcpExt: "))
              .map(line -> line.split(" ", -1))
              .toList();
      all += Long.parseLong(lines.get(1)[List.of(lines.get(0)).indexOf("TCPMD5Failure")]);
    }
    return all;
  }

  /** {@code kill -9}, and waits for the end. */
  static void kill(Process process) {
    process.destroyForcibly();
    end(process, Duration.ofSeconds(60));
  }

  /** Waits for the end of a process. */
  static void end(Process process, Duration limit) {
    try {
      if (!process.waitFor(limit.toSeconds(), SECONDS)) {
        throw new AssertionError("still running after " + limit + ": " + process.info());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      script.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end(script, Duration.ofSeconds(60));
  }
}

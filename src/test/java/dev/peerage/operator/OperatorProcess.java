package dev.peerage.operator;

import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.testing.PortBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code peerage operator} as a process of its own, built from this tree, with the rights of the
 * chart's service account.
 */
public final class OperatorProcess implements AutoCloseable {
  /** So long a process may take for what it should do, however busy the machine is. */
  public static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Path LOGS = Path.of("../../target/scenario").toAbsolutePath().normalize();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Taken one after the other; those of a few processes at a time are in use. */
  private static final PortBlock PORTS = PortBlock.claim();

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final Path log;

  private OperatorProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** Starts one beside those that run. */
  public static OperatorProcess start(ApiServer server, String... options) {
    return start(server.kubeconfig("peerage-operator", "127.0.0.1"), options);
  }

  /** Starts one that finds the API server by this kubeconfig. */
  public static OperatorProcess start(Path kubeconfig, String... options) {
    var all = new ArrayList<>(List.of("--leader-election-namespace=" + ApiServer.NAMESPACE));
    all.addAll(List.of(options));
    return run("operator", kubeconfig, all);
  }

  /** Starts {@code peerage agent} in the same way, without any address of its own. */
  public static OperatorProcess agent(Path kubeconfig, String node, String... options) {
    var all = new ArrayList<>(List.of("--node-name=" + node, "--api-address=127.0.0.1:0"));
    all.addAll(List.of(options));
    return run("agent", kubeconfig, all);
  }

  private static OperatorProcess run(String what, Path kubeconfig, List<String> options) {
    try {
      var number = NUMBER.incrementAndGet();
      var port = PORTS.port(2 * (number % 7));
      var log = Files.createDirectories(LOGS).resolve(what + "-" + port + "-" + number + ".log");
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx512m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.peerage.Main",
                  what,
                  "--http-address=127.0.0.1:" + port,
                  "--metrics-address=127.0.0.1:" + (port + 1)));
      command.addAll(options);
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("PEERAGE_LOG_LEVEL", "info");
      return new OperatorProcess(builder.start(), port, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it holds the lease. */
  public OperatorProcess awaitLeading() {
    await("the lease").atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(this::leads);
    return this;
  }

  /** Waits until its log has a line with this. */
  public void awaitSaid(String text) {
    await(text).atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> log().contains(text));
  }

  /** Whether it has come to hold the lease. */
  public boolean leads() {
    return log().contains("Leading: holding the lease");
  }

  /** Waits until {@code /readyz} answers ok. */
  public OperatorProcess awaitReady() {
    await("readiness")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> get("/readyz").equals("ok\n"));
    return this;
  }

  /** What it answers at a path; empty while it does not. */
  public String get(String path) {
    var asked = path.equals("/metrics") ? port + 1 : port;
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + asked + path)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException _) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it has said so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM, and waits for its end; returns the exit code. */
  public int terminate() {
    process.destroy();
    return end();
  }

  /** SIGKILL, and waits for its end: the lease stays as it is. */
  public void kill() {
    process.destroyForcibly();
    end();
  }

  /** Waits for its end; returns the exit code. */
  public int end() {
    await("the end of the process").atMost(LIMIT).until(() -> !process.isAlive());
    return process.exitValue();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}

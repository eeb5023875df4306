package dev.peerage.scenario;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The namespaces of {@code interop/sites}, and in one of them the operator that serves all
 * scenarios. They go away with this process, however it ends, and everything in them as well.
 */
final class Sites {
  /** The top of the tree: tests run in their module's folder. */
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /** Small and soon started: a test has many of them and none runs for long. */
  private static final String JVM = "-Xmx128m";

  private static final class Running {
    private static final Sites SITES = start();

    private Running() {}
  }

  private final ApiServer server;
  private final Process script;
  private final BufferedReader answers;
  private final Writer lines;
  private final String name;
  private int last = 1; // this machine's own address

  private Sites(ApiServer server, Process script) throws IOException {
    this.server = server;
    this.script = script;
    this.answers = script.inputReader(StandardCharsets.UTF_8);
    this.lines = script.outputWriter(StandardCharsets.UTF_8);
    this.name = String.valueOf(answers.readLine());
  }

  /** The one set of sites of this process, with the operator running. */
  static Sites running() {
    return Running.SITES;
  }

  private static Sites start() {
    try {
      Files.createDirectories(ROOT.resolve("target/scenario"));
      ApiServer server = ApiServer.start();
      Sites sites =
          new Sites(
              server,
              new ProcessBuilder(ROOT.resolve("interop/sites").toString(), server.subnet())
                  .redirectError(log("sites").toFile())
                  .start());
      sites.peerage(
          sites.add(),
          "operator",
          server.chart().operator(),
          List.of("--leader-election-namespace=" + ApiServer.NAMESPACE));
      return sites;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The API server of all sites. */
  ApiServer server() {
    return server;
  }

  private static Path log(String title) {
    return ROOT.resolve("target/scenario").resolve(title + ".log");
  }

  /** Sets up a fresh site and returns its number. */
  synchronized int add() {
    last++;
    order("add " + last);
    return last;
  }

  /** A folder that goes away with the site. */
  Path folder(int number) {
    return Path.of("/tmp", name, Integer.toString(number));
  }

  /** Ends what runs at a site and removes it. */
  synchronized void remove(int number) {
    order("remove " + number);
  }

  private void order(String line) {
    try {
      lines.write(line + "\n");
      lines.flush();
      if (!"done".equals(answers.readLine())) {
        throw new AssertionError(
            "interop/sites refuses '" + line + "': " + Files.readString(log("sites")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e + "; alive: " + script.isAlive(), e);
    }
  }

  /**
   * Starts Peerage on the node of a site as the chart starts it: with the same arguments,
   * environment and rights.
   *
   * @param more further arguments
   */
  Process peerage(int site, String log, PodTemplateSpec pod, List<String> more) {
    Container container = pod.getSpec().getContainers().getFirst();
    Map<String, String> environment = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        environment.put(variable.getName(), variable.getValue());
      }
    }
    environment.put("JDK_JAVA_OPTIONS", JVM);
    environment.put(
        "KUBECONFIG",
        server
            .kubeconfig(pod.getSpec().getServiceAccountName(), server.subnet() + ".1")
            .toString());
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("image/run").toString()));
    command.addAll(container.getArgs());
    command.addAll(more);
    return start(site, "node", log, environment, command);
  }

  /** Starts a program at the {@code node} or {@code router} end of a site. */
  Process start(
      int site, String end, String log, Map<String, String> environment, List<String> command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(inside(site, end, command))
              .redirectErrorStream(true)
              .redirectOutput(log(log).toFile());
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command at the {@code node} or {@code router} end of a site. */
  List<String> inside(int site, String end, List<String> command) {
    // Not `ip netns exec`: with nsenter the process that we start is the program itself.
    List<String> all = new ArrayList<>();
    all.add("nsenter");
    all.add("--net=/run/netns/" + name + "-" + site + "-" + end);
    all.addAll(command);
    return all;
  }

  /** Runs a command to its end and returns what it prints; it must succeed. */
  String run(int site, String end, List<String> command) {
    return run(site, end, 0, command);
  }

  /** Runs a command to its end, with this exit code, and returns what it prints. */
  String run(int site, String end, int exitCode, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(inside(site, end, command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, SECONDS) || process.exitValue() != exitCode) {
        throw new AssertionError(command + ": " + out);
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

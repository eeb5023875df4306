package dev.peerage.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The real cluster of {@code cluster/cluster}: three nodes around a FRR router. */
public final class TestGround {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The top of the tree: tests run in their module's folder. */
  private final Path root = Path.of("../..").toAbsolutePath().normalize();

  /** A file of the tree. */
  public Path file(String name) {
    return root.resolve(name);
  }

  /** Runs a verb of {@code cluster/cluster} to its end. */
  public Run run(Duration limit, String... verb) {
    return run(limit, "", List.of(verb));
  }

  private Run run(Duration limit, String input, List<String> verb) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("cluster/cluster").toString());
    command.addAll(verb);
    return Run.of(root, limit, input, command);
  }

  /** The output of kubectl, which must succeed. */
  public String kubectl(String... words) {
    return kubectlRun("", words).succeeded();
  }

  /** Runs kubectl with this standard input. */
  public Run kubectlRun(String input, String... words) {
    List<String> verb = new ArrayList<>(List.of("kubectl"));
    verb.addAll(List.of(words));
    return run(Duration.ofMinutes(6), input, verb);
  }

  /** What kubectl prints as JSON. */
  public JsonNode kubectlJson(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("-o");
    all.add("json");
    return json(kubectl(all.toArray(String[]::new)));
  }

  /** Applies manifests. */
  public void apply(String yaml) {
    kubectlRun(yaml, "apply", "-f", "-").succeeded();
  }

  /** The output of Helm, which must succeed. */
  public String helm(String... words) {
    List<String> verb = new ArrayList<>(List.of("helm"));
    verb.addAll(List.of(words));
    return run(Duration.ofMinutes(5), "", verb).succeeded();
  }

  /** The output of a command on a node or the router, which must succeed. */
  /** A cluster of its own, with the image that `make image` has built. */
  public void bringUp() {
    run(Duration.ofMinutes(2), "down").succeeded();
    run(Duration.ofMinutes(15), "up").succeeded();
    run(Duration.ofMinutes(3), "load", "target/peerage-image.tar").succeeded();
  }

  /**
   * Installs the chart as a user would, with that image.
   *
   * @param settings what else to set: {@code --set} or {@code --set-string} and a value in turn
   */
  public void install(String... settings) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "install",
                "peerage",
                "helm/peerage",
                "-n",
                "peerage-system",
                "--create-namespace",
                "--wait",
                "--timeout",
                "180s",
                "--set",
                "image.repository=localhost/peerage",
                "--set",
                "image.tag=dev",
                "--set",
                "image.pullPolicy=Never"));
    words.addAll(List.of(settings));
    helm(words.toArray(String[]::new));
  }

  public String on(String node, String... command) {
    List<String> verb = new ArrayList<>(List.of("on", node));
    verb.addAll(List.of(command));
    return run(Duration.ofMinutes(3), "", verb).succeeded();
  }

  /** Starts a verb that runs until it is destroyed; its errors go to the test's own. */
  public Process start(String... verb) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("cluster/cluster").toString());
    command.addAll(List.of(verb));
    try {
      return new ProcessBuilder(command)
          .directory(root.toFile())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a vtysh command on the router. */
  public String router(String command) {
    return run(Duration.ofMinutes(1), "router", command).succeeded();
  }

  /** What a vtysh command says as JSON. */
  public JsonNode routerJson(String command) {
    return json(router(command + " json"));
  }

  /** Runs the built program against the cluster, from the first node's namespace. */
  public Run peerage(String... words) {
    String kubeconfig = run(Duration.ofMinutes(2), "env").succeeded().strip();
    List<String> verb =
        new ArrayList<>(
            List.of(
                "on", "k8s-ctr", "env", kubeconfig.replaceFirst("^export ", ""), "bin/peerage"));
    verb.addAll(List.of(words));
    return run(Duration.ofMinutes(2), "", verb);
  }

  /**
   * The router's BGP table without its own network: prefix to next hops, each followed by the path
   * as {@code 65001 i}.
   */
  public Map<String, Set<String>> routerTable() {
    Map<String, Set<String>> table = new TreeMap<>();
    JsonNode routes = routerJson("show ip bgp").path("routes");
    routes
        .properties()
        .forEach(route -> {
          Set<String> paths = new TreeSet<>();
          for (JsonNode path : route.getValue()) {
            if (path.path("path").asText().isEmpty()) {
              continue;
            }
            paths.add(
                path.path("nexthops").path(0).path("ip").asText()
                    + " "
                    + path.path("path").asText()
                    + " "
                    + path.path("origin").asText().replace("IGP", "i"));
          }
          if (!paths.isEmpty()) {
            table.put(route.getKey(), paths);
          }
        });
    return table;
  }

  /** Reads JSON. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}

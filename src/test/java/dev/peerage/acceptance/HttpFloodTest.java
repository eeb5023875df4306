package dev.peerage.acceptance;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.LIMIT;
import static dev.peerage.acceptance.RouterTable.POD_CIDRS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.proof.Rounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A pod on one node does to the HTTP ports on another what it can. The processes run out of the
 * image, within the chart's limits.
 */
@Isolated
@Tag("cluster")
@Tag("proof")
class HttpFloodTest {
  private static final String NAMESPACE = "peerage-system";
  private static final String ATTACKED = "k8s-w1";
  private static final String ATTACKER = "k8s-w0";
  private static final int SECONDS = Rounds.of(5, 30);

  private static final TestGround lab = new TestGround();
  private static final RouterTable table = new RouterTable(lab);

  @BeforeAll
  static void install() {
    lab.bringUp();
    lab.install("--set", "operator.nodeSelector.kubernetes\\.io/hostname=" + ATTACKED);
    lab.kubectl("apply", "-f", "cluster/webpod.yaml");
    new Webpod(lab).awaitRollout();
    lab.kubectl("label", "nodes", "k8s-ctr", "k8s-w0", "k8s-w1", "enable-bgp=true");
    new Examples(lab)
        .apply(
            "CiliumBGPAdvertisement/bgp-advertisements",
            "CiliumBGPPeerConfig",
            "CiliumBGPClusterConfig");
    table.await(POD_CIDRS);
  }

  @AfterAll
  static void takeDown() {
    lab.run(Duration.ofMinutes(3), "down").succeeded();
  }

  /** Metrics of the agent and of the operator, which both run on the node. */
  @ParameterizedTest
  @CsvSource({
    "bodies, 17903, 17902", "silent, 17903, 17902", "heads, 17903, 17902",
    "bodies, 17905, 17904", "silent, 17905, 17904", "heads, 17905, 17904",
  })
  void nothingEndsAndNothingMoves(String attack, int port, int probed) throws Exception {
    List<Integer> established = table.establishedCounts();
    List<String> processes = processes();
    String said;
    int probes = 0;
    try (KernelRoutes routes = KernelRoutes.watch(lab)) {
      Process flood = flood(attack, port);
      do {
        assertThat(status(ATTACKED, "127.0.0.1", probed, "/healthz")).isEqualTo("200");
        assertThat(status(ATTACKED, "127.0.0.1", probed, "/readyz")).isEqualTo("200");
        probes++;
      } while (flood.isAlive());
      said = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(routes.changesOf(List.of("172.20."))).isEmpty();
    }
    System.out.printf(
        "%s on %d for %d s: %s; %d probes answered%n", attack, port, SECONDS, said, probes);
    assertThat(said).matches("[1-9]\\d* connections, [1-9]\\d* bytes");
    assertThat(processes()).as("pods with their containers").isEqualTo(processes);
    assertThat(table.establishedCounts()).isEqualTo(established);
    assertThat(lab.routerTable()).isEqualTo(POD_CIDRS);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(status(ATTACKER, address(), port, "/metrics")).isEqualTo("200"));
  }

  @Test
  void healthAndLookingGlassAreForTheNodeAlone() {
    for (int port : List.of(17901, 17902, 17904)) {
      assertThat(status(ATTACKER, address(), port, "/readyz")).as("port " + port).isEqualTo("000");
    }
    assertThat(status(ATTACKED, "127.0.0.1", 17901, "/state")).isEqualTo("200");
  }

  private static String address() {
    return requireNonNull(ADDRESS.get(ATTACKED));
  }

  /** In the network of a pod on the attacking node; ends by itself. */
  private static Process flood(String attack, int port) throws IOException {
    return new ProcessBuilder(
            "nsenter",
            "--target",
            podProcess(),
            "--net",
            "timeout",
            String.valueOf(SECONDS),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            HttpFlood.class.getName(),
            attack,
            address(),
            String.valueOf(port))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String podProcess() {
    String pod =
        lab.kubectl(
            "get",
            "pods",
            "-l",
            "app=webpod",
            "--field-selector",
            "spec.nodeName=" + ATTACKER,
            "-o",
            "jsonpath={.items[0].status.podIP}");
    return Run.of(
            lab.file("."),
            Duration.ofMinutes(1),
            "",
            List.of(
                "sh",
                "-c",
                "for each in $(pgrep -x whoami); do nsenter --target $each --net"
                    + " ip -4 -oneline address | grep -qF \"inet $1/\" && echo $each && exit; done;"
                    + " exit 1",
                "sh",
                pod.strip()))
        .succeeded()
        .strip();
  }

  /** Each pod with its container, which has another name after a restart. */
  private static List<String> processes() {
    List<String> processes = new ArrayList<>();
    for (JsonNode pod : lab.kubectlJson("-n", NAMESPACE, "get", "pods").path("items")) {
      JsonNode container = pod.at("/status/containerStatuses/0");
      processes.add(
          pod.at("/metadata/name").asText()
              + " "
              + container.path("containerID").asText()
              + " "
              + container.path("restartCount").asText());
    }
    return processes;
  }

  /** The status of an answer, 000 without one. */
  private static String status(String from, String host, int port, String path) {
    return lab.run(
            Duration.ofMinutes(2),
            "on",
            from,
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--max-time",
            "30",
            "http://" + host + ":" + port + path)
        .out()
        .strip();
  }
}

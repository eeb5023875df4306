package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.apiserver.ApiServer;
import dev.peerage.lint.Manifests;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code lint --live} and {@code plan} against an API server of their own that has the objects of
 * examples/seed-lab: what they say, what they end with, and that they write nothing.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LiveCommandsTest {
  private static final Path LAB = Path.of("../../examples/seed-lab");
  private static final String SECOND_POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: second-pool}
      spec:
        blocks: [{cidr: 172.16.1.128/25}]
      """;

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();

  @TempDir private static Path folder;

  private record Output(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }

    List<String> codes() throws IOException {
      return json().path("findings").findValuesAsText("code");
    }
  }

  @BeforeAll
  void fill() throws IOException {
    try (Stream<Path> files = Files.list(LAB)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
        String yaml = Files.readString(file);
        server.apply(yaml);
        addresses(yaml);
      }
    }
  }

  /** The API server takes the status of a Node by its own path only. */
  private void addresses(String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> {
          if (object instanceof Node wanted) {
            client
                .nodes()
                .withName(wanted.getMetadata().getName())
                .editStatus(node -> {
                  node.getStatus().setAddresses(wanted.getStatus().getAddresses());
                  return node;
                });
          }
        });
  }

  private Output admin(String... args) {
    return run(server.folder().resolve("admin"), args);
  }

  private static Output run(Path kubeconfig, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = PeerageCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> whole = new ArrayList<>(List.of(args));
    whole.add("--kubeconfig");
    whole.add(kubeconfig.toString());
    int exitCode = line.execute(whole.toArray(String[]::new));
    return new Output(exitCode, out.toString(), err.toString());
  }

  private static String written(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml).toString();
  }

  /** From each object that these commands read to its version. */
  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (Class<? extends HasMetadata> type : Manifests.types()) {
      client
          .resources(type)
          .inAnyNamespace()
          .list()
          .getItems()
          .forEach(each ->
              versions.put(
                  each.getKind() + " " + each.getMetadata().getName(),
                  each.getMetadata().getResourceVersion()));
    }
    return versions;
  }

  @Test
  void lintFindsWhatTheObjectsOfAClusterGetWrong() throws IOException {
    Output before = admin("lint", "--live", "--strict", "-o", "json");
    assertThat(before.err()).isEmpty();
    assertThat(before.codes()).doesNotContain("pool-conflict");
    assertThat(before.json().path("errors").intValue()).isZero();
    assertThat(before.json().path("objects").intValue()).isGreaterThanOrEqualTo(9);

    HasMetadata second = server.apply(SECOND_POOL).getFirst();
    try {
      Output conflict = admin("lint", "--live", "-o", "json");
      assertThat(conflict.codes()).contains("pool-conflict");
      assertThat(conflict.exitCode()).isZero();
      Output strict = admin("lint", "--live", "--strict");
      assertThat(strict.exitCode()).isEqualTo(1);
      assertThat(strict.out()).contains("CiliumLoadBalancerIPPool ").contains("[pool-conflict]");
    } finally {
      client.resource(second).delete();
    }
  }

  @Test
  void filesAreLookedAtAsTheyWouldBeInTheCluster() throws IOException {
    String file = written("pool.yaml", SECOND_POOL);

    assertThat(admin("lint", "--live", "-o", "json", file).codes()).contains("pool-conflict");
    // Without the cluster nothing is known of the other pool.
    assertThat(admin("lint", "-o", "json", file).codes()).doesNotContain("pool-conflict");
  }

  @Test
  void whatIsThereAlreadyChangesNothing() {
    Output plan = admin("plan", "-f", LAB.toString());

    assertThat(plan.err()).isEmpty();
    assertThat(plan.out().strip()).isEqualTo("nothing changes on the wire");
    assertThat(plan.exitCode()).isZero();
  }

  @Test
  void resetsArePlannedAndNothingIsWritten() throws IOException {
    String bgp = Files.readString(LAB.resolve("20-bgp.yaml"));
    String file = written("bgp.yaml", bgp.replace("localASN: 65001", "localASN: 65009"));
    Map<String, String> before = versions();

    Output text = admin("plan", "-f", file);
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains(
            "3 nodes (k8s-ctr, k8s-w0, k8s-w1): resets the session to instance-65001/tor-switch,"
                + " which drops its routes: localASN 65001 -> 65009")
        .contains("3 sessions reset, 0 end");
    JsonNode json = admin("plan", "-o", "json", "-f", file).json();
    assertThat(json.path("resets").intValue()).isEqualTo(3);
    assertThat(json.path("nodes").findValuesAsText("node"))
        .containsExactly("k8s-ctr", "k8s-w0", "k8s-w1");

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void whatTheServerRefusesToShowEndsWithThreeInOneLine() {
    Path kubeconfig = server.kubeconfig("peerage-agent", "127.0.0.1");

    Output plan = run(kubeconfig, "plan", "-f", LAB.toString());

    assertThat(plan.exitCode()).isEqualTo(3);
    assertThat(plan.out()).isEmpty();
    assertThat(plan.err().lines())
        .singleElement()
        .asString()
        .startsWith("peerage plan: cannot list ")
        .contains("or at your rights");
  }
}

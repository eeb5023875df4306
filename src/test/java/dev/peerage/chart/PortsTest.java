package dev.peerage.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.cli.PeerageCommand;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The ports on a node: nobody else's, and no two of them equal. */
class PortsTest {
  /** Who has which ports on the network of a node; from and to. */
  private static final Map<String, List<int[]>> OTHERS =
      Map.of(
          "Cilium",
              List.of(range(4240, 4245), range(6942, 6942), range(9876, 9901), range(9962, 9964)),
          "MetalLB", List.of(range(7472, 7473), range(7946, 7946), range(9120, 9121)),
          "Calico", List.of(range(5473, 5473), range(9091, 9099)),
          "kube-router", List.of(range(20241, 20244), range(50051, 50051)),
          "Kubernetes", List.of(range(2379, 2382), range(6443, 6444), range(10248, 10260)),
          "FRR", List.of(range(2600, 2623)),
          "node programs", List.of(range(9100, 9100), range(8472, 8472), range(179, 179)),
          "node ports", List.of(range(30000, 32767)),
          "given out by the kernel", List.of(range(32768, 65535)));

  private static int[] range(int from, int to) {
    return new int[] {from, to};
  }

  private static Map<String, Integer> defaults() throws IOException {
    JsonNode values =
        Serialization.yamlMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    var ports = new TreeMap<String, Integer>();
    for (String part : List.of("agent", "operator")) {
      values
          .get(part)
          .properties()
          .forEach(value -> {
            if (value.getKey().endsWith("Port")) {
              ports.put(part + "." + value.getKey(), value.getValue().asInt());
            }
          });
    }
    return ports;
  }

  @Test
  void defaultsAreNobodyElses() throws IOException {
    assertThat(defaults())
        .hasSize(5)
        .allSatisfy((name, port) ->
            assertThat(OTHERS)
                .allSatisfy((other, ranges) ->
                    assertThat(ranges)
                        .as("%s %d and %s", name, port, other)
                        .noneMatch(range -> range[0] <= port && port <= range[1])));
    assertThat(defaults().values()).doesNotHaveDuplicates();
  }

  @Test
  void theProgramHasTheSameDefaults() throws IOException {
    Map<String, Integer> values = defaults();

    assertThat(option("agent", "--api-address"))
        .isEqualTo("127.0.0.1:" + values.get("agent.lookingGlassPort"));
    assertThat(option("agent", "--http-address"))
        .isEqualTo("127.0.0.1:" + values.get("agent.httpPort"));
    assertThat(option("operator", "--http-address"))
        .isEqualTo("127.0.0.1:" + values.get("operator.httpPort"));
    String page = Files.readString(Chart.FOLDER.resolve("../../docs/install.md"));
    assertThat(values)
        .allSatisfy((name, port) ->
            assertThat(page).contains("| `" + name + "` | `" + port + "` |", "| " + port + " |"));
  }

  private static String option(String command, String name) {
    return requireNonNull(new CommandLine(new PeerageCommand()).getSubcommands().get(command))
        .getCommandSpec()
        .findOption(name)
        .defaultValue();
  }

  @ParameterizedTest
  @CsvSource({
    "agent.httpPort=17905, agent.httpPort and operator.metricsPort are both 17905",
    "agent.metricsPort=17901, agent.lookingGlassPort and agent.metricsPort are both 17901",
    "operator.httpPort=17905, operator.httpPort and operator.metricsPort are both 17905",
  })
  void equalOnesAreRefused(String value, String words) {
    assertThatThrownBy(() -> Chart.render(value)).hasMessageContaining(words);
  }

  @Test
  void aPodWithANetworkOfItsOwnMayHaveThePortsOfAnother() {
    assertThatCode(() ->
            Chart.render(
                "operator.hostNetwork=false",
                "operator.httpPort=17902",
                "operator.metricsPort=17903"))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> Chart.render("operator.hostNetwork=false", "operator.metricsPort=17904"))
        .hasMessageContaining("both 17904");
  }
}

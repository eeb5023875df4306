package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintCommandTest {
  private static final String LAB = "../examples/seed-lab";
  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: %s}
      spec:
        %s: [{cidr: 192.0.2.0/24}]
      """;

  @TempDir private static Path folder;

  private static String written(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml).toString();
  }

  @Test
  void whatIsInOrderEndsWithZero() {
    CommandOutput output = CommandOutput.of("lint", "--strict", LAB);

    assertThat(output.out()).contains("0 errors, 0 warnings");
    assertThat(output.exitCode()).isZero();
  }

  @Test
  void anErrorEndsWithOneAndNothingHidesIt() throws IOException {
    String file = written("typo.yaml", POOL.formatted("pool", "block"));

    CommandOutput text = CommandOutput.of("lint", "--ignore", "unknown-field", file);
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).contains(file + ":5: error: ").contains("[unknown-field]");

    CommandOutput output = CommandOutput.of("lint", "-o", "json", "-f", file);
    assertThat(output.exitCode()).isEqualTo(1);
    assertThat(output.err()).isEmpty();
    assertThat(output.json().path("errors").intValue()).isPositive();
    assertThat(output.json().path("findings"))
        .anySatisfy(finding -> {
          assertThat(finding.path("code").asText()).isEqualTo("unknown-field");
          assertThat(finding.path("line").intValue()).isEqualTo(5);
          assertThat(finding.path("field").asText()).isEqualTo("spec.block");
        });
  }

  @Test
  void warningsEndWithOneWhenStrictUnlessTheyAreIgnored() throws IOException {
    String file =
        written(
            "two.yaml",
            POOL.formatted("one", "blocks") + "---\n" + POOL.formatted("two", "blocks"));

    assertThat(CommandOutput.of("lint", file).exitCode()).isZero();
    CommandOutput strict = CommandOutput.of("lint", "--strict", "-o", "json", file);
    assertThat(strict.exitCode()).isEqualTo(1);
    Set<String> codes = new TreeSet<>();
    strict.json().path("findings").forEach(finding -> codes.add(finding.path("code").asText()));
    assertThat(codes).contains("pool-conflict");
    assertThat(
            CommandOutput.of("lint", "--strict", "--ignore", String.join(",", codes), file)
                .exitCode())
        .isZero();
  }

  @Test
  void aLineThatIsWrongEndsWithTwo() {
    for (List<String> line :
        List.of(
            List.<String>of(),
            List.of(folder.resolve("none.yaml").toString()),
            List.of("--ignore", "no-such-code", LAB),
            List.of("-o", "xml", LAB),
            List.of("--live", "--kubeconfig", folder.resolve("none").toString()))) {
      List<String> whole = new ArrayList<>(List.of("lint"));
      whole.addAll(line);
      assertThat(CommandOutput.of(whole.toArray(String[]::new)).exitCode())
          .as("%s", whole)
          .isEqualTo(2);
    }
  }

  @Test
  void aClusterThatDoesNotAnswerEndsWithThreeInOneLine() throws IOException {
    CommandOutput output =
        CommandOutput.of("lint", "--live", "--kubeconfig", CommandOutput.nowhere(folder));

    assertThat(output.exitCode()).isEqualTo(3);
    assertThat(output.out()).isEmpty();
    assertThat(output.err().lines())
        .singleElement()
        .asString()
        .startsWith("peerage lint: cannot list ")
        .contains("127.0.0.1:1");
  }
}

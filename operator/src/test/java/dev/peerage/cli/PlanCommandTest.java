package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  private static final String LAB = "../examples/seed-lab";

  @TempDir private static Path folder;

  private static String otherAs() throws IOException {
    String bgp = Files.readString(Path.of(LAB, "20-bgp.yaml"));
    Path file = folder.resolve("other-as.yaml");
    return Files.writeString(file, bgp.replace("localASN: 65001", "localASN: 65009")).toString();
  }

  @Test
  void fromNothingAndFromTheSame() {
    CommandOutput nothing = CommandOutput.of("plan", "--offline", "-f", LAB);
    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.out()).contains("opens a session to instance-65001/tor-switch");

    CommandOutput same = CommandOutput.of("plan", "--offline", "--from", LAB, "-f", LAB);
    assertThat(same.exitCode()).isZero();
    assertThat(same.out()).isEqualTo("nothing changes on the wire" + System.lineSeparator());
  }

  @Test
  void jsonLeavesNothingOut() throws IOException {
    JsonNode plan = CommandOutput.of("plan", "--offline", "-o", "json", "-f", LAB).json();

    assertThat(plan.at("/addresses/0/service").asText()).isEqualTo("default/webpod");
    assertThat(plan.at("/addresses/0/before")).isEmpty();
    assertThat(plan.at("/addresses/0/after/0").asText()).isEqualTo("172.16.1.1");
    assertThat(plan.path("nodes")).hasSize(3);
    JsonNode node = plan.at("/nodes/1");
    assertThat(node.path("node").asText()).isEqualTo("k8s-w0");
    assertThat(node.at("/sessions/0/effect").asText()).isEqualTo("opens");
    assertThat(node.at("/sessions/0/peer").asText()).isEqualTo("tor-switch");
    assertThat(node.path("announced").findValuesAsText("prefix"))
        .containsExactly("172.16.1.1/32", "172.20.2.0/24");
    assertThat(node.path("withdrawn")).isEmpty();
    assertThat(plan.path("resets").intValue()).isZero();
  }

  @Test
  void resetsAreCountedAndNamed() throws IOException {
    JsonNode plan =
        CommandOutput.of("plan", "--offline", "-o", "json", "--from", LAB, "-f", otherAs()).json();

    assertThat(plan.path("resets").intValue()).isEqualTo(3);
    assertThat(plan.at("/nodes/0/sessions/0/effect").asText()).isEqualTo("resets-and-drops");
    assertThat(plan.at("/nodes/0/sessions/0/why").asText()).isEqualTo("localASN 65001 -> 65009");
  }

  @Test
  void whatWouldBeRefusedEndsWithOneAndIsNoPlan() throws IOException {
    Path file = folder.resolve("refused.yaml");
    Files.writeString(
        file, Files.readString(Path.of(LAB, "30-pool.yaml")).replace("  blocks:", "  block:"));

    CommandOutput text = CommandOutput.of("plan", "--offline", "-f", file.toString());
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).contains("[unknown-field]").doesNotContain("on the wire");

    CommandOutput json = CommandOutput.of("plan", "--offline", "-o", "json", "-f", file.toString());
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.out()).isEmpty();
    assertThat(json.err()).contains("[unknown-field]");
  }

  @Test
  void aLineThatIsWrongEndsWithTwo() {
    for (List<String> line :
        List.of(
            List.<String>of(),
            List.of("--offline", "-f", folder.resolve("none.yaml").toString()),
            List.of("-f", LAB, "--from", LAB),
            List.of("-f", LAB, "--kubeconfig", folder.resolve("none").toString()))) {
      List<String> whole = new ArrayList<>(List.of("plan"));
      whole.addAll(line);
      assertThat(CommandOutput.of(whole.toArray(String[]::new)).exitCode())
          .as("%s", whole)
          .isEqualTo(2);
    }
  }

  @Test
  void aClusterThatDoesNotAnswerEndsWithThreeInOneLine() throws IOException {
    CommandOutput output =
        CommandOutput.of("plan", "-f", LAB, "--kubeconfig", CommandOutput.nowhere(folder));

    assertThat(output.exitCode()).isEqualTo(3);
    assertThat(output.out()).isEmpty();
    assertThat(output.err().lines())
        .singleElement()
        .asString()
        .startsWith("peerage plan: cannot list ");
  }
}

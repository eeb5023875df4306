package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.testing.PortBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Which cluster is asked, and that no other one is. */
class KubeconfigTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Path lab;

  @BeforeEach
  void write() throws IOException {
    lab = file("lab", "lab", 1);
  }

  private Path file(String name, String context, int port) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        apiVersion: v1
        kind: Config
        current-context: %1$s
        contexts: [{name: %1$s, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%2$d"}}]
        users: [{name: u, user: {token: t}}]
        """
            .formatted(context, port));
  }

  private String server(@Nullable String file, @Nullable String context) {
    return new Kubeconfig(environment::get, folder.resolve("home"))
        .read(file, context)
        .getMasterUrl();
  }

  private void refuses(@Nullable String file, @Nullable String context, String... words) {
    assertThatThrownBy(() -> server(file, context))
        .isInstanceOfSatisfying(
            AgentsException.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(2);
              assertThat(refused.getMessage()).contains(words).doesNotContain("\n");
            });
  }

  @Test
  void anUnknownContextIsNotTheCurrentOne() {
    refuses(lab.toString(), "prod-typo", "no context 'prod-typo'", lab.toString(), "it has lab");
    environment.put("KUBECONFIG", lab.toString());
    refuses(null, "prod-typo", "no context 'prod-typo'");
    assertThat(server(null, "lab")).startsWith("https://127.0.0.1:1");
  }

  @Test
  void theVariableComesBeforeTheFileOfTheHomeFolder() throws IOException {
    Files.createDirectories(folder.resolve("home/.kube"));
    file("home/.kube/config", "home", 2);
    assertThat(server(null, null)).startsWith("https://127.0.0.1:2");
    environment.put("KUBECONFIG", lab.toString());
    assertThat(server(null, null)).startsWith("https://127.0.0.1:1");
  }

  @Test
  void whatIsNamedMustBeThere() {
    refuses(folder.resolve("nothing").toString(), null, "cannot be read");
    environment.put("KUBECONFIG", folder.resolve("nothing").toString());
    refuses(null, null, "there is no such file");
  }

  @Test
  void withoutAnyThereIsNoCluster() {
    refuses(null, null, "no kubeconfig", "--kubeconfig");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "a: [",
        "just words",
        "[]",
        "apiVersion: v1\nkind: Config\n",
        "apiVersion: v1\nkind: Config\ncurrent-context: gone\ncontexts: []\n"
      })
  void whatIsNoKubeconfigIsSaidInOneLine(String content) throws IOException {
    refuses(Files.writeString(folder.resolve("broken"), content).toString(), null, "broken");
  }

  @Test
  void anApiServerThatIsNotThereIsSaidInOneLine() throws IOException {
    Path file = file("closed", "closed", PortBlock.claim().port(0));
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        new CommandLine(new PeerageCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("peers", "--kubeconfig", file.toString());

    assertThat(exit).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("peerage: cannot list the agents' pods at https://127.0.0.1:")
        .contains("connection refused")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }
}

package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a real bash completes with the script. */
class CompletionCommandTest {
  /** Calls what the script has registered, as bash does when Tab is hit. */
  private static final String COMPLETE =
      """
      source "$1" || exit 1
      shift
      COMP_WORDS=(peerage "$@") COMP_CWORD=$#
      COMP_LINE="peerage $*" COMP_POINT=${#COMP_LINE}
      $(complete -p peerage | sed 's/.* -F \\([^ ]*\\).*/\\1/')
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  private static String script() {
    var out = new StringWriter();
    var line = new CommandLine(new PeerageCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(out, true));
    assertThat(line.execute("completion", "bash")).isZero();
    return out.toString();
  }

  /** The words that bash offers at the end of a line. */
  private static String offered(Path folder, String... words) throws Exception {
    Path file = folder.resolve("completion");
    Files.writeString(file, script());
    String line = "peerage " + String.join(" ", words);
    List<String> command =
        new ArrayList<>(List.of("bash", "--norc", "-c", COMPLETE, "bash", file.toString()));
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    return read(bash, line);
  }

  private static String read(Process bash, String line) throws IOException, InterruptedException {
    String text = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(line + ": " + text).isZero();
    return text;
  }

  @Test
  void commandsAndTheirOptionsAreOffered(@TempDir Path folder) throws Exception {
    assertThat(offered(folder, "pe").lines()).containsExactly("peers");
    assertThat(offered(folder, "w").lines()).containsExactly("why");
    assertThat(offered(folder, "status", "--no").lines())
        .contains("--node", "--no-color")
        .doesNotContain("--watch");
  }

  @Test
  void theFormsOfOutputAreOffered(@TempDir Path folder) throws Exception {
    assertThat(offered(folder, "peers", "--output", "").lines())
        .contains("table", "wide", "json", "yaml");
  }

  @Test
  void anotherShellIsNamedAsAnError() {
    var err = new StringWriter();
    var line = new CommandLine(new PeerageCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute("completion", "tcsh")).isEqualTo(2);
    assertThat(err.toString()).contains("tcsh", "BASH", "ZSH");
  }
}

package dev.peerage.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * What a command line ended with and wrote.
 *
 * @param exitCode that of the process
 * @param out to standard output
 * @param err to standard error
 */
record CommandOutput(int exitCode, String out, String err) {
  static CommandOutput of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = PeerageCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exitCode = line.execute(args);
    return new CommandOutput(exitCode, out.toString(), err.toString());
  }

  JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out);
  }

  /** A kubeconfig of a server that is not there: port 1 of this machine. */
  static String nowhere(Path folder) throws IOException {
    Path file = folder.resolve("nowhere");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: user, user: {token: none}}]
        contexts: [{name: none, context: {cluster: none, user: user}}]
        current-context: none
        """);
    return file.toString();
  }
}

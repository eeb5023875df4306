package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.http.VersionAnswer;
import dev.peerage.table.VersionsTable;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerage version}: of this program, and of the agents. */
@Command(
    name = "version",
    description = {
      "Shows the version of this program and of every agent.",
      "Exit code 0: all agents answered; 1: one does not, or is older than this question."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Option(names = "--client", description = "Only of this program; no cluster is asked.")
  private boolean client;

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    VersionAnswer own = VersionAnswer.ofProgram();
    boolean text =
        switch (options.output) {
          case TABLE, WIDE -> true;
          case JSON, YAML -> false;
        };
    if (text) { // also where no cluster can be reached
      spec.commandLine().getOut().println("peerage " + own.version());
      spec.commandLine().getOut().flush();
    }
    if (client) {
      if (!text) {
        Shown.print(spec.commandLine().getOut(), options, own, _ -> "");
      }
      return 0;
    }
    return AskedAgents.run(
        spec,
        options,
        "/version",
        VersionAnswer.class,
        UnaryOperator.identity(),
        VersionsTable::of,
        _ -> true);
  }
}

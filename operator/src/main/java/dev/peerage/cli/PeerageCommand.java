package dev.peerage.cli;

import dev.peerage.http.VersionAnswer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code peerage} command: parses the line and hands over to a subcommand. */
@Command(
    name = "peerage",
    description = "A BGP control plane for any Kubernetes cluster that speaks Cilium's BGP API.",
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentCommand.class,
      CompletionCommand.class,
      EmptyStatusCommand.class,
      HelpCommand.class,
      LabCommand.class,
      LintCommand.class,
      MigrateStorageCommand.class,
      OperatorCommand.class,
      PeersCommand.class,
      PlanCommand.class,
      RoutesCommand.class,
      RoutePoliciesCommand.class,
      SpeakerCommand.class,
      StatusCommand.class,
      VersionCommand.class,
      WhyCommand.class,
    })
public final class PeerageCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command, for picocli to fill in. */
  public PeerageCommand() {}

  /**
   * Runs a command line.
   *
   * @return the exit code: 0 success, 1 the command failed, 2 the line is wrong
   */
  public static int run(String... args) {
    return line().execute(args);
  }

  /** What parses a line and writes to standard output and standard error, unless told otherwise. */
  static CommandLine line() {
    return new CommandLine(new PeerageCommand()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; 'peerage --help' lists them");
  }

  /** The version in the program's own archive. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"peerage " + VersionAnswer.ofProgram().version()};
    }
  }
}

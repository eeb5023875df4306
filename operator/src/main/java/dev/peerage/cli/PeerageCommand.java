package dev.peerage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code peerage} command: parses the line and hands over to a subcommand. */
@Command(
    name = "peerage",
    description = "A BGP control plane for any Kubernetes cluster that speaks Cilium's BGP API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentCommand.class,
      HelpCommand.class,
      LabCommand.class,
      OperatorCommand.class,
      PeersCommand.class,
      RoutesCommand.class,
      RoutePoliciesCommand.class,
    })
public final class PeerageCommand implements Runnable {
  @Spec private CommandSpec spec;

  PeerageCommand(CommandSpec spec) {
    this.spec = spec;
  }

  /** Instantiated by picocli, which then sets the spec. */
  public PeerageCommand() {
    this(CommandSpec.create());
  }

  /**
   * Runs a command line.
   *
   * @return the exit code: 0 success, 1 the command failed, 2 the line is wrong
   */
  public static int run(String... args) {
    return new CommandLine(new PeerageCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; 'peerage --help' lists them");
  }
}

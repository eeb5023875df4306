package dev.peerage.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage completion}: what a shell completes the line with. */
@Command(
    name = "completion",
    description = {
      "Prints a script that lets bash or zsh complete commands and options.",
      "In ~/.bashrc or ~/.zshrc: source <(peerage completion)"
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class CompletionCommand implements Callable<Integer> {
  /** Shells that can be completed for. */
  enum Shell {
    BASH,
    ZSH
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "bash|zsh",
      description = "The script is the same for both.")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CommandLine whole = spec.root().commandLine();
    out.print(
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash(spec.root().name(), whole);
        });
    out.flush();
    return 0;
  }
}

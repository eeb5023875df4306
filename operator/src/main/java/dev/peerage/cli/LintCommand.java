package dev.peerage.cli;

import dev.peerage.lint.ManifestLint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage lint}: checks manifests without a cluster. */
@Command(
    name = "lint",
    description = {
      "Checks manifests without a cluster: what the API server would refuse (with file, line, field"
          + " and remedy), and what it would take but could not be done as written.",
      "Exit code 0: nothing was found, or warnings only; 1: something would be refused, or with"
          + " --strict there are warnings."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class LintCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|FOLDER",
      description = "Files, and folders with .yaml, .yml and .json files. /dev/stdin reads a pipe.")
  private List<Path> places = new ArrayList<>();

  @Option(names = "--strict", description = "Warnings end with exit code 1 too.")
  private boolean strict;

  @Override
  public Integer call() {
    // Planning here concerns no running agent: its log lines would be those of a cluster.
    System.setProperty("peerage.log.level", "error");
    ManifestLint.Findings findings = ManifestLint.of(places);
    PrintWriter out = spec.commandLine().getOut();
    findings.problems().forEach(problem -> out.println("error: " + problem));
    findings.warnings().forEach(warning -> out.println("warning: " + warning));
    findings.notes().forEach(note -> out.println("note: " + note));
    out.println(
        findings.problems().isEmpty()
            ? findings.objects() + " objects, " + findings.warnings().size() + " warnings"
            : findings.problems().size() + " errors");
    out.flush();
    return findings.problems().isEmpty() && !(strict && !findings.warnings().isEmpty()) ? 0 : 1;
  }
}

package dev.peerage.cli;

import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.lint.FindingCode;
import dev.peerage.lint.Findings;
import dev.peerage.lint.FindingsFormat;
import dev.peerage.lint.ManifestLint;
import dev.peerage.lint.Manifests;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage lint}: checks manifests without a cluster. */
@Command(
    name = "lint",
    description = {
      "Checks manifests without a cluster: what the API server would refuse (with file, line, field"
          + " and remedy), and what it would take but could not be done as written.",
      "Exit code 0: nothing was found, or warnings and notes only; 1: something would be refused or"
          + " was not read, or with --strict there are warnings; 2: the command line is wrong, or"
          + " names a file that is not there; 3: the cluster of --live cannot be asked."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class LintCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|FOLDER|-",
      description =
          "Files, folders with .yaml, .yml and .json files in them and their subfolders, and - for"
              + " standard input.")
  private List<String> places = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|FOLDER|-",
      description = "The same, as kubectl has it.")
  private List<String> named = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json|github",
      defaultValue = "text",
      description = "How findings are written; github: at the lines of a pull request.")
  private FindingsFormat format = FindingsFormat.TEXT;

  @Option(names = "--strict", description = "Warnings end with exit code 1 too.")
  private boolean strict;

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CODE",
      description = "Findings that are not shown; errors always are.")
  private List<String> ignore = new ArrayList<>();

  @Option(
      names = "--live",
      description =
          "Looks at the objects of a cluster; with files, at these as they would be in the"
              + " cluster.")
  private boolean live;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "With --live: which kubeconfig to use.")
  private @Nullable String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "With --live: which of its contexts to use.")
  private @Nullable String context;

  @Override
  public Integer call() {
    // Planning here concerns no running agent: its log lines would be those of a cluster.
    System.setProperty("peerage.log.level", "error");
    List<String> all = new ArrayList<>(places);
    all.addAll(named);
    if (all.isEmpty() && !live) {
      throw new ParameterException(
          spec.commandLine(), "name a file or a folder, or - for standard input; or --live");
    }
    Findings findings;
    try {
      findings = find(all);
    } catch (AgentsException e) {
      spec.commandLine().getErr().println("peerage lint: " + e.getMessage());
      return e.exitCode();
    }
    PrintWriter out = spec.commandLine().getOut();
    format.lines(findings).forEach(out::println);
    out.flush();
    if (missing(all)) {
      return ExitCode.WRONG_USE;
    }
    boolean bad =
        findings.count(Severity.ERROR) > 0 || strict && findings.count(Severity.WARNING) > 0;
    return bad ? ExitCode.PROBLEM : 0;
  }

  /** Whether a file or folder is not there that the command line names. */
  static boolean missing(List<String> places) {
    return places.stream().anyMatch(place -> !place.equals("-") && !Files.exists(Path.of(place)));
  }

  private Findings find(List<String> all) {
    Set<FindingCode> ignored = ignored();
    if (!live) {
      return ManifestLint.of(all, System.in, ignored);
    }
    Manifests cluster = LiveCluster.read(kubeconfig, context).manifests();
    return all.isEmpty()
        ? ManifestLint.of(cluster, ignored)
        : ManifestLint.of(cluster, all, System.in, ignored);
  }

  private Set<FindingCode> ignored() {
    Set<FindingCode> ignored = EnumSet.noneOf(FindingCode.class);
    for (String code : ignore) {
      ignored.add(
          FindingCode.of(code)
              .orElseThrow(() ->
                  new ParameterException(
                      spec.commandLine(),
                      "--ignore " + code + ": there is no such finding; docs/lint lists them")));
    }
    return ignored;
  }
}

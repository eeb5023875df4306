package dev.peerage.cli;

import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.lint.FindingsFormat;
import dev.peerage.lint.ManifestLint;
import dev.peerage.lint.Manifests;
import dev.peerage.lint.PlanFormat;
import dev.peerage.lint.WirePlan;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerage plan}: what manifests would change on the wire. */
@Command(
    name = "plan",
    description = {
      "Says what applying manifests would change on the wire: sessions that reset, routes of each"
          + " node, and addresses of Services that move. Reads the cluster and writes nothing.",
      "Exit code 0: planned; 1: a manifest would be refused, or was not read; 2: the command line"
          + " is wrong; 3: the cluster cannot be asked."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|FOLDER|-",
      description = "The manifests that would be applied.")
  private List<String> places = new ArrayList<>();

  @Option(names = "--offline", description = "Ask no cluster: plan from --from, or from nothing.")
  private boolean offline;

  @Option(
      names = "--from",
      paramLabel = "FILE|FOLDER",
      description = "With --offline: the manifests that are applied already.")
  private List<String> from = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "How the plan is written; with json, what is wrong with the manifests goes to standard"
              + " error.")
  private PlanFormat format = PlanFormat.TEXT;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Which kubeconfig to use.")
  private @Nullable String kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Which of its contexts to use.")
  private @Nullable String context;

  @Override
  public Integer call() {
    System.setProperty("peerage.log.level", "error");
    if (!offline && !from.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--from is for --offline");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter faults =
        switch (format) {
          case TEXT -> out;
          case JSON -> spec.commandLine().getErr();
        };
    Optional<Manifests> files = read(places, faults);
    Optional<WirePlan.Cluster> cluster;
    try {
      cluster =
          offline
              ? from.isEmpty()
                  ? Optional.of(WirePlan.Cluster.NONE)
                  : read(from, faults).map(WirePlan.Cluster::of)
              : files.map(_ -> LiveCluster.read(kubeconfig, context));
    } catch (AgentsException e) {
      out.flush();
      spec.commandLine().getErr().println("peerage plan: " + e.getMessage());
      return e.exitCode();
    }
    if (files.isPresent() && cluster.isPresent()) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      format.lines(WirePlan.of(cluster.get(), files.get(), now)).forEach(out::println);
    }
    faults.flush();
    out.flush();
    if (LintCommand.missing(places) || LintCommand.missing(from)) {
      return ExitCode.WRONG_USE;
    }
    return files.isPresent() && cluster.isPresent() ? 0 : ExitCode.PROBLEM;
  }

  /** Reads manifests; says what is wrong with them where they cannot be planned with. */
  private static Optional<Manifests> read(List<String> places, PrintWriter faults) {
    ManifestLint.Objects objects = ManifestLint.objects(places, System.in);
    FindingsFormat.TEXT.lines(objects.refused()).stream()
        .filter(_ -> !objects.refused().groups().isEmpty())
        .forEach(faults::println);
    return objects.refused().count(Severity.ERROR) > 0
        ? Optional.empty()
        : Optional.of(objects.manifests());
  }
}

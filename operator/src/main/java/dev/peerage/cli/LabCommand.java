package dev.peerage.cli;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lab.LabException;
import dev.peerage.lab.LabRun;
import dev.peerage.lab.LabRun.RouterChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage lab}: a cluster's control plane from a folder of manifests, in one process. */
@Command(
    name = "lab",
    description =
        "Runs the BGP side of a whole cluster in one process, from a folder of manifests: the"
            + " planners, one speaker per Node, and the router that the nodes talk to, all on"
            + " loopback addresses. Follows the folder until Ctrl-C.",
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class LabCommand implements Callable<Integer> {
  private static final int END_SECONDS = 15;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      defaultValue = "examples/seed-lab",
      paramLabel = "FOLDER",
      description =
          "Folder with the manifests (default: ${DEFAULT-VALUE}). Several folders are as many"
              + " clusters, which meet at the routers.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--once",
      description =
          "End as soon as all sessions are Established and the router's table is exactly what the"
              + " manifests imply: exit code 0; else print the difference and exit with 1.")
  private boolean once;

  @Option(
      names = "--router",
      defaultValue = "builtin",
      paramLabel = "builtin|frr",
      description = "What plays the router: Peerage's own speaker, or an installed FRR.")
  private RouterChoice router = RouterChoice.BUILTIN;

  @Option(
      names = "--network",
      defaultValue = "10.10.1.0/24",
      split = ",",
      paramLabel = "PREFIX",
      description = "What the router itself announces (default: ${DEFAULT-VALUE}).")
  private Set<String> networks = new LinkedHashSet<>();

  @Option(
      names = "--timeout",
      defaultValue = "30",
      paramLabel = "SECONDS",
      description = "How long a change may take to come into force (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Set<Prefix> prefixes = new LinkedHashSet<>();
    for (String network : networks) {
      try {
        prefixes.add(Prefix.parse(network));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--network " + e.getMessage(), e);
      }
    }
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new ParameterException(spec.commandLine(), folder + " is not a folder");
      }
    }
    if (timeout < 1) {
      throw new ParameterException(spec.commandLine(), "--timeout must be 1 or more");
    }
    // The lab itself tells what sessions do; PEERAGE_LOG_LEVEL=info adds what the speakers log.
    System.setProperty("peerage.log.level", "error");
    try {
      var run =
          new LabRun(
              new LabRun.Settings(folders, router, prefixes, Duration.ofSeconds(timeout), once),
              spec.commandLine().getOut());
      return follow(run);
    } catch (LabException e) {
      spec.commandLine().getErr().println("peerage lab: " + e.getMessage());
      return 1;
    }
  }

  private int follow(LabRun run) throws LabException, IOException, InterruptedException {
    var ended = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .name("lab-stop")
            .unstarted(() -> {
              run.stop();
              try {
                boolean _ = ended.await(END_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              // Ctrl-C is how the lab ends: that is no failure, unless a check was cut short.
              Runtime.getRuntime().halt(once ? 1 : 0);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    if (!once) {
      Thread.ofPlatform().name("lab-enter").daemon().start(() -> showOnEnter(run));
    }
    int code;
    try {
      code = run.run();
    } finally {
      ended.countDown();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // Already on the way down: the hook sets the exit code.
    }
    return code;
  }

  private static void showOnEnter(LabRun run) {
    try {
      int read = System.in.read();
      while (read >= 0) {
        if (read == '\n') {
          run.show();
        }
        read = System.in.read();
      }
    } catch (IOException _) {
      // No terminal: nobody presses Enter.
    }
  }
}

package dev.peerage.cli;

import dev.peerage.cluster.StorageMigration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerage migrate-storage}: rewrites what an older Cilium has stored, and ends. */
@Command(
    name = "migrate-storage",
    description = {
      "Rewrites objects of group cilium.io that are stored as v2alpha1 as v2, and takes v2alpha1"
          + " off the stored versions of their definitions. Ends when nothing is left to do.",
      "The chart runs it once after an installation or upgrade that finds such objects."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class MigrateStorageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      List<String> failed = new StorageMigration(client).run();
      if (failed.isEmpty()) {
        return 0;
      }
      spec.commandLine()
          .getErr()
          .println("peerage migrate-storage: not migrated: " + String.join(", ", failed));
      return 1;
    }
  }
}

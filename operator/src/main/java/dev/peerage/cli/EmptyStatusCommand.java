package dev.peerage.cli;

import dev.peerage.agent.EmptyStatuses;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerage empty-status}: what is left to do when the agents have gone. */
@Command(
    name = "empty-status",
    description = {
      "Empties the status of every CiliumBGPNodeConfig, which would show sessions that have ended"
          + " for ever. For a cluster from which the agents have been removed; 'helm uninstall'"
          + " runs it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class EmptyStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      spec.commandLine()
          .getOut()
          .printf("Emptied the status of %d CiliumBGPNodeConfigs.%n", EmptyStatuses.in(client));
      return 0;
    } catch (KubernetesClientException e) {
      spec.commandLine().getErr().println("peerage empty-status: " + e.getMessage());
      return 1;
    }
  }
}

package dev.peerage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class RightsTest {
  private final ApiServer server = ApiServer.running();

  @Test
  void theAgentReadsNodesAndWritesNone() throws IOException {
    String kubeconfig = Files.readString(server.kubeconfig("peerage-agent", "127.0.0.1"));
    try (KubernetesClient agent =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build()) {
      assertThat(agent.nodes().list().getItems()).isNotNull();
      assertThatThrownBy(() -> agent.nodes().withName("any").delete())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> assertThat(refused.getCode()).isEqualTo(403));
    }
  }
}

package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A right that is taken away from a running process is told in one line. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class RefusedWatchesTest {
  private final ApiServer server = ApiServer.running();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void nobodyWatchesNodes() {
    may("list");
  }

  @AfterEach
  void giveTheChartsRightsBack() {
    server.chart().all(ClusterRole.class).stream()
        .filter(each -> each.getMetadata().getName().equals("peerage-agent"))
        .forEach(each -> server.client().resource(each).forceConflicts().serverSideApply());
  }

  private void may(String verbs) {
    server.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: peerage-agent}
        rules: [{apiGroups: [""], resources: [nodes], verbs: [%s]}]
        """
            .formatted(verbs));
  }

  @Test
  void theWatchAndThenTheListAreToldOnceAMinuteWhileTheyAreRefused() throws IOException {
    try (KubernetesClient client = client();
        SharedIndexInformer<Node> nodes = client.nodes().runnableInformer(0)) {
      var _ = nodes.exceptionHandler((_, _) -> true).start();
      await("a line").atMost(Duration.ofMinutes(2)).until(() -> !lines.isEmpty());

      assertThat(lines)
          .singleElement()
          .asString()
          .contains("refuses the watch of /api/v1/nodes with 403", "helm upgrade");
    }
  }

  private KubernetesClient client() throws IOException {
    Config config =
        Config.fromKubeconfig(Files.readString(server.kubeconfig("peerage-agent", "127.0.0.1")));
    return ApiServerAway.told(
            new KubernetesClientBuilder().withConfig(config), "", new RefusedWatches(lines::add))
        .build();
  }
}

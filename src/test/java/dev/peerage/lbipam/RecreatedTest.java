package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Service that is deleted and made again in the same moment is another one, and is served. */
@Tag("cluster")
final class RecreatedTest {
  private static final int SERVICES = 100;
  private static final int ROUNDS = 5;

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();

  @Test
  void noneIsForgotten() {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec: {blocks: [{cidr: 172.16.0.0/16}]}
        """);
    ManyServices.create(client, SERVICES);
    try (var _ = IpamOperator.alone(server, Optional.empty())) {
      awaitAddresses();
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SERVICES; i++) {
          Service again = ManyServices.of("s-" + i);
          var _ = client.resource(again).delete();
          var _ = client.resource(again).create();
        }
        awaitAddresses();
      }
    }
  }

  private void awaitAddresses() {
    await("addresses")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(pending()).as("Services without address").isEmpty());
  }

  private List<String> pending() {
    return client.services().inNamespace("default").list().getItems().stream()
        .filter(it -> "LoadBalancer".equals(it.getSpec().getType()))
        .filter(it -> it.getStatus().getLoadBalancer().getIngress().isEmpty())
        .map(it -> it.getMetadata().getName())
        .toList();
  }
}

package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Pools are edited and the operator starts again, as people have reported it of Services whose
 * addresses moved: none does, at no version of any Service, whoever waits for one.
 */
@Tag("cluster")
final class PoolEditTest {
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "first", "192.0.2.9",
          "second", "192.0.2.10",
          "mid", "192.0.2.39",
          "last", "192.0.2.50",
          "other", "198.51.100.4");

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();

  @Test
  void noAddressMoves() {
    pool("{start: 192.0.2.9, stop: 192.0.2.50}, {cidr: 198.51.100.0/29}");
    try (var history = ServiceHistory.of(client)) {
      try (var _ = IpamOperator.alone(server)) {
        service("first", "");
        await("first", "192.0.2.9");
        service("second", "");
        await("second", "192.0.2.10");
        service("mid", "192.0.2.39");
        service("last", "192.0.2.50");
        service("other", "198.51.100.4");
        service("waits", "192.0.2.9");
        awaitAll();
        // Nobody asks any more: what they have is what they keep.
        for (var name : new String[] {"mid", "last", "other"}) {
          unask(name);
        }

        // A block begins earlier.
        edit("{start: 192.0.2.2, stop: 192.0.2.50}, {cidr: 198.51.100.0/29}", "192.0.2.2");
        // A range that nobody uses is cut out.
        edit(
            "{start: 192.0.2.2, stop: 192.0.2.39}, {start: 192.0.2.49, stop: 192.0.2.50},"
                + " {cidr: 198.51.100.0/29}",
            "192.0.2.3");
        // One block of several grows, in another order.
        edit(
            "{cidr: 198.51.100.0/28}, {start: 192.0.2.2, stop: 192.0.2.39},"
                + " {start: 192.0.2.49, stop: 192.0.2.50}",
            "198.51.100.14");
      }
      // Services appear while no operator runs, one of them asks for what another one has.
      service("new", "");
      service("asks", "192.0.2.50");
      try (var operator = IpamOperator.alone(server)) {
        Awaitility.await("all are decided about")
            .atMost(Duration.ofMinutes(2))
            .until(() -> operator.matching() == 11 && operator.unsatisfied() == 2);
        awaitAll();
      }
      assertThat(history.faults()).isEmpty();
    }
  }

  /** What the edit brings is asked for by a further Service: once it has that, all is decided. */
  private void edit(String blocks, String brings) {
    pool(blocks);
    service("s-" + brings.replace('.', '-'), brings);
    await("s-" + brings.replace('.', '-'), brings);
    awaitAll();
  }

  private void awaitAll() {
    ADDRESSES.forEach(this::await);
    assertThat(addresses("waits")).isEmpty();
  }

  private void pool(String blocks) {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec: {blocks: [%s]}
        """
            .formatted(blocks));
  }

  private void service(String name, String asks) {
    server.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default}
        spec: {type: LoadBalancer, ports: [{port: 80}], loadBalancerIP: '%s'}
        """
            .formatted(name, asks));
  }

  private void unask(String name) {
    var _ =
        client
            .services()
            .inNamespace("default")
            .withName(name)
            .edit(it -> {
              it.getSpec().setLoadBalancerIP(null);
              return it;
            });
  }

  private String addresses(String name) {
    Service service = client.services().inNamespace("default").withName(name).get();
    return ServiceHistory.addresses(service).stream().collect(Collectors.joining(" "));
  }

  private void await(String name, String address) {
    Awaitility.await(name + " has " + address)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(addresses(name)).isEqualTo(address));
  }
}

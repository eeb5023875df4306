package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** Services of type LoadBalancer that ask for any address. */
final class ManyServices {
  private ManyServices() {}

  static Service of(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withType("LoadBalancer")
        .withAllocateLoadBalancerNodePorts(false) // There are fewer than 3,000.
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }

  /** Creates Services {@code s-0} and so on, several at a time. */
  static void create(KubernetesClient client, int number) {
    var slots = new Semaphore(8);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var requests =
          IntStream.range(0, number)
              .mapToObj(i ->
                  executor.submit(() -> {
                    slots.acquire();
                    try {
                      return client.resource(of("s-" + i)).create();
                    } finally {
                      slots.release();
                    }
                  }))
              .toList();
      for (var request : requests) {
        var _ = request.get();
      }
    } catch (Exception e) {
      throw new AssertionError("Services are refused", e);
    }
  }

  /** Their versions, by which a write is seen. */
  static List<String> versions(KubernetesClient client) {
    return client.services().inAnyNamespace().list().getItems().stream()
        .map(it ->
            it.getMetadata().getName()
                + " "
                + it.getMetadata().getResourceVersion()
                + " "
                + ServiceHistory.addresses(it))
        .sorted()
        .toList();
  }
}

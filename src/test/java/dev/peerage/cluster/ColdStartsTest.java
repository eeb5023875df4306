package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Settling;
import dev.peerage.operator.OperatorProcess;
import dev.peerage.operator.RunningOperator;
import dev.peerage.proof.Rounds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything in one {@code kubectl apply}, in any order, while the operator starts. */
@Tag("cluster")
@Tag("proof")
final class ColdStartsTest {
  private static final int NODES = 5;

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient admin = server.client();
  private final Queue<String> written = new ConcurrentLinkedQueue<>();

  @Test
  void noVerdictIsTakenBackAndEachObjectIsWrittenOnce() throws IOException, InterruptedException {
    var kubeconfig = Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"));
    var random = new Random(7);
    try (var client =
            new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
        var _ = admin.resources(CiliumBGPClusterConfig.class).watch(noting());
        var _ = admin.resources(CiliumBGPPeerConfig.class).watch(noting());
        var _ = admin.resources(CiliumBGPNodeConfig.class).watch(noting())) {
      for (var start = 0; start < Rounds.of(3, 50); start++) {
        start(client, start, random);
      }
    }
  }

  private void start(KubernetesClient client, int start, Random random)
      throws InterruptedException {
    var objects = objects(start);
    Collections.shuffle(objects, random);
    written.clear();
    var begin = System.nanoTime();
    var applied = Thread.ofVirtual().start(() -> objects.forEach(server::apply));
    try (var operator =
        RunningOperator.start(
            client, new RunningOperator.Options(true, "peerage-system", Optional.empty()))) {
      applied.join();
      var took = Duration.ofNanos(System.nanoTime() - begin);
      await("all conditions")
          .atMost(OperatorProcess.LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() ->
              conditions(admin.resources(CiliumBGPClusterConfig.class).withName("cs").get()).size()
                      == 3
                  && conditions(admin.resources(CiliumBGPPeerConfig.class).withName("cs-1").get())
                          .size()
                      == 1
                  && admin.resources(CiliumBGPNodeConfig.class).list().getItems().size() == NODES);
      assertThat(operator.alive()).isTrue();
      if (took.compareTo(Settling.TIME) < 0) {
        var what = "start " + start + ", applied within " + took.toMillis() + " ms";
        assertThat(admin.events().v1().events().inNamespace("default").list().getItems())
            .as(what)
            .isEmpty();
        assertThat(written).as(what).doesNotHaveDuplicates().noneMatch(it -> it.contains("True"));
        assertThat(written.stream().filter(it -> it.contains("=")).map(it -> it.split(" ")[1]))
            .as(what + ": statuses, each once")
            .containsExactlyInAnyOrder("cs", "cs-1", "cs-2");
      }
    }
    Stream.of(CiliumBGPClusterConfig.class, CiliumBGPPeerConfig.class, CiliumBGPAdvertisement.class)
        .forEach(kind -> admin.resources(kind).delete());
    admin.resources(CiliumBGPNodeConfig.class).delete();
    admin.nodes().delete();
    admin.secrets().inNamespace("peerage-system").withName("cs").delete();
  }

  private static List<Condition> conditions(@Nullable CiliumBGPClusterConfig config) {
    return config == null || config.getStatus() == null
        ? List.of()
        : config.getStatus().conditions();
  }

  private static List<Condition> conditions(@Nullable CiliumBGPPeerConfig config) {
    return config == null || config.getStatus() == null
        ? List.of()
        : config.getStatus().conditions();
  }

  private static List<String> objects(int start) {
    var objects =
        new ArrayList<>(
            IntStream.range(0, NODES)
                .mapToObj(i ->
                    "apiVersion: v1\nkind: Node\nmetadata: {name: cs-%d, labels: {cs: 'yes'}}"
                        .formatted(i))
                .toList());
    objects.add(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata: {name: cs, annotations: {start: "%d"}}
        spec:
          nodeSelector: {matchLabels: {cs: "yes"}}
          bgpInstances:
          - name: i
            localASN: 65001
            peers:
            - {name: a, peerAddress: 192.0.2.1, peerConfigRef: {name: cs-1}}
            - {name: b, peerAddress: 192.0.2.2, peerConfigRef: {name: cs-2}}
        """
            .formatted(start));
    for (var peer = 1; peer <= 2; peer++) {
      objects.add(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPPeerConfig
          metadata: {name: cs-%d}
          spec:
            authSecretRef: cs
            families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {cs: "yes"}}}]
          """
              .formatted(peer));
    }
    objects.add(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPAdvertisement
        metadata: {name: cs, labels: {cs: "yes"}}
        spec: {advertisements: [{advertisementType: PodCIDR}]}
        """);
    objects.add(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: cs, namespace: peerage-system}\n"
            + "data: {password: c2VjcmV0}");
    return objects;
  }

  /** Notes each write of a status, and of a NodeConfig. */
  private <T extends HasMetadata> Watcher<T> noting() {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T object) {
        var name = object.getKind() + " " + object.getMetadata().getName();
        switch (object) {
          case CiliumBGPNodeConfig nodeConfig ->
              written.add(name + " " + action + " " + nodeConfig.getMetadata().getUid());
          case CiliumBGPClusterConfig config -> note(action, name, conditions(config));
          case CiliumBGPPeerConfig config -> note(action, name, conditions(config));
          default -> throw new AssertionError(name);
        }
      }

      private void note(Action action, String name, List<Condition> conditions) {
        if (action == Action.MODIFIED && !conditions.isEmpty()) {
          written.add(
              name + " " + conditions.stream().map(it -> it.type() + "=" + it.status()).toList());
        }
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}

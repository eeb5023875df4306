package dev.peerage.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.peering.CiliumConfig;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** With the rights of the operator's service account. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class BesideCiliumTest {
  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: beside-1, labels: {beside: "yes"}}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPClusterConfig
      metadata: {name: beside}
      spec:
        nodeSelector: {matchLabels: {beside: "yes"}}
        bgpInstances: [{name: i, localASN: 65001}]
      """;

  private final ApiServer server = ApiServer.running();
  private final KubernetesClient admin = server.client();
  private KubernetesClient operator = admin;

  @BeforeEach
  void connect() throws IOException {
    var kubeconfig = Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"));
    operator = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
    server.apply(OBJECTS);
  }

  @AfterEach
  void clear() {
    operator.close();
    admin.configMaps().inNamespace("kube-system").withName(CiliumConfig.NAME).delete();
    admin.resources(CiliumBGPClusterConfig.class).withName("beside").delete();
    admin.resources(CiliumBGPNodeConfig.class).withName("beside-1").delete();
    admin.nodes().withName("beside-1").delete();
    admin.events().v1().events().inNamespace("default").delete();
  }

  private void ciliumsBgp(boolean on) {
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("kube-system")
            .withName(CiliumConfig.NAME)
            .endMetadata()
            .addToData("enable-bgp-control-plane", String.valueOf(on))
            .build();
    admin.resource(map).forceConflicts().serverSideApply();
  }

  @Test
  void whileCiliumsIsOnNothingIsWrittenAndEverybodyIsTold() {
    ciliumsBgp(true);
    try (var running = RunningOperator.start(operator, RunningOperator.Options.DEFAULT)) {
      eventually(() ->
          assertThat(running.missing().getOrDefault("cilium", ""))
              .startsWith(
                  "Cilium's own BGP control plane is on (ConfigMap kube-system/cilium-config:"
                      + " enable-bgp-control-plane is true); nothing is written"));
      eventually(() ->
          assertThat(admin.events().v1().events().inNamespace("default").list().getItems())
              .filteredOn(event -> event.getReason().equals(BesideCilium.REASON))
              .singleElement()
              .returns("beside", event -> event.getRegarding().getName()));
      assertThat(nodeConfigs()).isEmpty();
      assertThat(admin.leases().inNamespace(ApiServer.NAMESPACE).withName("peerage-operator").get())
          .satisfiesAnyOf(
              lease -> assertThat(lease).isNull(),
              lease -> assertThat(lease.getSpec().getHolderIdentity()).isNullOrEmpty());

      ciliumsBgp(false);
      eventually(() -> assertThat(nodeConfigs()).containsExactly("beside-1"));
      assertThat(running.alive()).isTrue();
      eventually(() -> assertThat(running.missing()).isEmpty());
    }
  }

  @Test
  void itStopsWhenCiliumsIsTurnedOn() throws InterruptedException {
    var turnedOn = new CountDownLatch(1);
    try (var events = new EventWriter(operator, "operator", "here", InstantSource.system());
        var beside =
            new BesideCilium(
                operator, "kube-system", events, new Readiness(operator), Duration.ofMillis(50))) {
      beside.await();
      assertThat(beside.missing()).isEmpty();
      beside.watch(turnedOn::countDown);
      ciliumsBgp(false);
      assertThat(turnedOn.getCount()).isOne();
      ciliumsBgp(true);
      assertThat(turnedOn.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Where the right is missing it cannot be known, and whoever has no Cilium must not suffer. */
  @Test
  void whatMayNotBeReadHoldsNothingUp() throws InterruptedException {
    try (var events = new EventWriter(operator, "operator", "here", InstantSource.system());
        var beside =
            new BesideCilium(operator, "kube-node-lease", events, new Readiness(operator))) {
      beside.await();
      assertThat(beside.missing()).isEmpty();
    }
  }

  private List<String> nodeConfigs() {
    return admin.resources(CiliumBGPNodeConfig.class).list().getItems().stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}

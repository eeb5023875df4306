package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.operator.RunningOperator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** With the operator's rights, against a real API server. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class OperatorAdviceTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String USELESS =
      """
      apiVersion: cilium.io/v2
      kind: CiliumBGPAdvertisement
      metadata: {name: advice-selects-nothing, labels: {advice: announced}}
      spec: {advertisements: [{advertisementType: Service, service: {addresses: [ClusterIP]}}]}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPAdvertisement
      metadata: {name: advice-unmatched, labels: {advice: unmatched}}
      spec: {advertisements: [{advertisementType: PodCIDR}]}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: advice-good}
      spec:
        families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {advice: announced}}}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: advice-without-families}
      spec: {}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: advice-without-secret}
      spec:
        authSecretRef: advice-none
        families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {advice: announced}}}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: advice-empty}
      spec: {blocks: []}
      """;

  private static final String NOWHERE =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: advice-1, labels: {advice: "yes"}}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPClusterConfig
      metadata: {name: advice-nowhere}
      spec:
        nodeSelector: {matchLabels: {advice: "yes"}}
        bgpInstances:
        - name: main
          localASN: 65001
          peers: [{name: tor, peerASN: 65000, peerAddress: 10.1.0.1, peerConfigRef: {name: advice-nowhere}}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: advice-nowhere}
      spec:
        families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {advice: nowhere}}}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPAdvertisement
      metadata: {name: advice-nowhere, labels: {advice: nowhere}}
      spec:
        advertisements:
        - advertisementType: Service
          service: {addresses: [LoadBalancerIP]}
          selector: {matchLabels: {advice: nowhere}}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: advice-nowhere}
      spec:
        serviceSelector: {matchLabels: {advice: nowhere}}
        blocks: [{cidr: 192.0.2.128/28}]
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: advice-gateway
        namespace: default
        labels: {advice: nowhere}
        annotations: {lbipam.cilium.io/ips: 192.0.2.129}
      spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: advice-gateway, namespace: default, labels: {kubernetes.io/service-name: advice-gateway}}
      addressType: IPv4
      ports: [{port: 80}]
      endpoints: [{addresses: [192.0.2.250], conditions: {ready: true}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: advice-announced, namespace: default, labels: {advice: nowhere}}
      spec: {type: LoadBalancer, ports: [{port: 80}]}
      """;

  private final ApiServer server = ApiServer.running();
  private final List<HasMetadata> objects = new ArrayList<>();

  @AfterEach
  void clear() {
    objects.forEach(object -> server.client().resource(object).delete());
    server.client().events().v1().events().inNamespace("default").delete();
  }

  @Test
  void whatAllNodesSeeAlikeIsOneEventOnTheObject() throws IOException {
    objects.addAll(server.apply(USELESS));
    String kubeconfig = Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"));
    try (KubernetesClient client =
            new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
        EventWriter writer =
            new EventWriter(client, "operator", "here", InstantSource.system(), Duration.ZERO);
        RunningOperator operator =
            RunningOperator.start(
                client,
                new RunningOperator.Options(true, "peerage-system", Optional.empty()),
                writer,
                new SimpleMeterRegistry())) {
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(eventsWhile(operator))
                  .containsExactlyInAnyOrder(
                      "CiliumBGPAdvertisement advice-selects-nothing BGPConfigurationWarning"
                          + " spec.advertisements[0].selector: it is not set",
                      "CiliumBGPAdvertisement advice-unmatched BGPConfigurationWarning"
                          + " metadata.labels: no family of any CiliumBGPPeerConfig selects them",
                      "CiliumBGPPeerConfig advice-without-families BGPConfigurationWarning"
                          + " spec.families: no family is given",
                      "CiliumBGPPeerConfig advice-without-secret BGPReconcileError"
                          + " spec.authSecretRef: there is no Secret 'advice-none' in namespace"
                          + " 'peerage-system' and thus no password",
                      "CiliumLoadBalancerIPPool advice-empty BGPConfigurationWarning"
                          + " spec.blocks: the pool has no address to give out"));
    }
  }

  /** As of a Gateway: its endpoints are on no node. */
  @Test
  void anAddressThatIsSelectedAndAnnouncedNowhereIsOneEventOnItsService() throws IOException {
    objects.addAll(server.apply(NOWHERE));
    String kubeconfig = Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"));
    try (KubernetesClient client =
            new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
        EventWriter writer =
            new EventWriter(client, "operator", "here", InstantSource.system(), Duration.ZERO);
        RunningOperator operator =
            RunningOperator.start(
                client,
                new RunningOperator.Options(true, "peerage-system", Optional.empty()),
                writer,
                new SimpleMeterRegistry())) {
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(eventsWhile(operator))
                  .containsExactly(
                      "Service advice-gateway BGPConfigurationWarning"
                          + " status.loadBalancer.ingress: no node announces 192.0.2.129"));
    } finally {
      server
          .client()
          .genericKubernetesResources("cilium.io/v2", "CiliumBGPNodeConfig")
          .withName("advice-1")
          .delete();
    }
  }

  private List<String> eventsWhile(RunningOperator operator) {
    assertThat(operator.alive()).isTrue();
    return events();
  }

  /** Object, reason, and the note up to what follows; those of other tests' objects left out. */
  private List<String> events() {
    return server.client().events().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> event.getRegarding().getName().startsWith("advice-"))
        .map(OperatorAdviceTest::text)
        .toList();
  }

  private static String text(Event event) {
    return event.getRegarding().getKind()
        + " "
        + event.getRegarding().getName()
        + " "
        + event.getReason()
        + " "
        + event.getNote().replaceAll("[;,] .*", "");
  }
}

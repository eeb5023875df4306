package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Problem.Severity;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server that answers each request with 200 and the NodeConfig. */
class StoredStatusTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String CONFIG =
      SeedLab.NODE_CONFIG
          .replace("---\n", "")
          .replace("  name: k8s-ctr", "  name: k8s-ctr\n  generation: 3\n  resourceVersion: '17'");
  private static final String STORED =
      """
      status:
        fieldOfANewerVersion: kept
        bgpInstances: [{name: old}]
        conditions:
        - {type: cilium.io/BGPReconcileError, status: 'True', reason: BGPReconcileError, message: old, lastTransitionTime: '2025-01-01T00:00:00Z'}
        - {type: example.org/Other, status: 'True', reason: Any, message: '', lastTransitionTime: '2025-01-01T00:00:00Z'}
      """;
  private static final Problem ERROR =
      new Problem(
          ObjectRef.ofCluster("Node", "k8s-ctr"),
          "spec.podCIDRs",
          "wrong",
          "mend it",
          Severity.ERROR,
          Problem.Scope.NODE);

  private record Request(String line, String contentType, JsonNode body) {}

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private HttpServer server;
  private KubernetesClient client;
  private int answer = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            requests.add(
                new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    JSON.unmarshal(exchange.getRequestBody(), JsonNode.class)));
            byte[] body = JSON.asJson(config(CONFIG)).getBytes();
            exchange.sendResponseHeaders(answer, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void aReportIsOneRequestThatNamesOnlyWhatTheAgentOwns() {
    assertThat(stored(CONFIG + STORED).report(SpeakerState.EMPTY, List.of(ERROR))).isTrue();
    assertThat(requests).hasSize(1);
    Request request = requests.element();
    assertThat(request.line)
        .isEqualTo(
            "PATCH /apis/cilium.io/v2/ciliumbgpnodeconfigs/k8s-ctr/status"
                + "?fieldManager=peerage-agent");
    assertThat(request.contentType).startsWith("application/merge-patch+json");
    assertThat(request.body)
        .isEqualTo(
            JSON.unmarshal(
                """
                metadata: {resourceVersion: '17'}
                status:
                  bgpInstances:
                  - name: instance-65001
                    localASN: 65001
                    peers: [{name: tor-switch, peerASN: 65000, peerAddress: 192.168.10.200}]
                  conditions:
                  - type: cilium.io/BGPReconcileError
                    status: 'True'
                    observedGeneration: 3
                    reason: BGPReconcileError
                    message: 'instance-65001: Node k8s-ctr spec.podCIDRs: wrong; mend it'
                    lastTransitionTime: '2025-01-01T00:00:00Z'
                  - {type: example.org/Other, status: 'True', reason: Any, message: '', lastTransitionTime: '2025-01-01T00:00:00Z'}
                """,
                JsonNode.class));
  }

  @Test
  void whatIsStoredIsNotWrittenAgain() {
    CiliumBGPNodeConfig config = config(CONFIG + STORED);
    config.setStatus(NodeStatus.of(config, SpeakerState.EMPTY, List.of(ERROR), Instant.EPOCH));
    assertThat(stored(config).report(SpeakerState.EMPTY, List.of(ERROR))).isFalse();
    assertThat(requests).isEmpty();
  }

  @Test
  void whenAllIsWellTheConditionGoes() {
    assertThat(stored(CONFIG + STORED).report(SpeakerState.EMPTY, List.of())).isTrue();
    assertThat(requests.element().body.at("/status/conditions").findValuesAsText("type"))
        .containsExactly("example.org/Other");
  }

  @Test
  void withoutReportsTheStatusIsEmptiedOnce() {
    StoredStatus stored = stored(CONFIG + STORED.replaceAll("(?m)^.*example.org.*\n", ""));
    assertThat(stored.empty()).isTrue();
    assertThat(stored.empty()).isFalse();
    assertThat(requests).hasSize(1);
    assertThat(requests.element().body)
        .isEqualTo(
            JSON.unmarshal(
                """
                {"metadata": {"resourceVersion": "17"},
                 "status": {"bgpInstances": null, "conditions": null}}
                """,
                JsonNode.class));
  }

  @Test
  void anEmptyStatusIsNotEmptied() {
    assertThat(stored(CONFIG).empty()).isFalse();
    assertThat(requests).isEmpty();
  }

  @Test
  void aNodeConfigThatHasChangedMeanwhileIsLeftToTheWatch() {
    answer = 409;
    assertThat(stored(CONFIG + STORED).report(SpeakerState.EMPTY, List.of())).isFalse();
    assertThat(requests).hasSize(1);
  }

  private StoredStatus stored(String config) {
    return stored(config(config));
  }

  private StoredStatus stored(CiliumBGPNodeConfig config) {
    return new StoredStatus(
        client, () -> Optional.of(config), () -> Instant.parse("2026-11-21T10:00:00Z"));
  }

  private static CiliumBGPNodeConfig config(String yaml) {
    return Manifests.of(yaml).all(CiliumBGPNodeConfig.class).getFirst();
  }
}

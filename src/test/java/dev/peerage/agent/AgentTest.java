package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** With the rights that the chart gives to agents. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class AgentTest {
  private static final String NODE = "agent-test";
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: %s, namespace: default, labels: {app: %s}, annotations: {note: '%s'}}
      spec: {externalIPs: [192.0.2.%d], ports: [{port: %d}]}
      """;

  private final ApiServer server = ApiServer.running();
  private final KubernetesClient client = agentsClient();
  private final List<HasMetadata> applied = new ArrayList<>();
  private final AtomicInteger statusChanges = new AtomicInteger();

  private KubernetesClient agentsClient() {
    try {
      return new KubernetesClientBuilder()
          .withConfig(
              Config.fromKubeconfig(
                  Files.readString(server.kubeconfig("peerage-agent", "127.0.0.1"))))
          .build();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void clear() {
    applied.reversed().forEach(each -> server.client().resource(each).delete());
    client.close();
  }

  private void apply(String yaml) {
    applied.addAll(server.apply(yaml));
  }

  private void service(String name, String app, String note, int address, int port) {
    apply(SERVICE.formatted(name, app, note, address, port));
  }

  private static AgentSettings settings(String secretsNamespace) {
    return new AgentSettings(
        NODE,
        NodeSettings.DEFAULT,
        secretsNamespace,
        "kube-system",
        true,
        Optional.empty(),
        Optional.empty());
  }

  private Inputs started(String secretsNamespace) {
    Inputs inputs =
        new Inputs(client, settings(secretsNamespace), () -> {}, statusChanges::incrementAndGet);
    assertThat(inputs.missing()).contains("Node", "CiliumBGPNodeConfig", "Service");
    inputs.start();
    soon("the first lists").until(() -> inputs.missing().isEmpty());
    return inputs;
  }

  private static ConditionFactory soon(String what) {
    return await(what).atMost(Duration.ofSeconds(60));
  }

  /** All keys that are noted until this one is. */
  private static Set<ServiceKey> noted(Inputs inputs, ServiceKey last) {
    Set<ServiceKey> noted = new HashSet<>();
    soon(last.toString())
        .until(() -> {
          noted.addAll(inputs.changes().take().services());
          return noted.contains(last);
        });
    return noted;
  }

  @Test
  void anUpdateOfWhatIsNotUsedIsNoChange() {
    ServiceKey first = new ServiceKey("default", "agent-test-a");
    ServiceKey second = new ServiceKey("default", "agent-test-b");
    try (Inputs inputs = started("")) {
      service("agent-test-a", "one", "", 1, 80);
      assertThat(noted(inputs, first)).contains(first);
      service("agent-test-b", "one", "", 2, 80);
      assertThat(noted(inputs, second)).contains(second);

      service("agent-test-a", "one", "another", 1, 8080);
      service("agent-test-b", "two", "", 2, 80);

      assertThat(noted(inputs, second)).containsExactly(second);
      assertThat(inputs.service(first).orElseThrow().getMetadata().getAnnotations()).isEmpty();
      assertThat(inputs.service(second).orElseThrow().getMetadata().getLabels())
          .containsEntry("app", "two");
    }
  }

  @Test
  void anEndpointSliceIsAChangeOfItsService() {
    ServiceKey key = new ServiceKey("default", "agent-test-a");
    try (Inputs inputs = started("")) {
      apply(
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata:
            name: agent-test-a-1
            namespace: default
            labels: {kubernetes.io/service-name: agent-test-a}
          addressType: IPv4
          endpoints: [{addresses: [10.0.0.1], nodeName: agent-test}]
          """);
      assertThat(noted(inputs, key)).contains(key);
      assertThat(inputs.slices(key)).hasSize(1);
      server.client().resource(applied.removeLast()).delete();
      assertThat(noted(inputs, key)).contains(key);
      assertThat(inputs.slices(key)).isEmpty();
    }
  }

  /** They are not taken for missing, and nothing else waits for them. */
  @Test
  void secretsThatMayNotBeReadAreUnknown() {
    apply("apiVersion: v1\nkind: Node\nmetadata: {name: agent-test}");
    apply(signed("agent-test-secret"));
    try (Inputs inputs = started("kube-node-lease")) {
      NodeSnapshot snapshot = inputs.configuration().orElseThrow();
      assertThat(snapshot.node().getMetadata().getName()).isEqualTo(NODE);
      assertThat(snapshot.context().passwords().namespace()).isEqualTo("kube-node-lease");
      assertThat(snapshot.context().passwords().known()).isFalse();
    }
  }

  /** Others stay unread, and nothing is planned between a name and what it stands for. */
  @Test
  void aSecretIsReadOnceAPeerOfTheNodeNeedsIt() {
    apply("apiVersion: v1\nkind: Node\nmetadata: {name: agent-test}");
    apply(secret("agent-test-one") + "---\n" + secret("agent-test-two"));
    try (Inputs inputs = started(ApiServer.NAMESPACE)) {
      assertThat(passwords(inputs)).isEmpty();

      apply(signed("agent-test-one"));
      soon("the peer config").until(() -> known(inputs).equals(Set.of("agent-test-one")));

      apply(signed("agent-test-two"));
      soon("the other one").until(() -> known(inputs).equals(Set.of("agent-test-two")));

      apply(signed("''"));
      soon("none").until(() -> known(inputs).isEmpty());
    }
  }

  /** The Secrets that are known; each configuration is complete. */
  private static Set<String> known(Inputs inputs) {
    return inputs
        .configuration()
        .map(snapshot -> {
          Set<String> named = NamedSecrets.names(snapshot.nodeConfigs(), snapshot.peerConfigs());
          Set<String> known = snapshot.context().passwords().bySecret().keySet();
          assertThat(known).isEqualTo(named);
          return known;
        })
        .orElse(Set.of("not complete"));
  }

  private static Set<String> passwords(Inputs inputs) {
    return inputs.configuration().orElseThrow().context().passwords().bySecret().keySet();
  }

  private static String secret(String name) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, namespace: %s}
    stringData: {password: correcthorse}
    """
        .formatted(name, ApiServer.NAMESPACE);
  }

  private static String signed(String secret) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPPeerConfig
    metadata: {name: agent-test-signed}
    spec: {authSecretRef: %s}
    ---
    apiVersion: cilium.io/v2
    kind: CiliumBGPNodeConfig
    metadata: {name: agent-test}
    spec:
      bgpInstances:
      - name: main
        localASN: 65001
        peers:
        - {name: silent, peerASN: 65000, peerAddress: 127.0.0.9, peerConfigRef: {name: agent-test-signed}}
    """
        .formatted(secret);
  }

  @Test
  void withoutItsNodeThereIsNoConfiguration() {
    try (Inputs inputs = started("")) {
      assertThat(inputs.configuration()).isEmpty();
    }
  }

  /** Two speakers of one node would take the router's session from each other. */
  @Test
  void whileCiliumsOwnAgentsSpeakThisOneHoldsNoSession() throws Exception {
    apply("apiVersion: v1\nkind: Node\nmetadata: {name: agent-test}");
    apply(signed("''"));
    Speaker speaker = Speaker.start(SpeakerSettings.defaults());
    Agent agent = new Agent(client, settings(""), speaker, new SimpleMeterRegistry());
    agent.start();
    soon("its instance").until(() -> !agent.desired().instances().isEmpty());
    soon("the status").until(() -> statusOfNode().contains("name=silent"));

    apply(cilium(true));
    soon("the end of its instance").until(() -> agent.desired().instances().isEmpty());
    assertThat(agent.missing().get("cilium")).contains("no session is held until it is off");
    assertThat(statusOfNode()).contains("name=silent");

    apply(cilium(false));
    soon("its instance").until(() -> !agent.desired().instances().isEmpty());
    soon("warm code").until(() -> agent.missing().isEmpty());
    agent.close();
  }

  private static String cilium(boolean bgp) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: cilium-config, namespace: kube-system}
    data: {enable-bgp-control-plane: '%s'}
    """
        .formatted(bgp);
  }

  private String statusOfNode() {
    return server
        .client()
        .genericKubernetesResources("cilium.io/v2", "CiliumBGPNodeConfig")
        .withName(NODE)
        .get()
        .getAdditionalProperties()
        .toString();
  }

  @Test
  void fromTheApiServerToTheSpeakerAndBackToTheStatus() throws Exception {
    apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: agent-test}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumBGPPeerConfig
        metadata: {name: agent-test}
        spec: {families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {of: agent-test}}}]}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumBGPAdvertisement
        metadata: {name: agent-test, labels: {of: agent-test}}
        spec:
          advertisements:
          - {advertisementType: Service, selector: {}, service: {addresses: [ExternalIP]}}
        """);
    Speaker speaker = Speaker.start(SpeakerSettings.defaults());
    Agent agent = new Agent(client, settings(""), speaker, new SimpleMeterRegistry());
    assertThat(agent.missing()).containsKey("plan");
    agent.start();
    soon("an empty plan").until(() -> agent.missing().isEmpty());
    assertThat(agent.failures()).isEmpty();
    assertThat(agent.desired().instances()).isEmpty();

    apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata: {name: agent-test}
        spec:
          bgpInstances:
          - name: main
            localASN: 65001
            routerID: 10.0.0.1
            peers:
            - name: silent
              peerASN: 65000
              peerAddress: 127.0.0.9
              peerConfigRef: {name: agent-test}
        """);
    service("agent-test-a", "one", "", 1, 80);

    soon("the route").until(() -> routes(speaker).equals(List.of("192.0.2.1/32")));
    soon("the status").until(() -> statusOfNode().contains("name=silent"));
    assertThat(agent.decisions()).hasSizeGreaterThanOrEqualTo(1);

    agent.close();
    assertThat(agent.failures()).containsKey("loop");
  }

  private static List<String> routes(Speaker speaker) throws Exception {
    return speaker
        .routes("main", new RouteTable.LocRib(), AddressFamily.IPV4_UNICAST)
        .get()
        .stream()
        .map(route -> route.prefix().toString())
        .toList();
  }
}

package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Writes;
import dev.peerage.operator.RunningOperator;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** With the rights of the operator's service account. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class ClusterReconcilersTest {
  private static final String CONFIG =
      """
      apiVersion: cilium.io/v2
      kind: CiliumBGPClusterConfig
      metadata: {name: %s}
      spec:
        nodeSelector: {matchLabels: {cluster-test: "yes"}}
        bgpInstances:
        - {name: i, localASN: 65001, peers: [{name: tor, peerAddress: 192.0.2.1, peerConfigRef: {name: ct-peer}}]}
      """;

  private final ApiServer server = ApiServer.running();
  private final KubernetesClient admin = server.client();
  private KubernetesClient operator = admin;

  @BeforeEach
  void connect() throws IOException {
    var kubeconfig = Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"));
    operator = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
    server.apply(node("ct-1") + "---\n" + node("ct-2"));
  }

  @AfterEach
  void clear() {
    operator.close();
    admin.resources(CiliumBGPClusterConfig.class).delete();
    admin.resources(CiliumBGPPeerConfig.class).delete();
    admin.resources(CiliumBGPNodeConfig.class).delete();
    admin.nodes().withLabel("cluster-test").delete();
  }

  @Test
  void keepsNodeConfigsAndConditionsAsPlanned() {
    try (var controller = controller(true, Optional.empty())) {
      server.apply(CONFIG.formatted("ct-a"));
      eventually(() -> assertThat(owners()).containsExactly("ct-1 ct-a", "ct-2 ct-a"));
      eventually(() ->
          assertThat(reasons("ct-a"))
              .containsExactly(
                  "ClusterConfigValidated", "PeerConfigsMissing", "MatchingNodeSelected"));
      server.apply(
          "apiVersion: cilium.io/v2\nkind: CiliumBGPPeerConfig\nmetadata: {name: ct-peer}\nspec: {}");
      eventually(() -> assertThat(reasons("ct-a")).contains("PeerConfigsResolved"));

      // By hand: a value of ours, a field that was not set, and the object itself.
      var edited = nodeConfigs().withName("ct-1");
      edited.edit(it -> read(it, "65001", "65999,\"localPort\":1790"));
      eventually(() -> {
        assertThat(edited.get().getMetadata().getGeneration()).isGreaterThan(2);
        assertThat(edited.get().getSpec())
            .isEqualTo(nodeConfigs().withName("ct-2").get().getSpec());
      });
      var uid = edited.get().getMetadata().getUid();
      edited.delete();
      eventually(() -> assertThat(edited.get()).isNotNull());
      assertThat(edited.get().getMetadata().getUid()).isNotEqualTo(uid);

      // A second one waits, and takes over once the first one's are collected.
      server.apply(CONFIG.formatted("ct-b"));
      eventually(() -> assertThat(reasons("ct-b")).contains("ClusterConfigConflict"));
      assertThat(reasons("ct-a")).contains("ClusterConfigValidated");
      admin.resources(CiliumBGPClusterConfig.class).withName("ct-a").delete();
      nodeConfigs().delete(); // As the garbage collector would.
      eventually(() -> assertThat(owners()).containsExactly("ct-1 ct-b", "ct-2 ct-b"));
      eventually(() -> assertThat(reasons("ct-b")).contains("ClusterConfigValidated"));

      admin.nodes().withName("ct-1").delete();
      eventually(() -> assertThat(owners()).containsExactly("ct-2 ct-b"));
      assertThat(controller.alive()).isTrue();
    }
    try (var _ = controller(false, Optional.empty())) {
      eventually(() -> assertThat(reasons("ct-b")).isEmpty());
    }
  }

  @Test
  void deletesNothingOnceAnotherOneMayLead() {
    try (var _ = controller(true, Optional.empty())) {
      server.apply(CONFIG.formatted("ct-a"));
      eventually(() -> assertThat(owners()).containsExactly("ct-1 ct-a", "ct-2 ct-a"));
    }
    admin.nodes().withName("ct-1").delete();

    var cutOff = new NodeConfigDeletions(operator, InstantSource.system(), new Writes(() -> false));
    assertThatThrownBy(() -> cutOff.delete("ct-1", "ct-a"))
        .hasMessageContaining("another operator");
    assertThat(owners()).containsExactly("ct-1 ct-a", "ct-2 ct-a");

    new NodeConfigDeletions(operator, InstantSource.system(), new Writes(() -> true))
        .delete("ct-1", "ct-a");
    assertThat(owners()).containsExactly("ct-2 ct-a");
  }

  @Test
  void givesRouterIdsOutAndLeavesHandWrittenNodeConfigsAlone() {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata: {name: ct-1}
        spec: {bgpInstances: [{name: i, routerID: 10.255.0.0}]}
        """);
    try (var _ = controller(true, Optional.of(RouterIdPool.parse("10.255.0.0/31")))) {
      server.apply(CONFIG.formatted("ct-a") + "---\n" + node("ct-3"));
      eventually(() -> {
        assertThat(owners()).containsExactly("ct-1", "ct-2 ct-a", "ct-3 ct-a");
        assertThat(reasons("ct-a")).contains("ClusterConfigConflict", "RouterIDPoolExhausted");
      });
      assertThat(routerIds()).containsOnlyOnce("10.255.0.0", "10.255.0.1").hasSize(2);

      nodeConfigs().withName("ct-1").delete();

      eventually(() -> assertThat(owners()).containsExactly("ct-1 ct-a", "ct-2 ct-a", "ct-3 ct-a"));
      eventually(() -> assertThat(routerIds()).hasSize(2).doesNotHaveDuplicates());
    }
  }

  @Test
  void reportsWhetherPasswordsAreThere() {
    var secrets = admin.secrets().inNamespace("peerage-system");
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPPeerConfig
        metadata: {name: ct-peer}
        spec: {authSecretRef: ct-secret}
        """);
    try (var controller = peerConfigs(Optional.of("peerage-system"))) {
      eventually(() ->
          assertThat(message())
              .isEqualTo(
                  "Referenced Auth Secret \"ct-secret\" is missing in namespace peerage-system;"
                      + " create it there with the key 'password', or, where it lies in Cilium's"
                      + " default namespace, set"
                      + " bgpControlPlane.secretsNamespace.name=kube-system of the chart"));
      server.apply(secret("other"));
      eventually(() -> assertThat(message()).contains("has no key \"password\""));
      server.apply(secret("password"));
      eventually(() -> assertThat(message()).isEmpty());
      secrets.withName("ct-secret").delete();
      eventually(() -> assertThat(message()).contains("is missing"));
      assertThat(controller.alive()).isTrue();
    }
    try (var _ = peerConfigs(Optional.empty())) {
      eventually(() -> assertThat(peerConditions()).isEmpty());
    }
  }

  private static CiliumBGPNodeConfig read(CiliumBGPNodeConfig object, String from, String to) {
    return Serialization.unmarshal(
        Serialization.asJson(object).replace(from, to), CiliumBGPNodeConfig.class);
  }

  private RunningOperator controller(boolean report, Optional<RouterIdPool> pool) {
    return RunningOperator.start(operator, new RunningOperator.Options(report, "", pool));
  }

  private RunningOperator peerConfigs(Optional<String> namespace) {
    return RunningOperator.start(
        operator, new RunningOperator.Options(true, namespace.orElse(""), Optional.empty()));
  }

  private NonNamespaceOperation<CiliumBGPNodeConfig, ?, Resource<CiliumBGPNodeConfig>>
      nodeConfigs() {
    return admin.resources(CiliumBGPNodeConfig.class);
  }

  private List<String> owners() {
    return admin.resources(CiliumBGPNodeConfig.class).list().getItems().stream()
        .map(it ->
            it.getMetadata().getOwnerReferences().stream()
                .map(owner -> it.getMetadata().getName() + " " + owner.getName())
                .findFirst()
                .orElse(it.getMetadata().getName()))
        .sorted()
        .toList();
  }

  private List<String> routerIds() {
    return admin.resources(CiliumBGPNodeConfig.class).list().getItems().stream()
        .map(it -> it.getSpec().bgpInstances().getFirst().routerID())
        .filter(it -> it != null)
        .toList();
  }

  private List<String> reasons(String config) {
    var found = admin.resources(CiliumBGPClusterConfig.class).withName(config).get();
    return found.getStatus() == null
        ? List.of()
        : found.getStatus().conditions().stream().map(Condition::reason).toList();
  }

  private List<Condition> peerConditions() {
    var found = admin.resources(CiliumBGPPeerConfig.class).withName("ct-peer").get();
    return found.getStatus() == null ? List.of() : found.getStatus().conditions();
  }

  private String message() {
    return peerConditions().getFirst().message();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private static String node(String name) {
    return "apiVersion: v1\nkind: Node\nmetadata: {name: %s, labels: {cluster-test: 'yes'}}\n"
        .formatted(name);
  }

  private static String secret(String key) {
    return "apiVersion: v1\nkind: Secret\nmetadata: {name: ct-secret, namespace: peerage-system}\ndata: {%s: YQ==}"
        .formatted(key);
  }
}

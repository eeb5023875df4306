package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.ConditionsStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterPlannerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.9Z");
  private static final Map<String, String> ON = Map.of("enable-bgp", "true");

  private final List<Node> nodes =
      new ArrayList<>(List.of(node("k8s-ctr", ON), node("k8s-w1", ON), node("k8s-w0", ON)));
  private final List<CiliumBGPClusterConfig> clusterConfigs = new ArrayList<>();
  private final List<CiliumBGPNodeConfigOverride> overrides = new ArrayList<>();
  private final List<CiliumBGPPeerConfig> peerConfigs =
      new ArrayList<>(List.of(peerConfig("cilium-peer")));
  private List<CiliumBGPNodeConfig> nodeConfigs = new ArrayList<>();

  @Test
  void rendersOneNodeConfigPerSelectedNode() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", "enable-bgp: 'true'"));
    nodes.add(node("other", Map.of("enable-bgp", "false")));
    nodes.add(new NodeBuilder().withNewMetadata().withName("bare").endMetadata().build());

    var plan = plan();

    assertThat(read(Map.class, Serialization.asYaml(plan.desired().getFirst())))
        .isEqualTo(
            read(
                Map.class,
                """
                ---
                apiVersion: "cilium.io/v2"
                kind: "CiliumBGPNodeConfig"
                metadata:
                  name: "k8s-ctr"
                  ownerReferences:
                  - apiVersion: "cilium.io/v2"
                    controller: true
                    kind: "CiliumBGPClusterConfig"
                    name: "cilium-bgp"
                    uid: "uid-cilium-bgp"
                spec:
                  bgpInstances:
                  - name: "instance-65001"
                    localASN: 65001
                    peers:
                    - name: "tor-switch"
                      peerAddress: "192.168.10.200"
                      peerASN: 65000
                      peerConfigRef:
                        name: "cilium-peer"
                """));
    assertThat(names(plan.desired())).containsExactly("k8s-ctr", "k8s-w0", "k8s-w1");
    assertThat(plan.deletions()).isEmpty();
    assertThat(conditions(plan, "cilium-bgp"))
        .containsExactly(
            "cilium.io/ConflictingClusterConfig False ClusterConfigValidated ",
            "cilium.io/MissingPeerConfigs False PeerConfigsResolved ",
            "cilium.io/NoMatchingNode False MatchingNodeSelected ");
  }

  @Test
  void absentAndEmptySelectorsSelectAllNodes() {
    clusterConfigs.add(clusterConfig("none", "2026-01-01T00:00:00Z", null));
    assertThat(plan().desired()).hasSize(3);

    clusterConfigs.set(0, clusterConfig("empty", "2026-01-01T00:00:00Z", ""));
    assertThat(plan().desired()).hasSize(3);
  }

  @Test
  void deletesWhatIsNoLongerSelectedAndWhoseNodeIsGone() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", "enable-bgp: 'true'"));
    applied();
    nodes.set(2, node("k8s-w0", Map.of("enable-bgp", "false")));
    nodes.remove(1);

    var plan = plan();

    assertThat(names(plan.desired())).containsExactly("k8s-ctr");
    assertThat(plan.deletions()).containsExactly("k8s-w0", "k8s-w1");
  }

  @Test
  void leavesTheNodeConfigsOfDeletedClusterConfigsToGarbageCollection() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", null));
    applied();
    clusterConfigs.clear();

    var plan = plan();

    assertThat(plan.deletions()).isEmpty();
    assertThat(plan.desired()).isEmpty();
  }

  @Test
  void theOwnerKeepsItsNodesAgainstOlderOnes() {
    clusterConfigs.add(clusterConfig("owner", "2026-01-02T00:00:00Z", null));
    applied();
    clusterConfigs.add(clusterConfig("aaa", "2026-01-01T00:00:00Z", null));

    var plan = plan();

    assertThat(owners(plan)).containsOnly("owner");
    assertThat(plan.deletions()).isEmpty();
    assertThat(conditions(plan, "owner").getFirst()).contains(" False ");
    assertThat(conditions(plan, "aaa").getFirst())
        .isEqualTo(
            "cilium.io/ConflictingClusterConfig True ClusterConfigConflict"
                + " Selecting the same node(s) with ClusterConfig(s): [owner]");
  }

  @Test
  void freeNodesGoToTheOldestAndThenTheFirstByName() {
    clusterConfigs.add(clusterConfig("ccc", "2026-01-01T00:00:00Z", null));
    clusterConfigs.add(clusterConfig("bbb", "2026-01-01T00:00:00Z", null));
    clusterConfigs.add(clusterConfig("aaa", "2026-01-02T00:00:00Z", null));
    for (var round = 0; round < 6; round++) {
      Collections.rotate(clusterConfigs, 1);
      Collections.rotate(nodes, 1);
      assertThat(owners(plan())).containsOnly("bbb");
    }
    assertThat(conditions(plan(), "aaa").getFirst()).endsWith("[bbb]");
  }

  @Test
  void aNodeIsHandedOverWhenItsOwnerLetsGo() {
    clusterConfigs.add(clusterConfig("first", "2026-01-01T00:00:00Z", null));
    applied();
    clusterConfigs.set(
        0, clusterConfig("first", "2026-01-01T00:00:00Z", "kubernetes.io/hostname: k8s-ctr"));
    clusterConfigs.add(clusterConfig("second", "2026-01-02T00:00:00Z", null));

    var plan = plan();

    assertThat(plan.deletions()).containsExactly("k8s-w0", "k8s-w1");
    assertThat(owners(plan)).containsExactly("first", "second", "second");
  }

  @Test
  void aNodeConfigWithoutOwnerIsLeftAloneAndNamed() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", null));
    applied();
    nodeConfigs.getFirst().getMetadata().setOwnerReferences(List.of());

    var plan = plan();

    assertThat(names(plan.desired())).containsExactly("k8s-w0", "k8s-w1");
    assertThat(plan.deletions()).isEmpty();
    assertThat(conditions(plan, "cilium-bgp").getFirst())
        .contains("True", "without owner", "[k8s-ctr]");
  }

  @Test
  void waitsUntilTheNodeConfigOfAVanishedOwnerIsCollected() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", null));
    applied();
    nodeConfigs
        .getFirst()
        .getMetadata()
        .setOwnerReferences(
            List.of(new OwnerReferenceBuilder().withName("gone").withUid("uid-gone").build()));

    assertThat(names(plan().desired())).containsExactly("k8s-w0", "k8s-w1");
    assertThat(conditions(plan(), "cilium-bgp").getFirst()).endsWith("[gone]");
  }

  @Test
  void overridesReplaceWhatTheySetOnTheirNodeOnly() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", null));
    overrides.add(
        read(
            CiliumBGPNodeConfigOverride.class,
            """
            metadata: {name: k8s-w0}
            spec:
              bgpInstances:
              - name: unknown
                routerID: 10.255.0.9
              - name: instance-65001
                routerID: 10.255.0.3
                localPort: 1790
                localASN: 65077
                peers:
                - {name: tor-switch, localAddress: 192.168.20.100, localPort: 10179}
                - {name: unknown, localAddress: 192.168.20.101}
            """));

    var plan = plan();

    var instance = plan.desired().get(1).getSpec().bgpInstances().getFirst();
    assertThat(instance.routerID()).isEqualTo("10.255.0.3");
    assertThat(instance.localPort()).isEqualTo(1790);
    assertThat(instance.localASN()).isEqualTo(65077);
    assertThat(instance.peers())
        .extracting("name", "localAddress", "peerAddress")
        .containsExactly(tuple("tor-switch", "192.168.20.100", "192.168.10.200"));
    assertThat(plan.desired().getFirst().getSpec().bgpInstances().getFirst().routerID()).isNull();
  }

  @Test
  void namesMissingPeerConfigsAndSelectorsThatSelectNothing() {
    clusterConfigs.add(clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", "no: such"));
    peerConfigs.clear();

    var plan = plan();

    assertThat(plan.desired()).isEmpty();
    assertThat(conditions(plan, "cilium-bgp"))
        .contains(
            "cilium.io/MissingPeerConfigs True PeerConfigsMissing"
                + " Referenced CiliumBGPPeerConfig(s) are missing: [cilium-peer]",
            "cilium.io/NoMatchingNode True MatchingNodeUnavailable"
                + " No node matches spec.nodeSelector");
  }

  @Test
  void transitionTimesChangeOnlyWithTheStatus() {
    var config = clusterConfig("cilium-bgp", "2026-01-01T00:00:00Z", "no: such");
    clusterConfigs.add(config);
    config.setStatus(
        new ConditionsStatus(
            plan().clusterConfigConditions().getOrDefault("cilium-bgp", List.of())));
    assertThat(config.getStatus().conditions())
        .extracting(Condition::lastTransitionTime)
        .containsOnly("2026-03-01T12:00:00Z");
    config.setSpec(clusterConfig("x", "", null).getSpec());
    config.getMetadata().setGeneration(2L);

    var later = ClusterPlanner.plan(snapshot(), NOW.plusSeconds(60));

    assertThat(later.clusterConfigConditions().get("cilium-bgp"))
        .extracting("type", "status", "observedGeneration", "lastTransitionTime")
        .containsExactly(
            tuple("cilium.io/ConflictingClusterConfig", "False", 2L, "2026-03-01T12:00:00Z"),
            tuple("cilium.io/MissingPeerConfigs", "False", 2L, "2026-03-01T12:00:00Z"),
            tuple("cilium.io/NoMatchingNode", "False", 2L, "2026-03-01T12:01:00Z"));
  }

  private ClusterPlan plan() {
    return ClusterPlanner.plan(snapshot(), NOW);
  }

  private ClusterSnapshot snapshot() {
    return new ClusterSnapshot(clusterConfigs, nodes, overrides, peerConfigs, nodeConfigs);
  }

  private void applied() {
    nodeConfigs = new ArrayList<>(plan().desired());
  }

  private static List<String> names(List<? extends HasMetadata> objects) {
    return objects.stream().map(it -> it.getMetadata().getName()).toList();
  }

  private static List<String> owners(ClusterPlan plan) {
    return plan.desired().stream()
        .map(it -> it.getMetadata().getOwnerReferences().getFirst().getName())
        .toList();
  }

  private static List<String> conditions(ClusterPlan plan, String clusterConfig) {
    return plan.clusterConfigConditions().getOrDefault(clusterConfig, List.of()).stream()
        .map(it -> String.join(" ", it.type(), it.status(), it.reason(), it.message()))
        .toList();
  }

  private static Node node(String name, Map<String, String> labels) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .addToLabels("kubernetes.io/hostname", name)
        .endMetadata()
        .build();
  }

  private static CiliumBGPPeerConfig peerConfig(String name) {
    return read(CiliumBGPPeerConfig.class, "metadata: {name: %s}\nspec: {}".formatted(name));
  }

  private static CiliumBGPClusterConfig clusterConfig(
      String name, String created, @Nullable String matchLabels) {
    return read(
        CiliumBGPClusterConfig.class,
        """
        metadata: {name: %s, uid: uid-%s, generation: 1, creationTimestamp: '%s'}
        spec:
          %s
          bgpInstances:
          - name: instance-65001
            localASN: 65001
            peers:
            - name: tor-switch
              peerASN: 65000
              peerAddress: 192.168.10.200
              peerConfigRef: {name: cilium-peer}
        """
            .formatted(
                name,
                name,
                created,
                matchLabels == null
                    ? ""
                    : "nodeSelector: {%s}"
                        .formatted(
                            matchLabels.isEmpty() ? "" : "matchLabels: {" + matchLabels + "}")));
  }

  private static <T> T read(Class<T> type, String yaml) {
    return Serialization.unmarshal(yaml, type);
  }
}

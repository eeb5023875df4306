package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterLedgerTest {
  private final Cluster cluster = new Cluster();

  @Test
  void aChangedLabelConcernsItsNodeAlone() {
    for (var i = 0; i < 5_000; i++) {
      cluster.node("n%04d".formatted(i), "a");
    }
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "a", "i");
    assertThat(cluster.round()).isEqualTo(5_000);
    cluster.settle();

    cluster.node("n0007", "b");
    assertThat(cluster.round()).isEqualTo(1);
    assertThat(cluster.written).containsExactly("delete n0007");
    cluster.settle();

    cluster.node("n0007", "a");
    assertThat(cluster.round()).isEqualTo(1);
    assertThat(cluster.written).containsExactly("apply n0007");
  }

  @Test
  void aChangedClusterConfigConcernsItsNodesAlone() {
    for (var i = 0; i < 60; i++) {
      cluster.node("n%02d".formatted(i), i % 3 == 0 ? "a" : "b");
    }
    cluster.config("for-a", "2026-01-01T00:00:00Z", "a", "i");
    cluster.config("for-b", "2026-01-02T00:00:00Z", "b", "i");
    cluster.settle();

    cluster.config("for-a", "", "a", "other");

    assertThat(cluster.round()).isEqualTo(20);
    assertThat(cluster.written).hasSize(21).contains("status for-a");
    assertThat(cluster.settle()).isEmpty();
  }

  @Test
  void statusWritesAndResyncsWriteNothing() {
    cluster.node("n1", "a").node("n2", "a");
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "i");
    assertThat(cluster.settle()).hasSize(3);

    cluster.restart();

    assertThat(cluster.settle()).isEmpty();
  }

  @Test
  void whatAHandChangesOrDeletesComesBack() {
    cluster.node("n1", "a").node("n2", "a");
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "i");
    cluster.settle();
    var edited =
        Serialization.unmarshal(
            Serialization.asYaml(cluster.nodeConfigs.get("n1")).replace("65001", "65999"),
            CiliumBGPNodeConfig.class);
    cluster.nodeConfig(edited);
    assertThat(cluster.settle()).containsExactly("apply n1");

    cluster.nodeConfigGone("n2");
    assertThat(cluster.settle()).containsExactly("apply n2");
  }

  @Test
  void aNodeGoesWithItsNodeConfigAndComesBackWithOne() {
    cluster.node("n1", "a").node("n2", "a");
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "i");
    cluster.settle();

    cluster.nodeGone("n2");
    assertThat(cluster.settle()).containsExactly("delete n2");

    cluster.node("n2", "a");
    assertThat(cluster.settle()).containsExactly("apply n2");
  }

  @Test
  void theNextOneTakesOverWhenTheOwnerIsGoneAndItsNodeConfigsAreCollected() {
    cluster.node("n1", "a").node("n2", "b");
    cluster.config("aaa", "2026-01-01T00:00:00Z", "", "i");
    cluster.settle();
    cluster.config("bbb", "2026-01-02T00:00:00Z", "", "other");
    cluster.config("ccc", "2026-01-03T00:00:00Z", "b", "third");
    cluster.settle();
    var selecting =
        "cilium.io/ConflictingClusterConfig ClusterConfigConflict Selecting the same"
            + " node(s) with ClusterConfig(s): [%s]";
    assertThat(cluster.faults("aaa")).noneMatch(it -> it.contains("Conflicting"));
    assertThat(cluster.faults("bbb")).contains(selecting.formatted("aaa"));
    assertThat(cluster.faults("ccc")).contains(selecting.formatted("aaa"));

    cluster.configGone("aaa");
    assertThat(cluster.settle()).isEmpty(); // They are still there, and not ours to delete.
    cluster.collectGarbage();

    assertThat(cluster.settle())
        .containsExactlyInAnyOrder("apply n1", "apply n2", "status bbb", "status ccc");
    assertThat(cluster.faults("bbb")).noneMatch(it -> it.contains("Conflicting"));
    assertThat(cluster.faults("ccc")).contains(selecting.formatted("bbb"));
  }

  @Test
  void waitsForAFinalizerOnADeletedNodeConfig() {
    cluster.node("n1", "a");
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "i");
    cluster.settle();
    var ending =
        Serialization.unmarshal(
            Serialization.asYaml(cluster.nodeConfigs.get("n1")).replace("65001", "65999"),
            CiliumBGPNodeConfig.class);
    ending.getMetadata().setDeletionTimestamp("2026-01-02T00:00:00Z");
    cluster.nodeConfig(ending);
    assertThat(cluster.settle()).isEmpty();

    cluster.nodeConfigGone("n1");

    assertThat(cluster.settle()).containsExactly("apply n1");
  }

  @Test
  void missingPeerConfigsAreNamedOnceUntilTheyAreThere() {
    cluster.node("n1", "a");
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "z", "a");
    assertThat(cluster.settle()).contains("apply n1");
    assertThat(cluster.faults("cilium-bgp"))
        .containsExactly(
            "cilium.io/MissingPeerConfigs PeerConfigsMissing Referenced CiliumBGPPeerConfig(s) are"
                + " missing: [p-a p-z]");

    cluster.peerConfig("p-a");
    cluster.peerConfig("p-z");
    assertThat(cluster.settle()).containsExactly("status cilium-bgp");
    assertThat(cluster.faults("cilium-bgp")).isEmpty();

    cluster.peerConfigGone("p-a");
    assertThat(cluster.settle()).containsExactly("status cilium-bgp");
  }

  @Test
  void nothingIsSaidOfAClusterConfigBeforeAllItsNodesAreDecided() {
    var ledger = new ClusterLedger(Optional.empty());
    var config =
        Serialization.unmarshal(
            "metadata: {name: c, uid: u, generation: 2}\nspec: {bgpInstances: []}",
            CiliumBGPClusterConfig.class);
    var nodes =
        Stream.of("n1", "n2")
            .collect(
                Collectors.toMap(
                    name -> name,
                    name ->
                        new NodeFacts(
                            name, Optional.of(Map.of()), Optional.empty(), Optional.empty())));
    var inOrder = Candidate.inOrder(List.of(config));
    assertThat(ledger.tally(config, nodes::containsKey)).isEmpty();

    ledger.told(config, nodes.keySet());
    ledger.start(nodes.values(), inOrder);
    assertThat(
            ledger
                .decide("n1", name -> Objects.requireNonNull(nodes.get(name)), inOrder)
                .clusterConfigs())
        .isEmpty();
    assertThat(ledger.tally(config, nodes::containsKey)).isEmpty();
    assertThat(
            ledger
                .decide("n2", name -> Objects.requireNonNull(nodes.get(name)), inOrder)
                .clusterConfigs())
        .containsExactly("c");
    assertThat(ledger.tally(config, nodes::containsKey).orElseThrow().selected).isEqualTo(2);

    // Its watch may be ahead of that of the nodes.
    config.getMetadata().setGeneration(3L);
    assertThat(ledger.tally(config, nodes::containsKey)).isEmpty();
    // A node that is gone before it was decided is not waited for.
    ledger.told(config, nodes.keySet());
    var _ = ledger.decide("n1", name -> Objects.requireNonNull(nodes.get(name)), inOrder);
    assertThat(ledger.tally(config, "n1"::equals)).isPresent();
  }

  @Test
  void aMessageNamesSoManyObjectsAndCountsTheRest() {
    for (var i = 0; i < 5_000; i++) {
      cluster.node("n%04d".formatted(i), "a");
    }
    cluster.config("cilium-bgp", "2026-01-01T00:00:00Z", "", "i");
    cluster.settle();
    for (var nodeConfig : List.copyOf(cluster.nodeConfigs.values())) {
      nodeConfig.getMetadata().setOwnerReferences(List.of());
      cluster.nodeConfig(nodeConfig);
    }

    assertThat(cluster.settle()).containsExactly("status cilium-bgp");

    var message = cluster.conditions("cilium-bgp").getFirst().message();
    assertThat(message).hasSizeLessThan(1_000).endsWith("n0048 n0049 and 4950 more]");
  }

  /** After each step what is there must be what a plan from nothing but the stored objects says. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterRandomChangesTheLedgerIsThatOfAFreshPlan(long seed) {
    var random = new Random(seed);
    for (var step = 0; step < 300; step++) {
      change(random);
      if (random.nextInt(3) > 0) {
        continue; // Several changes may come before the next round.
      }
      if (random.nextInt(10) == 0) {
        cluster.restart();
      }
      cluster.settle();

      var after = "step " + step + ": ";
      var fresh = cluster.fresh();
      assertThat(fresh.deletions()).as(after).isEmpty();
      for (var desired : fresh.desired()) {
        var stored = cluster.nodeConfigs.get(desired.getMetadata().getName());
        assertThat(stored).as(after + desired).isEqualTo(desired);
      }
      fresh
          .clusterConfigConditions()
          .forEach((name, conditions) ->
              assertThat(cluster.conditions(name)).as(after + name).isEqualTo(conditions));
    }
  }

  private void change(Random random) {
    var node = "n" + random.nextInt(6);
    var config = "c" + random.nextInt(4);
    var rack = List.of("", "a", "b", "c").get(random.nextInt(4));
    var instance = "i" + random.nextInt(2);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> cluster.node(node, rack);
      case 3 -> cluster.nodeGone(node);
      case 4, 5 ->
          cluster.config(
              config, "2026-01-0%dT00:00:00Z".formatted(1 + random.nextInt(3)), rack, instance);
      case 6 -> cluster.configGone(config);
      case 7 -> {
        if (random.nextBoolean()) {
          cluster.override(node, instance, "10.0.0." + random.nextInt(8));
        } else {
          cluster.overrideGone(node);
        }
      }
      case 8 -> {
        if (random.nextBoolean()) {
          cluster.peerConfig("p-" + instance);
        } else {
          cluster.peerConfigGone("p-" + instance);
        }
      }
      default -> {
        if (random.nextBoolean()) {
          cluster.collectGarbage();
        } else if (cluster.nodeConfigs.containsKey(node)) {
          cluster.nodeConfigGone(node);
        }
      }
    }
  }
}

package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.interop.Seen;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class OperatorScenarioTest {
  private static final String PODS = advertisement("pods", "all", "{advertisementType: PodCIDR}");

  private static String oneRouter() {
    return clusterConfig(instance("one", 65001, peer("router", 65010, "10.1.0.11", "all")))
        + peerConfig("all", "");
  }

  @Test
  void theFirstOwnerKeepsTheNodeUntilItGoes() {
    try (Site site = Site.open("conflict", List.of("10.244.20.0/24"))) {
      RouterPeer first = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer second = site.router(Site.ipv4(12, 65010, 65002));
      site.apply(oneRouter() + PODS);
      first.awaitPrefixes("10.244.20.0/24");

      site.apply(
          clusterConfig(instance("two", 65002, peer("router", 65010, "10.1.0.12", "all")))
              .replace("name: SITE}\n", "name: SITE-second}\n"));
      awaitConditions(
          site,
          "SITE-second",
          Map.of(
              "cilium.io/ConflictingClusterConfig", "True ClusterConfigConflict",
              "cilium.io/MissingPeerConfigs", "False PeerConfigsResolved",
              "cilium.io/NoMatchingNode", "False MatchingNodeSelected"));
      assertThat(
              condition(site, "SITE-second", "cilium.io/ConflictingClusterConfig")
                  .path("message")
                  .asText())
          .contains("conflict");
      awaitConditions(
          site,
          "SITE",
          Map.of(
              "cilium.io/ConflictingClusterConfig", "False ClusterConfigValidated",
              "cilium.io/MissingPeerConfigs", "False PeerConfigsResolved",
              "cilium.io/NoMatchingNode", "False MatchingNodeSelected"));
      assertThat(site.nodeConfig().at("/spec/bgpInstances/0/name").asText()).isEqualTo("one");
      assertThat(second.established()).isFalse();

      site.delete("cilium.io/v2", "CiliumBGPClusterConfig", "", "SITE");
      site.collectGarbage();
      second.awaitPrefixes("10.244.20.0/24");
      first.awaitDown();
      awaitConditions(
          site,
          "SITE-second",
          Map.of(
              "cilium.io/ConflictingClusterConfig", "False ClusterConfigValidated",
              "cilium.io/MissingPeerConfigs", "False PeerConfigsResolved",
              "cilium.io/NoMatchingNode", "False MatchingNodeSelected"));
      assertThat(site.nodeConfig().at("/metadata/ownerReferences/0/name").asText())
          .isEqualTo("conflict-second");
    }
  }

  @Test
  void anOverrideCountsAsLongAsItIsThere() {
    try (Site site = Site.open("override", List.of("10.244.21.0/24"))) {
      site.onNode("ip", "address", "add", "10.1.0.3/24", "dev", "eth0");
      RouterPeer before = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer overridden = site.router(Site.ipv4(12, 65010, 65007).node("10.1.0.3"));
      site.apply(
          clusterConfig(
                  instance(
                      "one",
                      65001,
                      peer("before", 65010, "10.1.0.11", "all"),
                      peer("overridden", 65010, "10.1.0.12", "all")))
              + peerConfig("all", "")
              + PODS);
      before.awaitPrefixes("10.244.21.0/24");
      site.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPNodeConfigOverride
          metadata: {name: SITE}
          spec:
            bgpInstances:
            - name: one
              routerID: 9.9.9.9
              localASN: 65007
              localPort: 1790
              peers: [{name: overridden, localAddress: 10.1.0.3, localPort: 5}, {name: unknown}]
            - {name: unknown, localASN: 1}
          """);
      overridden.awaitRoutes(
          Map.of("10.244.21.0/24", new Seen("10.1.0.3", "65007", Set.of(), Set.of(), -1)));
      assertThat(overridden.neighbor().at("/state/router_id").asText()).isEqualTo("9.9.9.9");
      before.awaitDown(); // it expects AS 65001
      JsonNode instance = site.nodeConfig().at("/spec/bgpInstances/0");
      assertThat(instance.path("localPort").asInt()).isEqualTo(1790);
      assertThat(instance.at("/peers/0").has("localAddress")).isFalse();
      assertThat(instance.at("/peers/1/localAddress").asText()).isEqualTo("10.1.0.3");
      assertThat(instance.at("/peers/1").has("localPort")).isFalse();
      assertThat(site.nodeConfig().at("/spec/bgpInstances").size()).isEqualTo(1);
      assertThat(site.onNode("ss", "--no-header", "--tcp", "--listening", "--numeric"))
          .contains(":1790 ");

      site.delete("cilium.io/v2", "CiliumBGPNodeConfigOverride", "", "SITE");
      before.awaitPrefixes("10.244.21.0/24");
      overridden.awaitDown();
      assertThat(site.nodeConfig().at("/spec/bgpInstances/0").has("localPort")).isFalse();
    }
  }

  @Test
  void theLabelDecidesAndHandEditsAreUndone() {
    try (Site site = Site.open("selection", List.of("10.244.22.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(oneRouter() + PODS);
      router.awaitPrefixes("10.244.22.0/24");
      JsonNode spec = site.nodeConfig().path("spec");

      var nodeConfig = site.client().resources(CiliumBGPNodeConfig.class).withName("selection");
      nodeConfig.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          """
          {"metadata": {"annotations": {"hand": "edited"}}, "spec": {"bgpInstances": [{"name": "mine"}]}}
          """);
      site.awaitNodeConfig(
          "the operator's spec",
          config ->
              config.path("spec").equals(spec)
                  && config.at("/metadata/annotations/hand").asText().equals("edited"));
      nodeConfig.delete();
      site.awaitNodeConfig("the operator's NodeConfig", config -> config.path("spec").equals(spec));
      router.awaitPrefixes("10.244.22.0/24");

      site.label("elsewhere");
      site.awaitNodeConfig("no NodeConfig", JsonNode::isEmpty);
      router.awaitDown();
      awaitConditions(
          site,
          "SITE",
          Map.of(
              "cilium.io/ConflictingClusterConfig", "False ClusterConfigValidated",
              "cilium.io/MissingPeerConfigs", "False PeerConfigsResolved",
              "cilium.io/NoMatchingNode", "True MatchingNodeUnavailable"));
      site.label("selection");
      router.awaitPrefixes("10.244.22.0/24");
      site.delete("v1", "Node", "", "SITE");
      site.awaitNodeConfig("no NodeConfig", JsonNode::isEmpty);
    }
  }

  @Test
  void objectsOfTheOlderVersionWorkAsTheyAre() {
    try (Site site = Site.open("v2alpha1", List.of("10.244.23.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      String older = (oneRouter() + PODS).replace("cilium.io/v2\n", "cilium.io/v2alpha1\n");
      // As `kubectl apply` does; fields that only v2alpha1 had are ignored with a warning.
      site.create(
          older.replace(
              "peerConfigRef: {", "peerConfigRef: {group: cilium.io, kind: CiliumBGPPeerConfig, "));
      router.awaitPrefixes("10.244.23.0/24");
      assertThat(site.nodeConfig().at("/spec/bgpInstances/0/peers/0/peerConfigRef"))
          .isEqualTo(RouterPeer.json("{\"name\": \"v2alpha1-all\"}"));
    }
  }

  private static void awaitConditions(Site site, String config, Map<String, String> expected) {
    await("conditions of " + config)
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          JsonNode object = site.object("cilium.io/v2", "CiliumBGPClusterConfig", config);
          Map<String, String> found = new TreeMap<>();
          for (JsonNode each : object.at("/status/conditions")) {
            found.put(
                each.path("type").asText(),
                each.path("status").asText() + " " + each.path("reason").asText());
            assertThat(each.path("observedGeneration").asLong())
                .isEqualTo(object.at("/metadata/generation").asLong());
          }
          assertThat(found).isEqualTo(new TreeMap<>(expected));
        });
  }

  private static JsonNode condition(Site site, String config, String type) {
    for (JsonNode each :
        site.object("cilium.io/v2", "CiliumBGPClusterConfig", config).at("/status/conditions")) {
      if (each.path("type").asText().equals(type)) {
        return each;
      }
    }
    throw new AssertionError("no " + type);
  }
}

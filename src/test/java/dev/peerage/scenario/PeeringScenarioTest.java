package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static dev.peerage.scenario.Yaml.pool;
import static dev.peerage.scenario.Yaml.service;
import static dev.peerage.scenario.Yaml.services;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.interop.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class PeeringScenarioTest {
  private static final String POD_CIDR = "{advertisementType: PodCIDR}";

  @Test
  void inIpv6OnlyTheRouterIdIsTheConfiguredOne() {
    try (Site site = Site.open("peering-ipv6", List.of("fd44:2::/64"))) {
      RouterPeer router = site.router(Site.ipv6(11, 65001, 65001).families("ipv6"));
      site.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPNodeConfigOverride
          metadata: {name: SITE}
          spec: {bgpInstances: [{name: inner, routerID: 1.2.3.4}]}
          """
              + clusterConfig(instance("inner", 65001, peer("router", 65001, "fd01::11", "all")))
              + peerConfig("all", "", "ipv6")
              + advertisement("pods", "all", POD_CIDR));

      router.awaitRoutes(Map.of("fd44:2::/64", new Seen("fd01::2", "", Set.of(), Set.of(), 100)));
      assertThat(router.neighbor().at("/state/router_id").asText()).isEqualTo("1.2.3.4");
      site.awaitNodeConfig(
          "status of the peer",
          config -> {
            JsonNode peer = Site.peerStatus(config, "inner", "router");
            return config.at("/spec/bgpInstances/0/routerID").asText().equals("1.2.3.4")
                && peer.path("peeringState").asText().equals("established")
                && peer.at("/timers/appliedHoldTimeSeconds").asInt() == 90
                && peer.at("/timers/appliedKeepaliveSeconds").asInt() == 30
                && peer.path("routeCount").size() == 1
                && peer.at("/routeCount/0/afi").asText().equals("ipv6")
                && peer.at("/routeCount/0/safi").asText().equals("unicast")
                && peer.at("/routeCount/0/advertised").asInt() == 1
                && peer.at("/routeCount/0/received").asInt() == 0;
          });
    }
  }

  @Test
  void peersComeAndGoInTwoInstances() {
    try (Site site = Site.open("peering-multi-instance", List.of("10.244.3.0/24"))) {
      RouterPeer first = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer second = site.router(Site.ipv4(12, 65011, 65001));
      RouterPeer third = site.router(Site.ipv4(13, 65012, 65002));
      String settings =
          """
          timers: {holdTimeSeconds: 60, keepAliveTimeSeconds: 20}
          gracefulRestart: {enabled: true, restartTimeSeconds: 30}
          """;
      site.apply(
          clusterConfig(instance("one", 65001, peer("first", 65010, "10.1.0.11", "all")))
              + peerConfig("all", settings)
              + advertisement("pods", "all", POD_CIDR, services("ClusterIP", "")));
      first.awaitRoutes(Map.of("10.244.3.0/24", from("65001")));
      String session = first.incarnation();

      site.apply(
          clusterConfig(
              instance(
                  "one",
                  65001,
                  peer("first", 65010, "10.1.0.11", "all"),
                  peer("second", 65011, "10.1.0.12", "all")),
              instance("two", 65002, peer("third", 65012, "10.1.0.13", "all"))));
      second.awaitRoutes(Map.of("10.244.3.0/24", from("65001")));
      third.awaitRoutes(Map.of("10.244.3.0/24", from("65002")));

      site.apply(service("multi", "{}", "clusterIP: 10.96.3.10"));
      for (RouterPeer router : List.of(first, second)) {
        router.awaitRoutes(Map.of("10.244.3.0/24", from("65001"), "10.96.3.10/32", from("65001")));
      }
      third.awaitRoutes(Map.of("10.244.3.0/24", from("65002"), "10.96.3.10/32", from("65002")));
      for (RouterPeer router : List.of(first, second, third)) {
        JsonNode neighbor = router.neighbor();
        assertThat(neighbor.at("/state/router_id").asText()).isEqualTo("10.1.0.2");
        assertThat(neighbor.at("/timers/state/negotiated_hold_time").asInt()).isEqualTo(60);
        assertThat(neighbor.at("/timers/state/keepalive_interval").asInt()).isEqualTo(20);
        assertThat(neighbor.at("/graceful_restart/peer_restart_time").asInt()).isEqualTo(30);
      }

      site.apply(clusterConfig(instance("one", 65001, peer("first", 65010, "10.1.0.11", "all"))));
      second.awaitDown();
      third.awaitDown();
      first.awaitRoutes(Map.of("10.244.3.0/24", from("65001"), "10.96.3.10/32", from("65001")));
      assertThat(first.incarnation()).isEqualTo(session);
    }
  }

  private static Seen from(String asn) {
    return new Seen("10.1.0.2", asn, Set.of(), Set.of(), -1);
  }

  @Test
  void aPeerMovesAndItsTimersChange() {
    try (Site site = Site.open("peering-changes", List.of("10.244.4.0/24"))) {
      RouterPeer before = site.router(Site.ipv6(11, 65010, 65001));
      RouterPeer after = site.router(Site.ipv6(12, 65010, 65001));
      site.apply(
          pool("172.20.4.0/28")
              + service("changes", "{}", "type: LoadBalancer")
              + clusterConfig(instance("one", 65001, peer("router", 65010, "fd01::11", "all")))
              + peerConfig("all", "")
              + advertisement("all", "all", POD_CIDR, services("LoadBalancerIP", "")));
      String[] prefixes = {"10.244.4.0/24", "172.20.4.0/32"};
      before.awaitPrefixes(prefixes);

      site.apply(clusterConfig(instance("one", 65001, peer("router", 65010, "fd01::12", "all"))));
      before.awaitDown();
      after.awaitPrefixes(prefixes);
      String session = after.incarnation();

      site.apply(
          peerConfig(
              "all",
              """
              timers: {holdTimeSeconds: 15, keepAliveTimeSeconds: 5}
              gracefulRestart: {enabled: true, restartTimeSeconds: 60}
              """));
      site.awaitNodeConfig(
          "new timers in the status",
          config -> {
            JsonNode peer = Site.peerStatus(config, "one", "router");
            return peer.path("peeringState").asText().equals("established")
                && peer.path("peerAddress").asText().equals("fd01::12")
                && peer.at("/timers/appliedHoldTimeSeconds").asInt() == 15
                && peer.at("/timers/appliedKeepaliveSeconds").asInt() == 5;
          });
      after.awaitPrefixes(prefixes);
      assertThat(after.incarnation()).isNotEqualTo(session);
      JsonNode neighbor = after.neighbor();
      assertThat(neighbor.at("/timers/state/negotiated_hold_time").asInt()).isEqualTo(15);
      assertThat(neighbor.at("/timers/state/keepalive_interval").asInt()).isEqualTo(5);
      assertThat(neighbor.at("/graceful_restart/peer_restart_time").asInt()).isEqualTo(60);
    }
  }

  @Test
  void eachPeerHasItsOwnAdvertisements() {
    try (Site site = Site.open("multi-peer-advertisements", List.of("10.244.5.0/24"))) {
      RouterPeer left = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer right = site.router(Site.ipv4(12, 65011, 65001));
      String both = "{advertisementType: PodCIDR}";
      site.apply(
          service("multi-peer", "{}", "clusterIP: 10.96.5.10") // without endpoints
              + clusterConfig(
                  instance(
                      "one",
                      65001,
                      peer("left", 65010, "10.1.0.11", "left"),
                      peer("right", 65011, "10.1.0.12", "right")))
              + peerConfig("left", "")
              + peerConfig("right", "")
              + advertisement("left", "left", both, services("ClusterIP", ""))
              + advertisement("right", "right", both, services("ClusterIP", "")));
      left.awaitPrefixes("10.244.5.0/24", "10.96.5.10/32");
      right.awaitPrefixes("10.244.5.0/24", "10.96.5.10/32");

      site.apply(
          advertisement("left", "left", both)
              + advertisement("right", "right", services("ClusterIP", "")));
      left.awaitPrefixes("10.244.5.0/24");
      right.awaitPrefixes("10.96.5.10/32");

      site.apply(
          advertisement("left", "left", both, services("ClusterIP", ""))
              + advertisement("right", "right", both, services("ClusterIP", "")));
      left.awaitPrefixes("10.244.5.0/24", "10.96.5.10/32");
      right.awaitPrefixes("10.244.5.0/24", "10.96.5.10/32");
    }
  }

  @Test
  void sessionsAreSignedWithThePasswordOfTheSecret() {
    try (Site site = Site.open("peering-auth", List.of("10.244.6.0/24", "fd44:6::/64"))) {
      RouterPeer router = site.router(Site.ipv6(11, 65001, 65001).password("correcthorse"));
      String secret =
          """
          apiVersion: v1
          kind: Secret
          metadata: {name: SITE, namespace: peerage-system}
          stringData: {password: correcthorse}
          """;
      site.apply(
          secret
              + clusterConfig(instance("one", 65001, peer("router", 65001, "fd01::11", "all")))
              + peerConfig("all", "authSecretRef: SITE")
              + advertisement("pods", "all", POD_CIDR));
      Seen seen = new Seen("fd01::2", "", Set.of(), Set.of(), 100);
      router.awaitRoutes(Map.of("10.244.6.0/24", seen, "fd44:6::/64", seen));
      awaitSecretCondition(site, "False AuthSecretValidated");

      site.delete("v1", "Secret", "peerage-system", "SITE");
      router.awaitDown();
      awaitSecretCondition(site, "True AuthSecretMissing");
      site.awaitNodeConfig(
          "the missing Secret in a condition",
          config ->
              config.at("/status/conditions/0/type").asText().equals("cilium.io/BGPReconcileError")
                  && config.at("/status/conditions/0/status").asText().equals("True")
                  && config.at("/status/conditions/0/message").asText().contains("peering-auth"));
      site.apply(secret);
      router.awaitRoutes(Map.of("10.244.6.0/24", seen, "fd44:6::/64", seen));
      awaitSecretCondition(site, "False AuthSecretValidated");
    }
  }

  private static void awaitSecretCondition(Site site, String expected) {
    await("MissingAuthSecret")
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          JsonNode condition =
              site.object("cilium.io/v2", "CiliumBGPPeerConfig", "SITE-all")
                  .at("/status/conditions/0");
          assertThat(condition.path("type").asText()).isEqualTo("cilium.io/MissingAuthSecret");
          assertThat(condition.path("status").asText() + " " + condition.path("reason").asText())
              .isEqualTo(expected);
        });
  }

  @Test
  void peersAreFoundByTheDefaultRoutes() {
    try (Site site =
        Site.open("peering-default-gateway", List.of("10.244.7.0/24", "fd44:7::/64"))) {
      RouterPeer ipv4 = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer ipv6 = site.router(Site.ipv6(12, 65011, 65001));
      RouterPeer nearer = site.router(Site.ipv4(13, 65010, 65001));
      String peer =
          "{name: %1$s, peerASN: %2$d, peerConfigRef: {name: SITE-all}, autoDiscovery:"
              + " {mode: DefaultGateway, defaultGateway: {addressFamily: %1$s}}}";
      site.apply(
          clusterConfig(
                  instance(
                      "one", 65001, peer.formatted("ipv4", 65010), peer.formatted("ipv6", 65011)))
              + peerConfig("all", "")
              + advertisement("pods", "all", POD_CIDR));
      site.awaitNodeConfig(
          "an instance without peers",
          config -> config.at("/status/bgpInstances/0/name").asText().equals("one"));
      assertThat(site.nodeConfig().at("/status/bgpInstances/0/peers").isEmpty()).isTrue();

      site.onNode("ip", "route", "add", "default", "via", "10.1.0.11", "metric", "100");
      ipv4.awaitRoutes(
          Map.of(
              "10.244.7.0/24",
              from("65001"),
              "fd44:7::/64",
              new Seen("fd01::2", "65001", Set.of(), Set.of(), -1)));
      assertThat(ipv6.established()).isFalse();
      site.onNode("ip", "-6", "route", "add", "default", "via", "fd01::12");
      Seen overIpv6 = new Seen("fd01::2", "65001", Set.of(), Set.of(), -1);
      ipv6.awaitRoutes(Map.of("10.244.7.0/24", overIpv6, "fd44:7::/64", overIpv6));
      site.awaitNodeConfig(
          "the gateways in the status",
          config ->
              Site.peerStatus(config, "one", "ipv4")
                      .path("peerAddress")
                      .asText()
                      .equals("10.1.0.11")
                  && Site.peerStatus(config, "one", "ipv6")
                      .path("peerAddress")
                      .asText()
                      .equals("fd01::12"));

      site.onNode("ip", "route", "add", "default", "via", "10.1.0.13", "metric", "50");
      nearer.awaitPrefixes("10.244.7.0/24", "fd44:7::/64");
      ipv4.awaitDown();
      site.onNode("ip", "route", "del", "default", "via", "10.1.0.13");
      ipv4.awaitPrefixes("10.244.7.0/24", "fd44:7::/64");
      nearer.awaitDown();
    }
  }
}

package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What edits do to sessions, from the API server to a router's table. */
@Tag("cluster")
final class ChangeScenarioTest {
  private static final String POD_CIDR = "{advertisementType: PodCIDR}";
  private static final String RESTART =
      "gracefulRestart: {enabled: true, restartTimeSeconds: 120}\n";
  private static final String PREFIX = "10.244.21.0/24";

  private static String config(String title, String peers) {
    return clusterConfig(instance("one", 65001, peers)).replace("SITE", title);
  }

  @Test
  void aBadEditKeepsTheLastGoodState() {
    try (Site site = Site.open("change-bad-edit", List.of(PREFIX))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      String good = config(site.title(), peer("router", 65010, "10.1.0.11", "all"));
      site.apply(good + peerConfig("all", RESTART) + advertisement("pods", "all", POD_CIDR));
      router.awaitPrefixes(PREFIX);
      String session = router.incarnation();

      site.apply(good.replace(", localASN: 65001", ""));
      awaitError(
          site,
          "localASN: it is not set; the instance goes on with 65001 on node change-bad-edit; set");
      assertThat(site.nodeConfig().at("/spec/bgpInstances/0/localASN").isMissingNode()).isTrue();
      awaitEvent(site, "localASN: it is not set; the instance goes on with 65001");
      site.apply(good.replace("10.1.0.11", "224.0.0.5"));
      awaitError(site, "'224.0.0.5' is not the address of a peer; the peer goes on at 10.1.0.11");
      site.apply(good.replace("change-bad-edit-all", "typo"));
      awaitError(site, "there is no CiliumBGPPeerConfig 'typo'; the peer goes on as");
      site.apply(good);
      awaitError(site, "");
      site.delete("cilium.io/v2", "CiliumBGPPeerConfig", "", "SITE-all");
      awaitError(site, "there is no CiliumBGPPeerConfig 'change-bad-edit-all'; the peer goes on");
      assertThat(Site.peerStatus(site.nodeConfig(), "one", "router").path("peeringState").asText())
          .isEqualTo("established");
      router.awaitPrefixes(PREFIX);
      assertThat(router.incarnation()).isEqualTo(session);

      // What an edit removes ends all the same.
      site.delete("cilium.io/v2", "CiliumBGPAdvertisement", "", "SITE-pods");
      router.awaitPrefixes();
      assertThat(router.incarnation()).isEqualTo(session);
      site.apply(good.replaceFirst("peers: \\[.*]", "peers: []"));
      router.awaitDown();
    }
  }

  @Test
  void aSecretThatIsDeletedAndMadeAgainLosesNothing() {
    try (Site site = Site.open("change-secret", List.of(PREFIX))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001).password("correcthorse"));
      String secret =
          """
          ---
          apiVersion: v1
          kind: Secret
          metadata: {name: SITE, namespace: peerage-system}
          stringData: {password: correcthorse}
          """;
      site.apply(
          config(site.title(), peer("router", 65010, "10.1.0.11", "all"))
              + peerConfig("all", RESTART + "authSecretRef: SITE\n")
              + advertisement("pods", "all", POD_CIDR)
              + secret);
      router.awaitPrefixes(PREFIX);

      site.delete("v1", "Secret", "peerage-system", "SITE");
      router.awaitDown();
      awaitError(site, "there is no Secret 'change-secret'");
      assertThat(router.table()).as("stale, but kept").containsExactly(PREFIX);

      // An address that is bad as well makes nobody dial without the password.
      site.apply(config(site.title(), peer("router", 65010, "224.0.0.5", "all")));
      awaitError(site, "the peer goes on at 10.1.0.11");
      assertThat(router.table()).containsExactly(PREFIX);
      site.apply(config(site.title(), peer("router", 65010, "10.1.0.11", "all")));

      site.apply(secret);
      await("session with the password")
          .atMost(RouterPeer.LONG)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> {
            assertThat(router.table()).as("at every look").containsExactly(PREFIX);
            return router.established();
          });
      awaitError(site, "");
      router.awaitPrefixes(PREFIX);
      assertThat(router.table()).containsExactly(PREFIX);
    }
  }

  private static void awaitError(Site site, String words) {
    site.awaitNodeConfig(
        "error '" + words + "'",
        config -> {
          JsonNode condition = config.at("/status/conditions/0");
          return words.isEmpty()
              ? condition.isMissingNode()
              : condition.path("message").asText().contains(words);
        });
  }

  private static void awaitEvent(Site site, String words) {
    await("Event '" + words + "'")
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(300))
        .until(() ->
            site.client().v1().events().inAnyNamespace().list().getItems().stream()
                .anyMatch(event ->
                    event.getInvolvedObject().getKind().equals("CiliumBGPNodeConfig")
                        && event.getMessage().contains(words)));
  }
}

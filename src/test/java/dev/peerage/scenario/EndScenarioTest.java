package dev.peerage.scenario;

import static dev.peerage.scenario.RouterPeer.LONG;
import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static dev.peerage.scenario.Yaml.service;
import static dev.peerage.scenario.Yaml.services;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.snapshot.SnapshotFile;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What routers keep when an agent ends, and what they hear of one whose API server is away. */
@Tag("cluster")
final class EndScenarioTest {
  /** So long that no route goes away because of it while a test looks. */
  private static final String LONG_RESTART =
      "gracefulRestart: {enabled: true, restartTimeSeconds: 4095}\n";

  private static final String ONE = "192.0.2.61/32";
  private static final String TWO = "192.0.2.62/32";

  @Test
  void anAgentThatStartsWhileTheApiServerIsAwayAnnouncesWhatItSaidLast() throws Exception {
    try (Site site = Site.open("end-away", List.of("10.244.60.0/24"))) {
      RouterPeer open = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer signed = site.router(Site.ipv4(12, 65011, 65001).password("sesame"));
      site.apply(
          service("end-one", "{}", "clusterIP: 10.96.60.1", "externalIPs: [192.0.2.61]")
              + service("end-two", "{}", "clusterIP: 10.96.60.2", "externalIPs: [192.0.2.62]")
              + """
              ---
              apiVersion: v1
              kind: Secret
              metadata: {name: end-away, namespace: peerage-system}
              stringData: {password: sesame}
              """
              + clusterConfig(
                  instance(
                      "one",
                      65001,
                      peer("open", 65010, "10.1.0.11", "open"),
                      peer("signed", 65011, "10.1.0.12", "signed")))
              + peerConfig("open", LONG_RESTART)
              + peerConfig("signed", LONG_RESTART + "authSecretRef: end-away\n")
              + advertisement("open", "open", services("ExternalIP", ""))
              + advertisement("signed", "signed", services("ExternalIP", "")));
      site.killAgent();
      site.startAgent("--snapshot-folder=" + site.folder());
      open.awaitPrefixes(ONE, TWO);
      signed.awaitPrefixes(ONE, TWO);
      Path snapshot = site.folder().resolve(SnapshotFile.NAME);
      await("snapshot")
          .atMost(LONG)
          .until(() -> Files.exists(snapshot) && Files.readString(snapshot).contains("end-two"));
      assertThat(Files.readString(snapshot)).doesNotContain("sesame", "c2VzYW1l");
      String before = open.incarnation();

      site.apiServer(false);
      site.killAgent();
      site.startAgent("--snapshot-folder=" + site.folder());
      site.deleteService("end-one");
      await("session of the new agent")
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            assertThat(open.table()).as("throughout").contains(ONE, TWO);
            return open.established() && !open.incarnation().equals(before);
          });
      open.awaitPrefixes(ONE, TWO);
      assertThat(signed.established()).as("a session without its password").isFalse();
      String during = open.incarnation();

      site.apiServer(true);
      await("session of the peer with a password")
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            assertThat(signed.table()).as("throughout, restarted too").contains(TWO);
            return signed.established();
          });
      open.awaitPrefixes(TWO);
      signed.awaitPrefixes(TWO);
      assertThat(open.incarnation()).as("the session since then").isEqualTo(during);
    }
  }

  @Test
  void routesStayInARolloutAndGoAtOnceWhenNoAgentFollows() {
    try (Site site = Site.open("end-why", List.of("10.244.61.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      label(site, "linux");
      site.apply(
          service("end-why", "{}", "clusterIP: 10.96.61.1", "externalIPs: [192.0.2.61]")
              + clusterConfig(instance("one", 65001, peer("router", 65010, "10.1.0.11", "all")))
              + peerConfig("all", LONG_RESTART)
              + advertisement("all", "all", services("ExternalIP", "")));
      createDaemonSet(site);
      site.killAgent();

      start(site, router);
      site.stopAgent();
      router.awaitDown();
      assertThat(router.table()).as("in a rollout").contains(ONE);
      assertThat(sessionState(site)).isEqualTo("established");

      start(site, router);
      label(site, "windows");
      assertWithdrawn(site, router, "the node is not selected any more");
      label(site, "linux");

      start(site, router);
      daemonSets(site).delete();
      assertWithdrawn(site, router, "the DaemonSet has been deleted");
      createDaemonSet(site);

      start(site, router);
      var binding =
          site.client()
              .resources(RoleBinding.class)
              .inNamespace(ApiServer.NAMESPACE)
              .withName("peerage-agent-daemonset");
      RoleBinding right = binding.get();
      binding.delete();
      site.stopAgent();
      await("withdrawal without rights").atMost(LONG).until(() -> router.table().isEmpty());
      right.getMetadata().setResourceVersion(null);
      site.client().resource(right).create();
      daemonSets(site).delete();
    }
  }

  private static void start(Site site, RouterPeer router) {
    site.startAgent("--snapshot-folder=" + site.folder());
    router.awaitPrefixes(ONE);
    site.awaitNodeConfig(
        "status",
        config ->
            "established"
                .equals(Site.peerStatus(config, "one", "router").path("peeringState").asText()));
    await("snapshot")
        .atMost(LONG)
        .until(() -> Files.exists(site.folder().resolve(SnapshotFile.NAME)));
  }

  private static String sessionState(Site site) {
    return Site.peerStatus(site.nodeConfig(), "one", "router").path("peeringState").asText();
  }

  private static void assertWithdrawn(Site site, RouterPeer router, String why) {
    site.stopAgent();
    await(why).atMost(LONG).until(() -> router.table().isEmpty());
    assertThat(site.nodeConfig().at("/status/bgpInstances").isEmpty()).as(why).isTrue();
    assertThat(site.folder().resolve(SnapshotFile.NAME)).as(why).doesNotExist();
  }

  private static void label(Site site, String os) {
    site.client()
        .nodes()
        .withName(site.title())
        .edit(node -> {
          node.getMetadata().getLabels().put("kubernetes.io/os", os);
          return node;
        });
  }

  private static void createDaemonSet(Site site) {
    DaemonSet daemonSet = Sites.running().server().chart().all(DaemonSet.class).getFirst();
    site.client().resource(daemonSet).create();
  }

  private static Resource<DaemonSet> daemonSets(Site site) {
    return site.client()
        .apps()
        .daemonSets()
        .inNamespace(ApiServer.NAMESPACE)
        .withName("peerage-agent");
  }
}

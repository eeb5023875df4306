package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.endpoint;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static dev.peerage.scenario.Yaml.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The everyday causes for which an address is not at the router: {@code why} names each of them.
 */
@Tag("cluster")
final class WhyScenarioTest {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String WEB = "{app: webpod}";
  private static final String LOCAL = "externalTrafficPolicy: Local";

  private static String service(String name, String labels, String... fields) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default, labels: %s}
    spec:
      type: LoadBalancer
      ports: [{port: 80}]
    """
            .formatted(name, labels.replace("}", ", site: SITE}"))
        + String.join("\n", fields).indent(2);
  }

  private static String advertisementLabelled(String label) {
    return advertisement(
        "svc",
        label,
        "{advertisementType: Service, service: {addresses: [LoadBalancerIP]},"
            + " selector: {matchLabels: {app: webpod}}}");
  }

  private static String bgp() {
    return clusterConfig(instance("one", 65001, peer("router", 65010, "10.1.0.11", "all")))
        + peerConfig("all", "timers: {connectRetryTimeSeconds: 1}")
        + advertisementLabelled("all");
  }

  /** Asks until the answer has all of these words. */
  private static String until(Site site, int exitCode, String what, String... words) {
    return Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> answer(site, exitCode, what),
            answer -> List.of(words).stream().allMatch(answer::contains));
  }

  private static String answer(Site site, int exitCode, String what) {
    try {
      return site.ask(exitCode, "why", what);
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage()); // ended otherwise: not yet so
    }
  }

  @Test
  void everyLinkThatBreaksIsNamed() {
    try (Site site = Site.open("why", List.of("10.244.60.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(pool("172.20.60.0/28") + service("why-web", WEB) + bgp());
      String works =
          until(
              site,
              0,
              "why-web",
              "172.20.60.0/32 is announced by 1 of 1 nodes, on 1 of 1",
              "service ok > pool ok > node ok");
      router.awaitPrefixes("172.20.60.0/32");
      assertThat(works).contains("router 10.1.0.11", "on the wire ok").doesNotContain("BROKEN");
      assertThat(until(site, 0, "172.20.60.0", "why-web")).contains("yes");

      labels(site);
      addressesOfOthers(site);
      nodes(site);
      sessions(site, router);
    }
  }

  private static void labels(Site site) {
    site.apply(service("why-web", "{app: shop}"));
    assertThat(
            until(
                site,
                1,
                "why-web",
                "advertisement BROKEN",
                "wants app=webpod, the Service has app=shop",
                "kubectl label service -n default why-web app=webpod --overwrite"))
        .contains("Last changes:", "withdrawn: no selector matches");
    site.apply(service("why-web", WEB));
    until(site, 0, "why-web", "on 1 of 1 sessions");

    site.apply(advertisementLabelled("al"));
    until(
        site,
        1,
        "why-web",
        "advertisement BROKEN",
        "CiliumBGPAdvertisement why-svc would announce it",
        "wants for=all, the advertisement has for=al",
        "kubectl label ciliumbgpadvertisement why-svc for=all --overwrite");
    site.apply(advertisementLabelled("all"));
    until(site, 0, "why-web", "on 1 of 1 sessions");
  }

  private static void addressesOfOthers(Site site) {
    site.apply(service("why-other", WEB, "loadBalancerClass: example.com/other"));
    until(site, 1, "why-other", "service BROKEN", "spec.loadBalancerClass is example.com/other");

    site.apply(
        pool("172.20.60.8/29")
                .replace("name: SITE}", "name: SITE-late}")
                .replace("{site: SITE}", "{pool: late}")
            + service("why-late", "{app: webpod, pool: late}").replace("site: SITE", "x: y"));
    until(
        site,
        1,
        "why-late",
        "pool BROKEN",
        "pool why-late is in conflict since",
        "kubectl describe ciliumloadbalancerippools");
    until(site, 1, "172.20.60.9", "no Service has 172.20.60.9", "why-late, which is in conflict");
    site.delete("cilium.io/v2", "CiliumLoadBalancerIPPool", "", "SITE-late");
    until(site, 1, "why-none", "there is no Service why-none");
  }

  private static void nodes(Site site) {
    site.apply(service("why-web", WEB, LOCAL) + endpoint("why-web", "ipv4", "elsewhere", true));
    until(
        site,
        1,
        "why-web",
        "endpoints BROKEN",
        "no endpoint on the node is ready",
        "1 ready on elsewhere");
    site.apply(service("why-web", WEB));
    until(site, 0, "why-web", "on 1 of 1 sessions");

    site.label(EXCLUDED, "");
    until(site, 1, "why-web", "node BROKEN", EXCLUDED + "-");
    site.unlabel(EXCLUDED);
    until(site, 0, "why-web", "on 1 of 1 sessions");

    site.label("off");
    until(
        site,
        1,
        "why-web",
        "node BROKEN",
        "why wants site=why, the node has site=off",
        "kubectl label node why site=why --overwrite");
    site.label("why");
    until(site, 0, "why-web", "on 1 of 1 sessions");
  }

  private static void sessions(Site site, RouterPeer router) {
    router.kill();
    until(site, 1, "why-web", "session BROKEN", "refused", "peerage peers --node why");
    RouterPeer wrong = site.router(Site.ipv4(11, 65099, 65001));
    until(site, 1, "why-web", "session BROKEN", "AS 65099", "65010");
    wrong.kill();
    site.apply(bgp().replace("addresses: [LoadBalancerIP]", "addresses: [ClusterIP]"));
    until(site, 1, "why-web", "about the LoadBalancerIP of Services");
  }
}

package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.interop.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class CommandsScenarioTest {

  @Test
  void theCommandsShowSessionsRoutesAndPolicies() {
    try (Site site = Site.open("commands", List.of("10.244.30.0/24", "fd44:30::/64"))) {
      List<RouterPeer> routers = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        long asn = i <= 2 ? 65000 : 65001;
        RouterPeer router = site.router(Site.ipv6(10 + i, asn, asn));
        router.announce("10.10%d.0.0/16".formatted(i));
        router.announce("fd10:%d::/64".formatted(i));
        routers.add(router);
      }
      site.apply(
          clusterConfig(
                  instance(
                      "one",
                      65000,
                      peer("first", 65000, "fd01::11", "all"),
                      peer("second", 65000, "fd01::12", "all")),
                  instance(
                      "two",
                      65001,
                      peer("third", 65001, "fd01::13", "all"),
                      peer("fourth", 65001, "fd01::14", "all")))
              + peerConfig("all", "")
              + advertisement("pods", "all", "{advertisementType: PodCIDR}"));
      for (RouterPeer router : routers) {
        Seen seen = new Seen("fd01::2", "", Set.of(), Set.of(), 100);
        router.awaitRoutes(Map.of("10.244.30.0/24", seen, "fd44:30::/64", seen));
      }

      await()
          .atMost(RouterPeer.LONG)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() ->
              assertThat(printed(site, "peers"))
                  .isEqualTo(
                      """
                      Node Local AS Peer AS Peer Address Session State Uptime Family Received Advertised
                      commands 65000 65000 fd01::11 established TIME ipv4/unicast 1 1
                      ipv6/unicast 1 1
                      65000 65000 fd01::12 established TIME ipv4/unicast 1 1
                      ipv6/unicast 1 1
                      65001 65001 fd01::13 established TIME ipv4/unicast 1 1
                      ipv6/unicast 1 1
                      65001 65001 fd01::14 established TIME ipv4/unicast 1 1
                      ipv6/unicast 1 1
                      """));
      assertThat(printed(site, "routes", "available", "ipv4", "unicast"))
          .isEqualTo(
              """
              Node VRouter Prefix NextHop Age Attrs
              commands 65000 10.244.30.0/24 0.0.0.0 TIME [{Origin: i} {Nexthop: 0.0.0.0}]
              65001 10.244.30.0/24 0.0.0.0 TIME [{Origin: i} {Nexthop: 0.0.0.0}]
              """);
      assertThat(printed(site, "routes", "advertised", "ipv6", "unicast"))
          .isEqualTo(
              """
              Node VRouter Peer Prefix NextHop Age Attrs
              commands 65000 fd01::11 fd44:30::/64 fd01::2 TIME ATTRS
              65000 fd01::12 fd44:30::/64 fd01::2 TIME ATTRS
              65001 fd01::13 fd44:30::/64 fd01::2 TIME ATTRS
              65001 fd01::14 fd44:30::/64 fd01::2 TIME ATTRS
              """
                  .replace(
                      "ATTRS", "[{Origin: i} {AsPath: } {Nexthop: fd01::2} {LocalPref: 100}]"));
      assertThat(printed(site, "route-policies"))
          .isEqualTo(
              """
              Node VRouter Policy Name Type Match Peers Match Families Match Prefixes (Min..Max Len) RIB Action Path Actions
              commands 65000 allow-local import accept
              65000 peer-first-export export fd01::11 10.244.30.0/24 (24..24) accept
              fd01::11 fd44:30::/64 (64..64) accept
              65000 peer-second-export export fd01::12 10.244.30.0/24 (24..24) accept
              fd01::12 fd44:30::/64 (64..64) accept
              65001 allow-local import accept
              65001 peer-third-export export fd01::13 10.244.30.0/24 (24..24) accept
              fd01::13 fd44:30::/64 (64..64) accept
              65001 peer-fourth-export export fd01::14 10.244.30.0/24 (24..24) accept
              fd01::14 fd44:30::/64 (64..64) accept
              """);
    }
  }

  /** What a command prints, with one space between cells and without times. */
  private static String printed(Site site, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--api-address=127.0.0.1:17901", "--node=commands"));
    return site.peerage(all.toArray(String[]::new))
        .lines()
        .map(line ->
            line.strip().replaceAll(" {2,}", " ").replaceAll(" (\\d+h)?(\\d+m)?\\d+s ", " TIME "))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}

package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.interop.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class PodCidrScenarioTest {

  @Test
  void attributesOfPodCidrsAreReplaced() {
    try (Site site = Site.open("pod-cidr", List.of("10.244.1.0/24", "fd44:1::/64"))) {
      RouterPeer router = site.router(Site.ipv6(11, 65001, 65001));
      site.apply(
          clusterConfig(instance("inner", 65001, peer("router", 65001, "fd01::11", "all")))
              + peerConfig("all", ""));
      site.apply(podCidrs("{communities: {standard: [\"65000:99\"]}, localPreference: 99}"));
      router.awaitRoutes(both(Set.of("65000:99"), Set.of(), 99));
      String session = router.incarnation();

      site.apply(podCidrs("{communities: {standard: [\"65000:101\"]}, localPreference: 101}"));
      router.awaitRoutes(both(Set.of("65000:101"), Set.of(), 101));

      site.apply(podCidrs("{communities: {wellKnown: [no-export], large: [\"65001:100:100\"]}}"));
      router.awaitRoutes(both(Set.of("65535:65281"), Set.of("65001:100:100"), 100));
      assertThat(router.incarnation()).isEqualTo(session);
    }
  }

  private static String podCidrs(String attributes) {
    return advertisement(
        "pods", "all", "{advertisementType: PodCIDR, attributes: %s}".formatted(attributes));
  }

  private static Map<String, Seen> both(
      Set<String> communities, Set<String> largeCommunities, long localPreference) {
    Seen seen = new Seen("fd01::2", "", communities, largeCommunities, localPreference);
    return Map.of("10.244.1.0/24", seen, "fd44:1::/64", seen);
  }
}

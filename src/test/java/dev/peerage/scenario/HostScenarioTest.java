package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;

import dev.peerage.interop.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class HostScenarioTest {

  @Test
  void theAddressesOfAnInterfaceFollowIt() {
    try (Site site = Site.open("interface", List.of("10.244.8.0/24"))) {
      RouterPeer ipv4 = site.router(Site.ipv4(11, 65010, 65001).families("ipv4"));
      RouterPeer both = site.router(Site.ipv4(12, 65011, 65001));
      String item =
          "{advertisementType: Interface, interface: {name: lo1}, attributes: {communities: {standard: [\"65001:100\"]}}}";
      site.apply(
          clusterConfig(
                  instance(
                      "one",
                      65001,
                      peer("ipv4", 65010, "10.1.0.11", "ipv4"),
                      peer("both", 65011, "10.1.0.12", "both")))
              + peerConfig("ipv4", "", "ipv4")
              + peerConfig("both", "")
              + advertisement("ipv4", "ipv4", item)
              + advertisement("both", "both", item));
      ipv4.awaitEstablished();
      both.awaitEstablished();

      appear(site);
      Seen seen = new Seen("10.1.0.2", "65001", Set.of("65001:100"), Set.of(), -1);
      Seen mapped = new Seen("fd01::2", "65001", Set.of("65001:100"), Set.of(), -1);
      Map<String, Seen> ipv4Routes = Map.of("203.0.113.1/32", seen, "203.0.113.2/32", seen);
      Map<String, Seen> all =
          Map.of(
              "203.0.113.1/32", seen,
              "203.0.113.2/32", seen,
              "fd77::1/128", mapped,
              "fd77::2/128", mapped);
      ipv4.awaitRoutes(ipv4Routes);
      both.awaitRoutes(all);

      site.onNode("ip", "link", "set", "lo1", "down");
      ipv4.awaitPrefixes();
      both.awaitPrefixes();
      site.onNode("ip", "link", "set", "lo1", "up"); // IPv6 addresses went with the link
      for (String address : List.of("fd77::1/64", "fd77::2/128")) {
        site.onNode("ip", "address", "replace", address, "dev", "lo1", "nodad");
      }
      ipv4.awaitRoutes(ipv4Routes);
      both.awaitRoutes(all);
      site.onNode("ip", "link", "delete", "lo1");
      ipv4.awaitPrefixes();
      both.awaitPrefixes();
    }
  }

  /** A cable whose other end is up too, with addresses to announce and others. */
  private static void appear(Site site) {
    site.onNode("ip", "link", "add", "lo1", "type", "veth", "peer", "name", "lo1-end");
    for (String address :
        List.of("203.0.113.1/32", "203.0.113.2/24", "203.0.113.2/32", "127.0.0.9/32")) {
      site.onNode("ip", "address", "add", address, "dev", "lo1");
    }
    for (String address : List.of("fd77::1/64", "fd77::2/128")) {
      site.onNode("ip", "address", "add", address, "dev", "lo1", "nodad");
    }
    site.onNode("ip", "link", "set", "lo1-end", "up");
    site.onNode("ip", "link", "set", "lo1", "up");
  }

  @Test
  void allocatedCidrsOfSelectedPodPoolsAreAnnounced() {
    try (Site site = Site.open("pod-ip-pool", List.of("10.244.9.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          clusterConfig(instance("one", 65001, peer("router", 65010, "10.1.0.11", "all")))
              + peerConfig("all", "")
              + advertisement(
                  "pools",
                  "all",
                  "{advertisementType: CiliumPodIPPool, selector: {matchLabels: {color: red}}}"));
      router.awaitEstablished();
      site.installPodPools();
      site.apply(podPool("red") + podPool("green") + node("[10.251.0.0/26, \"fd51:0:0:1::/64\"]"));
      Seen seen = new Seen("10.1.0.2", "65001", Set.of(), Set.of(), -1);
      Seen mapped = new Seen("fd01::2", "65001", Set.of(), Set.of(), -1);
      router.awaitRoutes(Map.of("10.251.0.0/26", seen, "fd51:0:0:1::/64", mapped));
      site.apply(node("[10.251.0.0/26, 10.251.0.64/26, \"fd51:0:0:1::/64\", \"fd51:0:0:2::/64\"]"));
      router.awaitRoutes(
          Map.of(
              "10.251.0.0/26", seen,
              "10.251.0.64/26", seen,
              "fd51:0:0:1::/64", mapped,
              "fd51:0:0:2::/64", mapped));
      site.delete("cilium.io/v2alpha1", "CiliumPodIPPool", "", "red");
      router.awaitPrefixes();
    }
  }

  private static String podPool(String name) {
    int net = name.equals("red") ? 51 : 52;
    return """
    ---
    apiVersion: cilium.io/v2alpha1
    kind: CiliumPodIPPool
    metadata: {name: %1$s, labels: {color: %1$s}}
    spec:
      ipv4: {cidrs: [10.2%2$d.0.0/24], maskSize: 26}
      ipv6: {cidrs: ["fd%2$d::/48"], maskSize: 64}
    """
        .formatted(name, net);
  }

  private static String node(String red) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumNode
    metadata: {name: SITE}
    spec:
      ipam:
        pools:
          allocated:
          - {pool: red, cidrs: %s}
          - {pool: green, cidrs: [10.252.0.0/26]}
    """
        .formatted(red);
  }
}

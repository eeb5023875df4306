package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.endpoint;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static dev.peerage.scenario.Yaml.pool;
import static dev.peerage.scenario.Yaml.service;
import static dev.peerage.scenario.Yaml.services;

import dev.peerage.interop.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class ServiceScenarioTest {
  private static final String ALL = "LoadBalancerIP, ClusterIP, ExternalIP";

  /** One router, AS 65010, at 10.1.0.11; the node is AS 65001. */
  private static String oneRouter() {
    return clusterConfig(instance("one", 65001, peer("router", 65010, "10.1.0.11", "all")))
        + peerConfig("all", "");
  }

  @Test
  void eachPeerGetsTheKindsOfAddressesThatItIsToldOf() {
    try (Site site = Site.open("svc-adverts", List.of("10.244.10.0/24"))) {
      RouterPeer balanced = site.router(Site.ipv4(11, 65010, 65001));
      RouterPeer all = site.router(Site.ipv4(12, 65011, 65001));
      site.apply(
          pool("172.20.10.0/28", "fd20:10::/124")
              + service(
                  "adverts-lb",
                  "{}",
                  """
                  type: LoadBalancer
                  ipFamilyPolicy: RequireDualStack
                  ipFamilies: [IPv4, IPv6]
                  clusterIPs: [10.96.10.10, "fd96::1010"]
                  clusterIP: 10.96.10.10
                  """)
              + service("adverts-ext", "{}", "clusterIP: 10.96.10.11", "externalIPs: [192.0.2.10]")
              + clusterConfig(
                  instance(
                      "one",
                      65001,
                      peer("balanced", 65010, "10.1.0.11", "balanced"),
                      peer("all", 65011, "10.1.0.12", "all")))
              + peerConfig("balanced", "")
              + peerConfig("all", "")
              + advertisement("balanced", "balanced", services("LoadBalancerIP", ""))
              + advertisement("all", "all", services(ALL, "")));
      Seen ipv4 = new Seen("10.1.0.2", "65001", Set.of(), Set.of(), -1);
      Seen ipv6 = new Seen("fd01::2", "65001", Set.of(), Set.of(), -1);
      balanced.awaitRoutes(Map.of("172.20.10.0/32", ipv4, "fd20:10::/128", ipv6));
      all.awaitRoutes(
          Map.of(
              "172.20.10.0/32", ipv4,
              "fd20:10::/128", ipv6,
              "10.96.10.10/32", ipv4,
              "fd96::1010/128", ipv6,
              "10.96.10.11/32", ipv4,
              "192.0.2.10/32", ipv4));

      site.apply(
          service(
              "adverts-ext",
              "{}",
              "clusterIP: 10.96.10.11",
              "externalIPs: [192.0.2.11, 192.0.2.12]"));
      all.awaitPrefixes(
          "172.20.10.0/32",
          "fd20:10::/128",
          "10.96.10.10/32",
          "fd96::1010/128",
          "10.96.10.11/32",
          "192.0.2.11/32",
          "192.0.2.12/32");

      site.deleteService("adverts-lb");
      balanced.awaitPrefixes();
      all.awaitPrefixes("10.96.10.11/32", "192.0.2.11/32", "192.0.2.12/32");
      site.deleteService("adverts-ext");
      all.awaitPrefixes();
    }
  }

  @Test
  void aChangedAddressReplacesTheOldOneAndForeignClassesAreWithdrawn() {
    try (Site site = Site.open("svc-modifications", List.of("10.244.11.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          pool("172.20.11.0/28")
              + service("modified", "{lbipam.cilium.io/ips: 172.20.11.1}", "type: LoadBalancer")
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP", "")));
      router.awaitPrefixes("172.20.11.1/32");

      site.apply(service("modified", "{lbipam.cilium.io/ips: 172.20.11.2}", "type: LoadBalancer"));
      router.awaitPrefixes("172.20.11.2/32");

      // A class can only change together with the type.
      site.apply(service("modified", "{lbipam.cilium.io/ips: 172.20.11.2}", "type: ClusterIP"));
      router.awaitPrefixes();
      site.apply(
          service(
              "modified",
              "{lbipam.cilium.io/ips: 172.20.11.2}",
              "type: LoadBalancer",
              "loadBalancerClass: example.com/other"));
      site.setIngress("modified", "172.20.11.2");
      // This one shows that the agent has seen the other Service's address.
      site.apply(service("marker", "{lbipam.cilium.io/ips: 172.20.11.3}", "type: LoadBalancer"));
      router.awaitPrefixes("172.20.11.3/32");

      site.apply(service("modified", "{lbipam.cilium.io/ips: 172.20.11.2}", "type: ClusterIP"));
      site.apply(
          service(
              "modified",
              "{lbipam.cilium.io/ips: 172.20.11.2}",
              "type: LoadBalancer",
              "loadBalancerClass: io.cilium/bgp-control-plane"));
      router.awaitPrefixes("172.20.11.2/32", "172.20.11.3/32");
      site.deleteService("modified");
      router.awaitPrefixes("172.20.11.3/32");
    }
  }

  @Test
  void attributesAreReplacedAndThoseOfOverlappingAdvertisementsMerged() {
    try (Site site = Site.open("svc-path-attributes", List.of("10.244.12.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65001, 65001));
      site.apply(
          pool("172.20.12.0/28")
              + service("attributes", "{}", "type: LoadBalancer", "clusterIP: 10.96.12.10")
              + clusterConfig(instance("one", 65001, peer("router", 65001, "10.1.0.11", "all")))
              + peerConfig("all", ""));
      site.apply(withAttributes("first", "65000:99", 99));
      router.awaitRoutes(bothAddresses(Set.of("65000:99"), 99));
      site.apply(withAttributes("first", "65000:101", 101));
      router.awaitRoutes(bothAddresses(Set.of("65000:101"), 101));
      site.apply(
          withAttributes("first", "65000:98", 98) + withAttributes("second", "65000:102", 102));
      router.awaitRoutes(bothAddresses(Set.of("65000:98", "65000:102"), 102));
    }
  }

  private static String withAttributes(String name, String community, int localPreference) {
    return advertisement(
        name,
        "all",
        services(
            "LoadBalancerIP, ClusterIP",
            "attributes: {communities: {standard: [\"%s\"]}, localPreference: %d}"
                .formatted(community, localPreference)));
  }

  private static Map<String, Seen> bothAddresses(Set<String> communities, long localPreference) {
    Seen seen = new Seen("10.1.0.2", "", communities, Set.of(), localPreference);
    return Map.of("172.20.12.0/32", seen, "10.96.12.10/32", seen);
  }

  @Test
  void aSharedAddressStaysUntilItsLastServiceGoes() {
    try (Site site = Site.open("svc-sharing", List.of("10.244.13.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      String annotations = "{lbipam.cilium.io/sharing-key: key, lbipam.cilium.io/ips: 172.20.13.1}";
      site.apply(
          pool("172.20.13.0/28")
              + service("sharing-one", annotations, "type: LoadBalancer")
              + service("sharing-two", annotations, "type: LoadBalancer")
                  .replace("port: 80", "port: 81")
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP", "")));
      site.awaitIngress("sharing-one", "172.20.13.1");
      site.awaitIngress("sharing-two", "172.20.13.1");
      router.awaitPrefixes("172.20.13.1/32");

      site.deleteService("sharing-one");
      site.apply(
          service("sharing-marker", "{lbipam.cilium.io/ips: 172.20.13.2}", "type: LoadBalancer"));
      router.awaitPrefixes("172.20.13.1/32", "172.20.13.2/32");
      site.deleteService("sharing-two");
      router.awaitPrefixes("172.20.13.2/32");
    }
  }

  @Test
  void addressesWithPolicyLocalFollowTheNodesOwnEndpoints() {
    try (Site site = Site.open("svc-traffic-policy", List.of("10.244.14.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          pool("172.20.14.0/28", "fd20:14::/124")
              + service(
                  "policy",
                  "{}",
                  """
                  type: LoadBalancer
                  externalTrafficPolicy: Local
                  internalTrafficPolicy: Cluster
                  ipFamilyPolicy: RequireDualStack
                  ipFamilies: [IPv4, IPv6]
                  clusterIPs: [10.96.14.10, "fd96::1410"]
                  clusterIP: 10.96.14.10
                  """)
              + endpoints("SITE", "SITE")
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP, ClusterIP", "")));
      String[] cluster = {"10.96.14.10/32", "fd96::1410/128"};
      String[] all = {cluster[0], cluster[1], "172.20.14.0/32", "fd20:14::/128"};
      router.awaitPrefixes(all);
      site.apply(endpoints("elsewhere", "elsewhere"));
      router.awaitPrefixes(cluster);
      // Each family by itself.
      site.apply(endpoints("SITE", "elsewhere"));
      router.awaitPrefixes(cluster[0], cluster[1], "172.20.14.0/32");
      site.apply(endpoints("SITE", "SITE"));
      router.awaitPrefixes(all);
      site.delete("discovery.k8s.io/v1", "EndpointSlice", "default", "policy-ipv4");
      site.delete("discovery.k8s.io/v1", "EndpointSlice", "default", "policy-ipv6");
      router.awaitPrefixes(cluster);
    }
  }

  /** The end of a rolling update as its EndpointSlices tell of it. */
  @Test
  void aNodeWhoseEndpointsShutDownWithdrawsWhileOthersAreReady() {
    try (Site site = Site.open("svc-rolling", List.of("10.244.17.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          pool("172.20.17.0/28")
              + service("rolling", "{}", "type: LoadBalancer", "externalTrafficPolicy: Local")
              + service("rolling-marker", "{}", "type: LoadBalancer")
              + rolling(READY, READY)
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP", "")));
      String address = site.ingress("rolling") + "/32";
      String marker = site.ingress("rolling-marker") + "/32";
      router.awaitPrefixes(address, marker);
      site.apply(rolling(TERMINATING, READY));
      router.awaitPrefixes(marker);
      site.apply(rolling(TERMINATING, TERMINATING));
      router.awaitPrefixes(address, marker);
      site.apply(rolling(TERMINATING, "{ready: false, serving: false, terminating: true}"));
      site.deleteService("rolling-marker");
      router.awaitPrefixes(address);
    }
  }

  private static final String READY = "{ready: true, serving: true, terminating: false}";
  private static final String TERMINATING = "{ready: false, serving: true, terminating: true}";

  private static String rolling(String here, String elsewhere) {
    return """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: rolling-1, namespace: default, labels: {kubernetes.io/service-name: rolling}}
    addressType: IPv4
    ports: [{port: 80}]
    endpoints:
    - {addresses: ["10.244.17.5"], nodeName: SITE, conditions: %s}
    - {addresses: ["10.244.99.5"], nodeName: elsewhere, conditions: %s}
    """
        .formatted(here, elsewhere);
  }

  @Test
  void addressesThatTheLoadBalancerKeepsForItselfAreNotAnnounced() {
    try (Site site = Site.open("svc-ip-mode", List.of("10.244.18.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          pool("172.20.18.0/28")
              + service("proxied", "{lbipam.cilium.io/ips: 172.20.18.1}", "type: LoadBalancer")
              + service("shown", "{lbipam.cilium.io/ips: 172.20.18.2}", "type: LoadBalancer")
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP", "")));
      router.awaitPrefixes("172.20.18.1/32", "172.20.18.2/32");
      site.setIngress("proxied", "172.20.18.1", "Proxy");
      router.awaitPrefixes("172.20.18.2/32");
      site.setIngress("proxied", "172.20.18.1", "VIP");
      router.awaitPrefixes("172.20.18.1/32", "172.20.18.2/32");
    }
  }

  private static String endpoints(String ipv4Node, String ipv6Node) {
    return endpoint("policy", "ipv4", ipv4Node, true) + endpoint("policy", "ipv6", ipv6Node, true);
  }

  @Test
  void withoutEndpointsOnlyPolicyClusterIsAnnounced() {
    try (Site site = Site.open("svc-kpr-disabled", List.of("10.244.15.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      String spec =
          """
          type: LoadBalancer
          clusterIP: 10.96.15.10
          externalIPs: [192.0.2.15]
          internalTrafficPolicy: Cluster
          externalTrafficPolicy: %s
          """;
      site.apply(
          pool("172.20.15.0/28")
              + service("kpr", "{}", spec.formatted("Local"))
              + endpoint("kpr", "ipv4", "SITE", true)
              + oneRouter()
              + advertisement("all", "all", services(ALL, "")));
      router.awaitPrefixes("10.96.15.10/32", "172.20.15.0/32", "192.0.2.15/32");
      site.apply(endpoint("kpr", "ipv4", "SITE", false));
      router.awaitPrefixes("10.96.15.10/32");
      site.apply(service("kpr", "{}", spec.formatted("Cluster")));
      router.awaitPrefixes("10.96.15.10/32", "172.20.15.0/32", "192.0.2.15/32");
    }
  }

  @Test
  void whereEndpointsAreNeededAnAddressWaitsForOne() {
    try (Site site =
        Site.open(
            "svc-no-endpoints",
            List.of("10.244.16.0/24"),
            "--no-service-endpoints-routable=false")) {
      RouterPeer router = site.router(Site.ipv4(11, 65010, 65001));
      site.apply(
          pool("172.20.16.0/28")
              + service("empty", "{lbipam.cilium.io/ips: 172.20.16.1}", "type: LoadBalancer"));
      site.awaitIngress("empty", "172.20.16.1");
      site.apply(
          service("full", "{lbipam.cilium.io/ips: 172.20.16.2}", "type: LoadBalancer")
              + endpoint("full", "ipv4", "elsewhere", true)
              + oneRouter()
              + advertisement("all", "all", services("LoadBalancerIP", "")));
      router.awaitPrefixes("172.20.16.2/32");
      site.apply(endpoint("empty", "ipv4", "elsewhere", true));
      router.awaitPrefixes("172.20.16.1/32", "172.20.16.2/32");
      site.delete("discovery.k8s.io/v1", "EndpointSlice", "default", "empty-ipv4");
      router.awaitPrefixes("172.20.16.2/32");
    }
  }
}

package dev.peerage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The lab from the first label to the last upgrade: one story on one cluster, told in the order in
 * which a user lives it. A step needs the ones before it.
 */
@Isolated
@Tag("cluster")
@TestMethodOrder(OrderAnnotation.class)
class AcceptanceTest {
  private static final List<String> NODES = List.of("k8s-ctr", "k8s-w0", "k8s-w1");
  private static final Map<String, String> ADDRESS =
      Map.of("k8s-ctr", "192.168.10.100", "k8s-w1", "192.168.10.101", "k8s-w0", "192.168.20.100");
  private static final Map<String, Set<String>> POD_CIDRS =
      new TreeMap<>(
          Map.of(
              "172.20.0.0/24", via("k8s-ctr"),
              "172.20.1.0/24", via("k8s-w1"),
              "172.20.2.0/24", via("k8s-w0")));
  private static final String VIP = "172.16.1.1/32";
  private static final String NAMESPACE = "peerage-system";
  private static final Duration LOG = Duration.ofSeconds(30);

  private static final TestGround lab = new TestGround();

  @BeforeAll
  static void installAsAUserWould() {
    lab.run(Duration.ofMinutes(2), "down").succeeded();
    lab.run(Duration.ofMinutes(15), "up").succeeded();
    lab.run(Duration.ofMinutes(3), "load", "target/peerage-image.tar").succeeded();
    lab.helm(
        "install",
        "peerage",
        "helm/peerage",
        "-n",
        NAMESPACE,
        "--create-namespace",
        "--wait",
        "--timeout",
        "180s",
        "--set",
        "image.repository=localhost/peerage",
        "--set",
        "image.tag=dev",
        "--set",
        "image.pullPolicy=Never");
    lab.kubectl("apply", "-f", "cluster/webpod.yaml");
    lab.kubectl("rollout", "status", "deployment/webpod", "--timeout=120s");
  }

  @AfterAll
  static void takeDown() {
    lab.run(Duration.ofMinutes(3), "down").succeeded();
  }

  @Test
  @Order(1)
  void routerLearnsThePodCidrsOfLabelledNodes() {
    lab.kubectl("label", "nodes", "k8s-ctr", "k8s-w0", "k8s-w1", "enable-bgp=true");
    applyExamples(
        "CiliumBGPAdvertisement/bgp-advertisements",
        "CiliumBGPPeerConfig",
        "CiliumBGPClusterConfig");

    awaitTable(Duration.ofSeconds(10), POD_CIDRS);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          String log = lab.run(Duration.ofSeconds(30), "router-log").succeeded();
          for (String node : NODES) {
            assertThat(log).contains("rcvd End-of-RIB for IPv4 Unicast from " + ADDRESS.get(node));
          }
        });
    JsonNode neighbors = lab.routerJson("show ip bgp neighbors");
    for (String node : NODES) {
      JsonNode neighbor = neighbors.path(ADDRESS.get(node));
      assertThat(neighbor.path("bgpState").asText()).isEqualTo("Established");
      assertThat(neighbor.path("bgpTimerHoldTimeMsecs").asInt()).isEqualTo(9000);
      assertThat(neighbor.path("bgpTimerKeepAliveIntervalMsecs").asInt()).isEqualTo(3000);
      assertThat(
              neighbor.path("neighborCapabilities").path("gracefulRestartRemoteTimerMsecs").asInt())
          .isEqualTo(15000);
    }
  }

  @Test
  @Order(2)
  void nodeConfigsAndPeersLookAsInTheLab() {
    String owner =
        lab.kubectl(
            "get", "ciliumbgpclusterconfig", "cilium-bgp", "-o", "jsonpath={.metadata.uid}");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          JsonNode list = lab.kubectlJson("get", "ciliumbgpnodeconfigs");
          assertThat(names(list)).containsExactlyElementsOf(NODES);
          for (JsonNode item : list.path("items")) {
            assertThat(item.path("spec")).isEqualTo(TestGround.json(SPEC));
            assertThat(item.path("metadata").path("ownerReferences"))
                .isEqualTo(TestGround.json(OWNERS.replace("UID", owner)));
            assertThat(item.path("metadata").has("labels")).isFalse();
            assertThat(item.path("metadata").has("finalizers")).isFalse();
            JsonNode status = item.path("status");
            String since = status.at("/bgpInstances/0/peers/0/establishedTime").asText("missing");
            assertThat(status).isEqualTo(TestGround.json(STATUS.replace("SINCE", since)));
            assertThat(Instant.parse(since)).isBeforeOrEqualTo(Instant.now());
          }
        });
    String[] lines = lab.peerage("peers").succeeded().strip().split("\n");
    assertThat(lines[0].strip().split(" {2,}", -1))
        .containsExactly(
            "Node",
            "Local AS",
            "Peer AS",
            "Peer Address",
            "Session State",
            "Uptime",
            "Family",
            "Received",
            "Advertised");
    assertThat(lines).hasSize(4);
    for (int i = 0; i < 3; i++) {
      String[] cells = lines[i + 1].strip().split(" +");
      assertThat(cells)
          .hasSize(9)
          .startsWith(NODES.get(i), "65001", "65000", "192.168.10.200", "established")
          .endsWith("ipv4/unicast", "4", "1");
      assertThat(cells[5]).matches("(\\d+h)?(\\d+m)?\\d+s");
    }
    String routes = lab.peerage("routes", "available", "ipv4", "unicast").succeeded();
    assertThat(routes.split("\n")[0].strip().split(" {2,}"))
        .containsExactly("Node", "VRouter", "Prefix", "NextHop", "Age", "Attrs");
    assertThat(routes)
        .containsPattern(
            "k8s-w0 +65001 +172\\.20\\.2\\.0/24 +0\\.0\\.0\\.0 +\\S+ +\\[\\{Origin: i} \\{Nexthop:"
                + " 0\\.0\\.0\\.0}]");
    assertThat(lab.peerage("routes", "advertised", "ipv4", "unicast").succeeded())
        .containsPattern(
            "k8s-w0 +65001 +192\\.168\\.10\\.200 +172\\.20\\.2\\.0/24 +192\\.168\\.20\\.100 ");
  }

  @Test
  @Order(3)
  void maintenanceTakesANodeOutAndBack() {
    lab.kubectl("drain", "k8s-w0", "--ignore-daemonsets");
    lab.kubectl("label", "nodes", "k8s-w0", "enable-bgp=false", "--overwrite");
    awaitTable(Duration.ofSeconds(30), without(POD_CIDRS, "172.20.2.0/24"));
    assertThat(names(lab.kubectlJson("get", "ciliumbgpnodeconfigs")))
        .containsExactly("k8s-ctr", "k8s-w1");
    assertThat(
            lab.routerJson("show ip bgp neighbors")
                .path(ADDRESS.get("k8s-w0"))
                .path("bgpState")
                .asText())
        .isNotEqualTo("Established");

    lab.kubectl("label", "nodes", "k8s-w0", "enable-bgp=true", "--overwrite");
    lab.kubectl("uncordon", "k8s-w0");
    awaitTable(Duration.ofSeconds(30), POD_CIDRS);
    assertThat(names(lab.kubectlJson("get", "ciliumbgpnodeconfigs")))
        .containsExactlyElementsOf(NODES);
    lab.kubectl("scale", "deployment", "webpod", "--replicas", "0");
    lab.kubectl("wait", "--for=delete", "pod", "-l", "app=webpod", "--timeout=90s");
    lab.kubectl("scale", "deployment", "webpod", "--replicas", "3");
    lab.kubectl("rollout", "status", "deployment/webpod", "--timeout=120s");
    assertThat(webpodNodes()).containsExactlyElementsOf(NODES);
  }

  @Test
  @Order(4)
  void aServiceGetsAnAddressThatTheRouterReaches() {
    applyExamples("CiliumLoadBalancerIPPool");
    awaitPool("254");
    lab.kubectl("patch", "svc", "webpod", "-p", "{\"spec\": {\"type\": \"LoadBalancer\"}}");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(
                    lab.kubectl(
                        "get",
                        "svc",
                        "webpod",
                        "-o",
                        "jsonpath={.status.loadBalancer.ingress[*].ip}"))
                .isEqualTo("172.16.1.1"));
    awaitPool("253");
    applyExamples("CiliumBGPAdvertisement/bgp-advertisements-lb-exip-webpod");
    awaitTable(Duration.ofSeconds(30), with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    awaitForwarding(NODES);
    List<String> answers = curls();
    assertThat(answers).hasSize(100);
    assertThat(Set.copyOf(answers)).isEqualTo(webpods());
  }

  @Test
  @Order(5)
  void trafficPolicyLocalFollowsTheEndpoints() {
    lab.kubectl("scale", "deployment", "webpod", "--replicas", "2");
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(webpods()).hasSize(2));
    lab.kubectl(
        "patch", "service", "webpod", "-p", "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
    String[] two = webpodNodes().toArray(String[]::new);
    awaitTable(Duration.ofSeconds(30), with(POD_CIDRS, VIP, via(two)));
    awaitForwarding(List.of(two));
    assertThat(curls()).hasSize(100).hasSameElementsAs(webpods());

    lab.kubectl("scale", "deployment", "webpod", "--replicas", "3");
    lab.kubectl("rollout", "status", "deployment/webpod", "--timeout=120s");
    assertThat(webpodNodes()).containsExactlyElementsOf(NODES);
    awaitTable(Duration.ofSeconds(30), with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    awaitForwarding(NODES);
    assertThat(curls()).hasSize(100).hasSameElementsAs(webpods());
  }

  @Test
  @Order(6)
  void aRestartedRouterLearnsEverythingAgain() {
    List<String> before = specGenerations();
    lab.run(Duration.ofMinutes(1), "router-restart").succeeded();
    awaitTable(Duration.ofSeconds(60), with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    assertThat(specGenerations()).isEqualTo(before);
  }

  @Test
  @Order(7)
  void rolloutsKeepSessionsAndRoutes() {
    Map<String, Set<String>> all = with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1"));
    awaitTable(Duration.ofSeconds(30), all);
    List<Integer> established = establishedCounts();
    lab.kubectl("-n", NAMESPACE, "rollout", "restart", "deployment/peerage-operator");
    lab.kubectl(
        "-n", NAMESPACE, "rollout", "status", "deployment/peerage-operator", "--timeout=120s");
    assertThat(establishedCounts()).isEqualTo(established);

    try (KernelRoutes routes = KernelRoutes.watch(lab)) {
      rollOutAgents();
      assertThat(establishedCounts()).as("sessions that came up anew").isNotEqualTo(established);
      // A route may be written anew, but never with less than all its next hops.
      assertThat(routes.changesOf(List.of("172.16.1.1 ", "172.20.")))
          .as(() -> "what the router said:\n" + lab.run(LOG, "router-log").succeeded())
          .allSatisfy(line -> assertThat(line).doesNotStartWith("Deleted"))
          .filteredOn(line -> line.startsWith("172.16.1.1 "))
          .allSatisfy(line -> assertThat(line).contains(ADDRESS.values()));
    }
    assertThat(lab.routerTable()).isEqualTo(all);
  }

  private static void rollOutAgents() {
    lab.helm(
        "upgrade",
        "peerage",
        "helm/peerage",
        "-n",
        NAMESPACE,
        "--reuse-values",
        "--set",
        "bgpControlPlane.statusReport.enabled=false");
    lab.kubectl("-n", NAMESPACE, "rollout", "status", "daemonset/peerage-agent", "--timeout=180s");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          for (JsonNode item : lab.kubectlJson("get", "ciliumbgpnodeconfigs").path("items")) {
            assertThat(item.has("status")).isTrue();
            assertThat(item.path("status").isEmpty()).as(item.toString()).isTrue();
          }
        });
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(lab.peerage("peers").succeeded().split("established")).hasSize(4));
  }

  @Test
  @Order(8)
  void theApiServerNamesTheWrongField() {
    assertRefused(
        example("CiliumBGPPeerConfig").replace("holdTimeSeconds: 9", "holdTimeSeconds: 2"),
        "spec.timers.holdTimeSeconds");
    assertRefused(
        example("CiliumBGPClusterConfig").replace("localASN: 65001", "localASN: 0"),
        "spec.bgpInstances[0].localASN");
    assertRefused(
        example("CiliumBGPClusterConfig")
            .replace("peerAddress: 192.168.10.200", "peerAddress: 10.0.0.0/8"),
        "spec.bgpInstances[0].peers[0].peerAddress");
    assertRefused(
        example("CiliumBGPAdvertisement/bgp-advertisements").replace("PodCIDR", "Service"),
        "spec.advertisements[0]");
  }

  private static void assertRefused(String yaml, String field) {
    Run run = lab.kubectlRun(yaml, "apply", "--dry-run=server", "-f", "-");
    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.err()).contains(field);
  }

  private static void applyExamples(String... kinds) {
    for (String kind : kinds) {
      lab.apply(example(kind));
    }
  }

  /** The example of {@code Kind} or {@code Kind/name}, as it stands in the folder. */
  private static String example(String kindAndName) {
    String kind = kindAndName.replaceFirst("/.*", "");
    String name = kindAndName.contains("/") ? kindAndName.replaceFirst(".*/", "") : "";
    try (var files = Files.list(lab.file("examples/seed-lab"))) {
      List<String> matches = new ArrayList<>();
      for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        for (String document : Files.readString(file).split("(?m)^---\\s*$")) {
          if (document.contains("kind: " + kind + "\n")
              && document
                  .lines()
                  .anyMatch(
                      l -> l.strip().replace("\"", "").equals("name: " + name) || name.isEmpty())) {
            matches.add(document);
          }
        }
      }
      assertThat(matches).as(kindAndName).hasSize(1);
      return matches.getFirst();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitTable(Duration limit, Map<String, Set<String>> expected) {
    await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(lab.routerTable()).isEqualTo(expected));
  }

  /**
   * Waits for what is not Peerage's: the router's kernel has the next hops that FRR chose, and
   * kube-proxy, which follows Services at its own pace, knows the VIP on every node.
   */
  private static void awaitForwarding(Collection<String> nodes) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          String route = lab.on("router", "ip", "route", "show", "172.16.1.1");
          assertThat(nodes).allSatisfy(node -> assertThat(route).contains(ADDRESS.get(node)));
          for (String node : nodes) {
            lab.on(node, "curl", "-sS", "-o", "/dev/null", "--max-time", "2", "http://172.16.1.1");
          }
        });
  }

  private static void awaitPool(String available) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          String[] lines = lab.kubectl("get", "ippool").strip().split("\n");
          assertThat(lines[0].strip().split(" {2,}", -1))
              .containsExactly("NAME", "DISABLED", "CONFLICTING", "IPS AVAILABLE", "AGE");
          assertThat(lines).hasSize(2);
          assertThat(lines[1].strip().split(" +"))
              .startsWith("cilium-pool", "false", "False", available);
        });
  }

  /** The names of the pods that answered 100 requests to the VIP from the router. */
  private static List<String> curls() {
    return lab.on(
            "router",
            "sh",
            "-c",
            "for i in $(seq 100); do curl -s --max-time 5 http://172.16.1.1; done")
        .lines()
        .filter(line -> line.startsWith("Hostname: "))
        .map(line -> line.substring("Hostname: ".length()))
        .toList();
  }

  private static Set<String> webpods() {
    return running().stream()
        .map(pod -> pod.at("/metadata/name").asText())
        .collect(Collectors.toSet());
  }

  private static Set<String> webpodNodes() {
    return running().stream()
        .map(pod -> pod.at("/spec/nodeName").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<JsonNode> running() {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode pod : lab.kubectlJson("get", "pods", "-l", "app=webpod").path("items")) {
      if (!pod.path("metadata").has("deletionTimestamp")) {
        pods.add(pod);
      }
    }
    return pods;
  }

  private static List<String> specGenerations() {
    List<String> generations = new ArrayList<>();
    for (JsonNode item : lab.kubectlJson("get", "ciliumbgpnodeconfigs").path("items")) {
      generations.add(item.at("/metadata/name") + " " + item.at("/metadata/generation"));
    }
    return generations;
  }

  private static List<Integer> establishedCounts() {
    JsonNode neighbors = lab.routerJson("show ip bgp neighbors");
    return NODES.stream()
        .map(node -> neighbors.path(ADDRESS.get(node)).path("connectionsEstablished").asInt())
        .toList();
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }

  private static Set<String> via(String... nodes) {
    return Arrays.stream(nodes)
        .map(node -> ADDRESS.get(node) + " 65001 i")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Set<String>> with(
      Map<String, Set<String>> table, String prefix, Set<String> paths) {
    Map<String, Set<String>> more = new TreeMap<>(table);
    more.put(prefix, paths);
    return more;
  }

  private static Map<String, Set<String>> without(Map<String, Set<String>> table, String prefix) {
    Map<String, Set<String>> fewer = new TreeMap<>(table);
    fewer.remove(prefix);
    return fewer;
  }

  private static final String SPEC =
      """
      {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [
        {"name": "tor-switch", "peerASN": 65000, "peerAddress": "192.168.10.200",
         "peerConfigRef": {"name": "cilium-peer"}}]}]}
      """;
  private static final String OWNERS =
      """
      [{"apiVersion": "cilium.io/v2", "controller": true, "kind": "CiliumBGPClusterConfig",
        "name": "cilium-bgp", "uid": "UID"}]
      """;
  private static final String STATUS =
      """
      {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [
        {"establishedTime": "SINCE", "name": "tor-switch", "peerASN": 65000,
         "peerAddress": "192.168.10.200", "peeringState": "established",
         "routeCount": [{"advertised": 1, "afi": "ipv4", "received": 4, "safi": "unicast"}],
         "timers": {"appliedHoldTimeSeconds": 9, "appliedKeepaliveSeconds": 3}}]}]}
      """;
}

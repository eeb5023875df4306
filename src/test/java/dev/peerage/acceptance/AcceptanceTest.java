package dev.peerage.acceptance;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.LIMIT;
import static dev.peerage.acceptance.RouterTable.NODES;
import static dev.peerage.acceptance.RouterTable.POD_CIDRS;
import static dev.peerage.acceptance.RouterTable.via;
import static dev.peerage.acceptance.RouterTable.with;
import static dev.peerage.acceptance.RouterTable.without;
import static dev.peerage.acceptance.Webpod.VIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final String NAMESPACE = "peerage-system";
  private static final Duration LOG = Duration.ofMinutes(2);

  private static final TestGround lab = new TestGround();
  private static final RouterTable table = new RouterTable(lab);
  private static final NodeConfigs nodeConfigs = new NodeConfigs(lab);
  private static final Webpod webpod = new Webpod(lab);
  private static final Examples examples = new Examples(lab);

  @BeforeAll
  static void installAsAUserWould() {
    lab.bringUp();
    lab.install();
    lab.kubectl("apply", "-f", "cluster/webpod.yaml");
    webpod.awaitRollout();
  }

  @AfterAll
  static void takeDown() {
    lab.run(Duration.ofMinutes(3), "down").succeeded();
  }

  @Test
  @Order(1)
  void routerLearnsThePodCidrsOfLabelledNodes() {
    lab.kubectl("label", "nodes", "k8s-ctr", "k8s-w0", "k8s-w1", "enable-bgp=true");
    examples.apply(
        "CiliumBGPAdvertisement/bgp-advertisements",
        "CiliumBGPPeerConfig",
        "CiliumBGPClusterConfig");

    table.await(POD_CIDRS);

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          String log = lab.run(LOG, "router-log").succeeded();
          for (String node : NODES) {
            assertThat(log).contains("rcvd End-of-RIB for IPv4 Unicast from " + ADDRESS.get(node));
          }
        });
    for (String node : NODES) {
      JsonNode neighbor = table.neighbor(node);
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
    await().atMost(LIMIT).untilAsserted(() -> nodeConfigs.assertAsInTheLab(NODES, owner));
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
    table.await(without(POD_CIDRS, "172.20.2.0/24"));
    assertThat(nodeConfigs.names()).containsExactly("k8s-ctr", "k8s-w1");
    assertThat(table.neighbor("k8s-w0").path("bgpState").asText()).isNotEqualTo("Established");

    lab.kubectl("label", "nodes", "k8s-w0", "enable-bgp=true", "--overwrite");
    lab.kubectl("uncordon", "k8s-w0");
    table.await(POD_CIDRS);
    assertThat(nodeConfigs.names()).containsExactlyElementsOf(NODES);
    webpod.scale(0);
    lab.kubectl("wait", "--for=delete", "pod", "-l", "app=webpod", "--timeout=90s");
    webpod.scale(3);
    webpod.awaitRollout();
    assertThat(webpod.nodes()).containsExactlyElementsOf(NODES);
  }

  @Test
  @Order(4)
  void aServiceGetsAnAddressThatTheRouterReaches() {
    examples.apply("CiliumLoadBalancerIPPool");
    awaitPool("254");
    lab.kubectl("patch", "svc", "webpod", "-p", "{\"spec\": {\"type\": \"LoadBalancer\"}}");
    webpod.awaitAddress("172.16.1.1");
    awaitPool("253");
    examples.apply("CiliumBGPAdvertisement/bgp-advertisements-lb-exip-webpod");
    table.await(with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    webpod.awaitForwarding(NODES);
    List<String> answers = webpod.answers();
    assertThat(answers).hasSize(100);
    assertThat(Set.copyOf(answers)).isEqualTo(webpod.pods());
  }

  @Test
  @Order(5)
  void trafficPolicyLocalFollowsTheEndpoints() {
    webpod.scale(2);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(webpod.pods()).hasSize(2));
    lab.kubectl(
        "patch", "service", "webpod", "-p", "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}");
    String[] two = webpod.nodes().toArray(String[]::new);
    table.await(with(POD_CIDRS, VIP, via(two)));
    webpod.awaitForwarding(List.of(two));
    assertThat(webpod.answers()).hasSize(100).hasSameElementsAs(webpod.pods());

    webpod.scale(3);
    webpod.awaitRollout();
    assertThat(webpod.nodes()).containsExactlyElementsOf(NODES);
    table.await(with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    webpod.awaitForwarding(NODES);
    assertThat(webpod.answers()).hasSize(100).hasSameElementsAs(webpod.pods());
  }

  @Test
  @Order(6)
  void aRestartedRouterLearnsEverythingAgain() {
    List<String> before = nodeConfigs.generations();
    lab.run(Duration.ofMinutes(1), "router-restart").succeeded();
    table.await(with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1")));
    assertThat(nodeConfigs.generations()).isEqualTo(before);
  }

  @Test
  @Order(7)
  void port179TakesTheRightThatTheChartGives() {
    Map<String, Set<String>> all = with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1"));
    table.await(all);
    List<Integer> established = table.establishedCounts();
    lab.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfigOverride
        metadata: {name: k8s-w1}
        spec: {bgpInstances: [{name: instance-65001, localPort: 179}]}
        """);
    awaitErrorOfW1(
        "instance-65001: CiliumBGPClusterConfig cilium-bgp"
            + " spec.bgpInstances[instance-65001].localPort: cannot listen on ",
        "agent.bindPrivilegedPorts=true");
    assertThat(table.establishedCounts()).as("nothing is reset").isEqualTo(established);

    upgradeAgents("agent.bindPrivilegedPorts=true");

    awaitErrorOfW1();
    assertThat(lab.on("k8s-w1", "ss", "-ltnH", "sport = :179")).contains(":179");
    lab.on("router", "bash", "-c", "exec 3<>/dev/tcp/192.168.10.101/179");
    String pods = lab.kubectl("-n", NAMESPACE, "get", "pods", "-o", "name");
    String agent =
        pods.lines().filter(pod -> pod.contains("peerage-agent")).findFirst().orElseThrow();
    assertThat(lab.kubectl("-n", NAMESPACE, "exec", agent, "--", "cat", "/proc/1/status"))
        .as("one right, and that of an ordinary user")
        .containsPattern("Uid:\\s+65532\\s+65532")
        .containsPattern("CapEff:\\s+0000000000000400")
        .containsPattern("CapBnd:\\s+0000000000000400");
    table.await(all);
    lab.kubectl("delete", "ciliumbgpnodeconfigoverride", "k8s-w1");
  }

  private static void awaitErrorOfW1(String... words) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          JsonNode status = lab.kubectlJson("get", "ciliumbgpnodeconfig", "k8s-w1").path("status");
          assertThat(status.path("conditions").isEmpty()).isEqualTo(words.length == 0);
          for (String word : words) {
            assertThat(status.at("/conditions/0/message").asText()).contains(word);
          }
        });
  }

  @Test
  @Order(8)
  void rolloutsKeepSessionsAndRoutes() {
    Map<String, Set<String>> all = with(POD_CIDRS, VIP, via("k8s-ctr", "k8s-w0", "k8s-w1"));
    table.await(all);
    List<Integer> established = table.establishedCounts();
    lab.kubectl("-n", NAMESPACE, "rollout", "restart", "deployment/peerage-operator");
    lab.kubectl(
        "-n", NAMESPACE, "rollout", "status", "deployment/peerage-operator", "--timeout=120s");
    assertThat(table.establishedCounts()).isEqualTo(established);

    try (KernelRoutes routes = KernelRoutes.watch(lab)) {
      rollOutAgents();
      assertThat(table.establishedCounts())
          .as("sessions that came up anew")
          .isNotEqualTo(established);
      // A route may be written anew, but never with less than all its next hops.
      assertThat(routes.changesOf(List.of("172.16.1.1 ", "172.20.")))
          .as(() -> "what the router said:\n" + lab.run(LOG, "router-log").succeeded())
          .allSatisfy(line -> assertThat(line).doesNotStartWith("Deleted"))
          .filteredOn(line -> line.startsWith("172.16.1.1 "))
          .allSatisfy(line -> assertThat(line).contains(ADDRESS.values()));
    }
    assertThat(lab.routerTable()).isEqualTo(all);
  }

  private static void upgradeAgents(String... settings) {
    List<String> words =
        new ArrayList<>(
            List.of("upgrade", "peerage", "helm/peerage", "-n", NAMESPACE, "--reuse-values"));
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    lab.helm(words.toArray(String[]::new));
    lab.kubectl("-n", NAMESPACE, "rollout", "status", "daemonset/peerage-agent", "--timeout=180s");
  }

  private static void rollOutAgents() {
    upgradeAgents("bgpControlPlane.statusReport.enabled=false", "agent.bindPrivilegedPorts=false");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          for (JsonNode item : nodeConfigs.all()) {
            assertThat(item.has("status")).isTrue();
            assertThat(item.path("status").isEmpty()).as(item.toString()).isTrue();
          }
        });
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(lab.peerage("peers").succeeded().split("established")).hasSize(4));
  }

  @Test
  @Order(9)
  void theApiServerNamesTheWrongField() {
    assertRefused(
        examples
            .document("CiliumBGPPeerConfig")
            .replace("holdTimeSeconds: 9", "holdTimeSeconds: 2"),
        "spec.timers.holdTimeSeconds");
    assertRefused(
        examples.document("CiliumBGPClusterConfig").replace("localASN: 65001", "localASN: 0"),
        "spec.bgpInstances[0].localASN");
    assertRefused(
        examples
            .document("CiliumBGPClusterConfig")
            .replace("peerAddress: 192.168.10.200", "peerAddress: 10.0.0.0/8"),
        "spec.bgpInstances[0].peers[0].peerAddress");
    assertRefused(
        examples
            .document("CiliumBGPAdvertisement/bgp-advertisements")
            .replace("PodCIDR", "Service"),
        "spec.advertisements[0]");
  }

  private static void assertRefused(String yaml, String field) {
    Run run = lab.kubectlRun(yaml, "apply", "--dry-run=server", "-f", "-");
    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.err()).contains(field);
  }

  private static void awaitPool(String available) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          String[] lines = lab.kubectl("get", "ippool").strip().split("\n");
          assertThat(lines[0].strip().split(" {2,}", -1))
              .containsExactly("NAME", "DISABLED", "CONFLICTING", "IPS AVAILABLE", "AGE");
          assertThat(lines).hasSize(2);
          assertThat(lines[1].strip().split(" +"))
              .startsWith("cilium-pool", "false", "False", available);
        });
  }
}

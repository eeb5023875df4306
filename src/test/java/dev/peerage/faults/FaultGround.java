package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.LIMIT;
import static dev.peerage.acceptance.RouterTable.NODES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.acceptance.Examples;
import dev.peerage.acceptance.RouterTable;
import dev.peerage.acceptance.TestGround;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The cluster with Peerage installed as a user would, and what the rows do to it. Routers keep the
 * routes of a node that restarts for {@link #RESTART} seconds, longer than a row waits for
 * anything: a route that goes within a row's time went because somebody withdrew it, on any
 * machine.
 */
final class FaultGround {
  static final String NAMESPACE = "peerage-system";

  /** The node that faults hit; Service solo and the pod that is asked are there alone. */
  static final String NODE = "k8s-w1";

  /** Graceful restart's time in seconds. */
  static final int RESTART = 240;

  private static final Set<String> ALL_NODES = Set.copyOf(ADDRESS.values());

  /** The next hops of each prefix when all is well. */
  static final Map<String, Set<String>> WHOLE =
      Map.of(
          "172.20.0.0/24", via("k8s-ctr"),
          "172.20.1.0/24", via("k8s-w1"),
          "172.20.2.0/24", via("k8s-w0"),
          "172.16.1.1/32", ALL_NODES,
          "172.16.1.2/32", via(NODE));

  final TestGround lab = new TestGround();
  final RouterTable table = new RouterTable(lab);

  static Set<String> via(String... nodes) {
    return Set.copyOf(Arrays.stream(nodes).map(ADDRESS::get).toList());
  }

  /** The cluster from nothing, and Peerage on it. */
  void up() {
    lab.bringUp();
    List<String> label = new ArrayList<>(List.of("label", "nodes"));
    label.addAll(NODES);
    label.addAll(List.of("enable-bgp=true", "peerage-agent=here"));
    lab.kubectl(label.toArray(String[]::new));
    install();
    lab.kubectl("apply", "-f", "cluster/webpod.yaml");
    var examples = new Examples(lab);
    examples.apply("CiliumBGPClusterConfig", "CiliumLoadBalancerIPPool");
    lab.apply(peerConfig());
    lab.apply(resource("site.yaml"));
    for (String deployment : List.of("webpod", "solo")) {
      lab.kubectl("rollout", "status", "deployment/" + deployment, "--timeout=120s");
    }
    awaitWhole();
  }

  /** Whether a run before this has left all of it. */
  boolean isUp() {
    return lab.run(Duration.ofMinutes(1), "status").exit() == 0
        && lab.kubectlRun("", "get", "deployment", "solo").exit() == 0;
  }

  void install() {
    lab.install("--set-string", "agent.nodeSelector.peerage-agent=here");
  }

  void down() {
    lab.run(Duration.ofMinutes(3), "down").succeeded();
  }

  /** The lab's PeerConfig with {@link #RESTART}. */
  String peerConfig() {
    return new Examples(lab)
        .document("CiliumBGPPeerConfig")
        .replace("restartTimeSeconds: 15", "restartTimeSeconds: " + RESTART);
  }

  static String resource(String name) {
    try (var in = FaultGround.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the router has all routes and no other, and holds none for a session that ended.
   */
  void awaitWhole() {
    awaitWhole(WHOLE);
  }

  void awaitWhole(Map<String, Set<String>> whole) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> {
          assertThat(nextHops()).isEqualTo(whole);
          assertThat(stale(whole)).isEmpty();
        });
  }

  /** What the router has learned, of both families: prefix to next hops. */
  Map<String, Set<String>> nextHops() {
    Map<String, Set<String>> all = new TreeMap<>();
    learned((prefix, path) -> all.computeIfAbsent(prefix, _ -> new TreeSet<>()).add(nextHop(path)));
    return all;
  }

  private void learned(BiConsumer<String, JsonNode> path) {
    for (String command : List.of("show ip bgp", "show bgp ipv6 unicast")) {
      for (Map.Entry<String, JsonNode> route :
          lab.routerJson(command).path("routes").properties()) {
        for (JsonNode each : route.getValue()) {
          if (!each.path("path").asText().isEmpty()) { // else it is the router's own
            path.accept(route.getKey(), each);
          }
        }
      }
    }
  }

  private static String nextHop(JsonNode path) {
    for (JsonNode nextHop : path.path("nexthops")) {
      if (!nextHop.path("scope").asText().equals("link-local")) {
        return nextHop.path("ip").asText();
      }
    }
    return "nowhere";
  }

  /** Waits until a prefix has these next hops at the router. */
  void awaitRoute(String prefix, Set<String> nextHops) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(nextHops().getOrDefault(prefix, Set.of()))
                .as(prefix)
                .containsExactlyInAnyOrderElementsOf(nextHops));
  }

  /**
   * Paths that the router keeps for a session that ended, and routes that nobody should announce.
   */
  List<String> stale(Map<String, Set<String>> whole) {
    List<String> stale = new ArrayList<>();
    learned((prefix, path) -> {
      if (path.path("stale").asBoolean()) {
        stale.add(prefix + " via " + nextHop(path) + ", stale");
      } else if (!whole.getOrDefault(prefix, Set.of()).contains(nextHop(path))) {
        stale.add(prefix + " via " + nextHop(path));
      }
    });
    return stale;
  }

  /** How often the router's session with a node has come up. */
  int established(String node) {
    return establishedAt(requireNonNull(ADDRESS.get(node)));
  }

  /** The same for one of a node's addresses. */
  int establishedAt(String address) {
    return lab.routerJson("show ip bgp neighbors")
        .path(address)
        .path("connectionsEstablished")
        .asInt();
  }

  /** Waits until the session with a node is one that came up after this count, and is up. */
  void awaitAnew(String node, int before) {
    awaitAnewAt(requireNonNull(ADDRESS.get(node)), before);
  }

  /** The same for one of a node's addresses. */
  void awaitAnewAt(String address, int before) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> {
          JsonNode neighbor = lab.routerJson("show ip bgp neighbors").path(address);
          assertThat(neighbor.path("connectionsEstablished").asInt())
              .as("sessions with %s that came up", address)
              .isGreaterThan(before);
          assertThat(neighbor.path("bgpState").asText()).isEqualTo("Established");
        });
  }

  /** What is asked in most rows: a Service over all nodes, one of a single endpoint, a pod. */
  Map<String, String> targets() {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put("vip", "172.16.1.1");
    targets.put("solo", "172.16.1.2");
    targets.put("pod", podAddress("app=solo"));
    return targets;
  }

  private String podAddress(String label) {
    return lab.kubectl(
        "get",
        "pods",
        "-l",
        label,
        "--field-selector=status.phase=Running",
        "-o",
        "jsonpath={.items[0].status.podIP}");
  }

  /** Runs kubectl in Peerage's namespace. */
  String peerage(String... words) {
    List<String> all = new ArrayList<>(List.of("-n", NAMESPACE));
    all.addAll(List.of(words));
    return lab.kubectl(all.toArray(String[]::new));
  }

  /** Starts all daemons that do not run. */
  void mend() {
    lab.run(Duration.ofMinutes(5), "up").succeeded();
  }

  /**
   * New pods for those whose container has been restarted: each time a kubelet waits twice as long
   * before it does so again, up to five minutes.
   */
  void replaceRestarted() {
    for (JsonNode pod : lab.kubectlJson("-n", NAMESPACE, "get", "pods").path("items")) {
      if (pod.at("/status/containerStatuses/0/restartCount").asInt() > 0) {
        peerage("delete", "pod", pod.at("/metadata/name").asText());
      }
    }
    for (String part : List.of("daemonset/peerage-agent", "deployment/peerage-operator")) {
      peerage("rollout", "status", part, "--timeout=300s");
    }
  }

  /** Ends daemons at once. */
  void kill(String... daemons) {
    List<String> verb = new ArrayList<>(List.of("kill"));
    verb.addAll(List.of(daemons));
    lab.run(Duration.ofMinutes(1), verb.toArray(String[]::new)).succeeded();
  }

  Path topFile(String name) {
    return lab.file(name);
  }

  /** Writes the table where {@code make proof} finds it. */
  void write(String text) {
    try {
      Files.createDirectories(topFile("target"));
      Files.writeString(topFile("target/faults.md"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

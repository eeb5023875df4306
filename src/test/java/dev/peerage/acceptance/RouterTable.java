package dev.peerage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The router's sessions and BGP table: prefix to next hops, each followed by the path. */
public final class RouterTable {
  /** The nodes, by name. */
  public static final List<String> NODES = List.of("k8s-ctr", "k8s-w0", "k8s-w1");

  /** The nodes' addresses, by which the router knows them. */
  public static final Map<String, String> ADDRESS =
      Map.of("k8s-ctr", "192.168.10.100", "k8s-w1", "192.168.10.101", "k8s-w0", "192.168.20.100");

  /** The table when all nodes announce their PodCIDR and nothing else. */
  static final Map<String, Set<String>> POD_CIDRS =
      new TreeMap<>(
          Map.of(
              "172.20.0.0/24", via("k8s-ctr"),
              "172.20.1.0/24", via("k8s-w1"),
              "172.20.2.0/24", via("k8s-w0")));

  /** What has to happen has this long, on any machine. */
  public static final Duration LIMIT = Duration.ofSeconds(90);

  private final TestGround lab;

  /** Of the router of this cluster. */
  public RouterTable(TestGround lab) {
    this.lab = lab;
  }

  /** Waits until the table is this, no less and no more. */
  void await(Map<String, Set<String>> expected) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(lab.routerTable()).isEqualTo(expected));
  }

  /** What FRR says of the session with a node. */
  public JsonNode neighbor(String node) {
    return lab.routerJson("show ip bgp neighbors").path(ADDRESS.get(node));
  }

  /** How often the session with each of the nodes has come up. */
  public List<Integer> establishedCounts() {
    JsonNode neighbors = lab.routerJson("show ip bgp neighbors");
    return NODES.stream()
        .map(node -> neighbors.path(ADDRESS.get(node)).path("connectionsEstablished").asInt())
        .toList();
  }

  /** The paths of a prefix that these nodes announce. */
  static Set<String> via(String... nodes) {
    return Arrays.stream(nodes)
        .map(node -> ADDRESS.get(node) + " 65001 i")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Map<String, Set<String>> with(
      Map<String, Set<String>> table, String prefix, Set<String> paths) {
    Map<String, Set<String>> more = new TreeMap<>(table);
    more.put(prefix, paths);
    return more;
  }

  static Map<String, Set<String>> without(Map<String, Set<String>> table, String prefix) {
    Map<String, Set<String>> fewer = new TreeMap<>(table);
    fewer.remove(prefix);
    return fewer;
  }
}

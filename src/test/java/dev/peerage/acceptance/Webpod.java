package dev.peerage.acceptance;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The Service {@code webpod}, its pods, and who answers at its address. */
final class Webpod {
  /** The route to the address that the pool gives it. */
  static final String VIP = "172.16.1.1/32";

  private final TestGround lab;

  Webpod(TestGround lab) {
    this.lab = lab;
  }

  void scale(int replicas) {
    lab.kubectl("scale", "deployment", "webpod", "--replicas", String.valueOf(replicas));
  }

  void awaitRollout() {
    lab.kubectl("rollout", "status", "deployment/webpod", "--timeout=120s");
  }

  void awaitAddress(String address) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    lab.kubectl(
                        "get",
                        "svc",
                        "webpod",
                        "-o",
                        "jsonpath={.status.loadBalancer.ingress[*].ip}"))
                .isEqualTo(address));
  }

  /**
   * Waits for what is not Peerage's: the router's kernel has the next hops that FRR chose, and
   * kube-proxy, which follows Services at its own pace, knows the VIP on every node.
   */
  void awaitForwarding(Collection<String> nodes) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          String route = lab.on("router", "ip", "route", "show", "172.16.1.1");
          assertThat(nodes).allSatisfy(node -> assertThat(route).contains(ADDRESS.get(node)));
          for (String node : nodes) {
            lab.on(node, "curl", "-sS", "-o", "/dev/null", "--max-time", "10", "http://172.16.1.1");
          }
        });
  }

  /** The names of the pods that answered 100 requests to the VIP from the router. */
  List<String> answers() {
    return lab.on(
            "router",
            "sh",
            "-c",
            "for i in $(seq 100); do curl -s --max-time 60 http://172.16.1.1; done")
        .lines()
        .filter(line -> line.startsWith("Hostname: "))
        .map(line -> line.substring("Hostname: ".length()))
        .toList();
  }

  /** The names of its pods that are to stay. */
  Set<String> pods() {
    return running().stream()
        .map(pod -> pod.at("/metadata/name").asText())
        .collect(Collectors.toSet());
  }

  /** The nodes of these pods, in the order of their names. */
  Set<String> nodes() {
    return running().stream()
        .map(pod -> pod.at("/spec/nodeName").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<JsonNode> running() {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode pod : lab.kubectlJson("get", "pods", "-l", "app=webpod").path("items")) {
      if (!pod.path("metadata").has("deletionTimestamp")) {
        pods.add(pod);
      }
    }
    return pods;
  }
}

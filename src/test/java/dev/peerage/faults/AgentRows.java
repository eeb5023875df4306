package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.NODES;
import static dev.peerage.faults.FaultGround.NODE;
import static dev.peerage.faults.FaultGround.via;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.faults.Row.Toll;
import dev.peerage.proof.Rounds;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An agent ends, is replaced, or cannot work. */
abstract class AgentRows extends Rows {
  @Test
  void kill9() {
    row("kill9", _ -> killAgent());
  }

  private static void killAgent() {
    int before = ground.established(NODE);
    processes.agent(NODE).destroyForcibly();
    ground.awaitAnew(NODE, before);
  }

  /** Nobody answers the kubelet, because another program has the port that it asks at. */
  @Test
  void portTaken() {
    row(
        "port of the probe taken",
        course -> {
          try (var _ = PortHolder.waitsFor(ground.lab, NODE, 17902)) {
            killAgent();
            ProcessHandle agent = processes.agent(NODE);
            course.requests(Rounds.of(100, 3600)); // three minutes are longer than a kubelet waits
            assertThat(processes.agent(NODE)).isEqualTo(agent);
            assertThat(agentsPod("{.items[*].status.containerStatuses[*].ready}"))
                .isEqualTo("false");
          }
          awaitAgents();
        });
  }

  private static String agentsPod(String path) {
    return ground
        .peerage(
            "get",
            "pod",
            "-l",
            "app.kubernetes.io/component=agent",
            "--field-selector=spec.nodeName=" + NODE,
            "-o",
            "jsonpath=" + path)
        .strip();
  }

  @Test
  void podDelete() {
    row(
        "poddelete",
        _ -> {
          int before = ground.established(NODE);
          ground.peerage(
              "delete",
              "pod",
              "-l",
              "app.kubernetes.io/component=agent",
              "--field-selector=spec.nodeName=" + NODE);
          ground.awaitAnew(NODE, before);
          awaitAgents();
        });
  }

  private static void awaitAgents() {
    ground.peerage("rollout", "status", "daemonset/peerage-agent", "--timeout=300s");
  }

  @Test
  @Tag("wide")
  void rollout() {
    row(
        "rollout",
        _ -> {
          List<Integer> before = ground.table.establishedCounts();
          ground.peerage("rollout", "restart", "daemonset/peerage-agent");
          awaitAgents();
          for (String node : NODES) {
            ground.awaitAnew(node, before.get(NODES.indexOf(node)));
          }
        });
  }

  @Test
  @Tag("wide")
  void upgradeThereAndBack() {
    row(
        "upgrade ×2",
        _ -> {
          for (String level : List.of("debug", "info")) {
            ground.lab.helm(
                "upgrade",
                "peerage",
                "helm/peerage",
                "-n",
                FaultGround.NAMESPACE,
                "--reuse-values",
                "--wait",
                "--timeout",
                "300s",
                "--set",
                "log.level=" + level);
            awaitAgents();
          }
        });
  }

  /** The API server's connections of the agent are dead, and nobody says so. */
  @Test
  void halfOpen() {
    row(
        "halfopen",
        course -> {
          try {
            cutOff(NODE);
            newService();
            ground.awaitRoute("172.16.1.9/32", via("k8s-ctr", "k8s-w0"));
            course.requests(Rounds.of(200, 1200));
          } finally {
            reconnect(NODE);
          }
          ground.awaitRoute("172.16.1.9/32", via("k8s-ctr", "k8s-w0", "k8s-w1"));
          ground.lab.kubectl("delete", "service", "late");
          ground.awaitRoute("172.16.1.9/32", Set.of());
        });
  }

  /** Drops the packets between the agent of a node and the API server. No end hears of it. */
  static void cutOff(String node) {
    // The agent's user tells its packets from those of kubelet and kube-proxy; what comes in has
    // no user, but the ports of its connections.
    String sockets =
        ground.lab.on(
            node, "ss", "-Htnp", "state", "established", "( dport = :443 or dport = :6443 )");
    String pid = "pid=" + processes.agent(node).pid() + ",";
    String ports =
        sockets
            .lines()
            .filter(line -> line.contains(pid))
            .map(line -> line.strip().split("\\s+")[2].replaceFirst(".*:", ""))
            .collect(Collectors.joining(", "));
    assertThat(ports).as("connections of the agent to the API server:\n" + sockets).isNotEmpty();
    ground.lab.on(
        node,
        "nft",
        """
        add table inet fault
        add chain inet fault out { type filter hook output priority 10; }
        add rule inet fault out meta skuid 65532 tcp dport { 443, 6443 } drop
        add chain inet fault in { type filter hook input priority 10; }
        add rule inet fault in tcp sport { 443, 6443 } tcp dport { %s } drop
        """
            .formatted(ports));
  }

  static void reconnect(String node) {
    ground.lab.on(node, "nft", "delete table inet fault");
  }

  /** Without graceful restart the same fault costs routes: what these tests look at can fail. */
  @Test
  void gap() {
    restartGracefully(false);
    try {
      Row row =
          row(
              "gap (graceful restart off)",
              new Toll(via(NODE), Set.of("vip", "solo", "pod")),
              _ -> killAgent());
      assertThat(row.missing().routes())
          .contains("172.20.1.0/24", "172.16.1.1/32", "172.16.1.2/32");
      assertThat(row.lost("solo")).isPositive();
      assertThat(row.lost("pod")).isPositive();
    } finally {
      restartGracefully(true);
    }
  }

  private static void restartGracefully(boolean on) {
    List<Integer> before = ground.table.establishedCounts();
    ground.lab.apply(ground.peerConfig().replace("enabled: true", "enabled: " + on));
    for (String node : NODES) {
      ground.awaitAnew(node, before.get(NODES.indexOf(node)));
    }
    ground.awaitWhole();
  }
}

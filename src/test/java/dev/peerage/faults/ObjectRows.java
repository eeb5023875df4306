package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.LIMIT;
import static dev.peerage.acceptance.RouterTable.NODES;
import static dev.peerage.faults.FaultGround.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.faults.Row.Toll;
import dev.peerage.proof.Rounds;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Objects that are wrong, very many, or that go with Peerage. */
abstract class ObjectRows extends Rows {
  private static final Set<String> ALL = Set.copyOf(ADDRESS.values());

  @Test
  void badObjects() {
    String objects = FaultGround.resource("bad-objects.yaml");
    row(
        "bad objects",
        course -> {
          List<Integer> before = ground.table.establishedCounts();
          try {
            ground.lab.apply(objects);
            // What comes after them is done, so they have been looked at.
            aNewServiceIsAnnounced();
            course.requests(100);
          } finally {
            ground.lab.kubectlRun(objects, "delete", "--ignore-not-found", "-f", "-").succeeded();
          }
          aNewServiceIsAnnounced();
          assertThat(ground.table.establishedCounts())
              .as("sessions that came up")
              .isEqualTo(before);
        });
  }

  /**
   * What Peerage announces goes with it, at once: the time for which routers keep routes of an
   * agent that restarts is longer than this waits.
   */
  @Test
  void uninstall() {
    row(
        "uninstall",
        new Toll(ALL, Set.of("vip", "solo", "pod")),
        course -> {
          ground.lab.helm("uninstall", "peerage", "-n", FaultGround.NAMESPACE, "--wait");
          try {
            Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(ground.lab.routerTable()).isEmpty());
            for (JsonNode item :
                ground.lab.kubectlJson("get", "ciliumbgpnodeconfigs").path("items")) {
              assertThat(item.path("status").toString())
                  .as("the status that is left at " + item.at("/metadata/name"))
                  .doesNotContain("established");
            }
            course.requests(20);
          } finally {
            ground.install();
          }
          course.answers();
        });
  }

  @Test
  void manyServices() {
    int services = Rounds.of(500, 10_000);
    row(services + " Services", course -> churn(course, services));
  }

  /** All parts of Peerage have a tenth of a CPU each. */
  @Test
  @Tag("wide")
  void manyServicesAtATenthOfACpu() {
    int services = Rounds.of(500, 10_000);
    row(
        services + " Services at 0.1 CPU",
        course -> {
          throttle(true);
          try {
            churn(course, services);
          } finally {
            throttle(false);
          }
        });
  }

  @Test
  @Tag("wide")
  void anAgentAtATenthOfACpu() {
    row(
        "throttle 0.1 CPU",
        course -> {
          ProcessHandle agent = processes.agent(NODE);
          Processes.throttle(agent, true);
          try {
            churn(course, 200);
          } finally {
            Processes.throttle(agent, false);
          }
        });
  }

  private static void throttle(boolean tenth) {
    NODES.forEach(node -> Processes.throttle(processes.agent(node), tenth));
    processes.operators().forEach(operator -> Processes.throttle(operator, tenth));
  }

  private static void churn(Course course, int services) {
    List<ProcessHandle> agents = NODES.stream().map(processes::agent).toList();
    List<ProcessHandle> operators = processes.operators();
    List<Integer> sessions = ground.table.establishedCounts();
    // Three of them on one machine take most of its CPU for these Services; the kernel goes on
    // with the rules that the requests need.
    ground.kill(NODES.stream().map(node -> node + ".kube-proxy").toArray(String[]::new));
    ground.lab.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: churn}
        spec:
          blocks:
            - cidr: 172.18.0.0/16
        """);
    try {
      services("make", services);
      awaitServices(services);
      services("touch", services);
      awaitServices(services);
      course.requests(20);
    } finally {
      services("remove", services);
      awaitServices(0);
      ground.lab.kubectl("delete", "ciliumloadbalancerippool", "churn");
      ground.mend();
    }
    assertThat(NODES.stream().map(processes::agent).toList()).as("agents").isEqualTo(agents);
    assertThat(processes.operators()).as("operators").isEqualTo(operators);
    assertThat(ground.table.establishedCounts()).as("sessions that came up").isEqualTo(sessions);
  }

  private static void services(String verb, int number) {
    ground
        .lab
        .run(
            Duration.ofMinutes(30),
            "on",
            "router",
            ground.topFile("cluster/churn").toString(),
            verb,
            "" + number)
        .succeeded();
  }

  /** Waits until every node announces as many Services as these beside what it always does. */
  private static void awaitServices(int number) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(30))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> {
          JsonNode peers = ground.lab.routerJson("show ip bgp summary").at("/ipv4Unicast/peers");
          for (String node : NODES) {
            int own = node.equals(NODE) ? 3 : 2;
            assertThat(peers.path(ADDRESS.get(node)).path("pfxRcd").asInt())
                .as("prefixes of " + node)
                .isEqualTo(number + own);
          }
        });
  }
}

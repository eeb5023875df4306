package dev.peerage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.acceptance.RouterTable;
import dev.peerage.faults.Row.Toll;
import dev.peerage.proof.Rounds;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Pods that are replaced one after the other behind an address of traffic policy Local. */
abstract class RolloutRows extends Rows {
  private static final String ADDRESS = "172.16.1.3";

  /**
   * Each pod serves for ten more seconds when it is told to end, as pods behind load balancers do.
   * In that time its node must have sent new connections elsewhere.
   *
   * <p>What ends otherwise is the toll: with each next hop that comes or goes the router spreads
   * its flows anew, and a request under way arrives at a node that does not know it.
   */
  @Test
  void rollingRestarts() {
    int restarts = Rounds.of(2, 10);
    ground.lab.apply(FaultGround.resource("rolling.yaml"));
    try {
      awaitPods();
      Map<String, Requests> requests;
      try (Probes probes = Probes.start(ground.lab, Map.of("rolling", ADDRESS), 5)) {
        probes.awaitAnswers(200);
        probes.begin();
        for (int i = 0; i < restarts; i++) {
          ground.lab.kubectl("rollout", "restart", "deployment/rolling");
          awaitPods();
        }
        probes.awaitRequests(200);
        requests = probes.end();
      }
      told(
          new Row(
              restarts + " rolling restarts (Local)",
              Map.of(),
              List.of(),
              requests,
              List.of(),
              List.of(),
              List.of()),
          new Toll(Set.of(), Set.of("rolling")));
      assertThat(requests.getOrDefault("rolling", Requests.NONE).lost().keySet())
          .as("new connections that nobody took, of %s", requests)
          .noneMatch(why -> why.startsWith("Connect call failed") || why.equals("unanswered"));
    } finally {
      ground
          .lab
          .kubectlRun(
              FaultGround.resource("rolling.yaml"), "delete", "--ignore-not-found", "-f", "-")
          .succeeded();
    }
  }

  /** Waits until both pods are new ones, and the old ones gone. */
  private static void awaitPods() {
    ground.lab.kubectl("rollout", "status", "deployment/rolling", "--timeout=120s");
    Awaitility.await()
        .atMost(RouterTable.LIMIT)
        .untilAsserted(() -> {
          JsonNode pods = ground.lab.kubectlJson("get", "pods", "-l", "app=rolling").path("items");
          assertThat(pods).hasSize(2);
        });
  }
}

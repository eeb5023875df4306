package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.NODES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.proof.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The clock is set. Peerage alone sees it: the machine belongs to others too. */
@Tag("wide")
abstract class ClockRows extends Rows {
  private static final int HOUR = 3600;

  private static final String LIBRARY =
      """
      {"spec": {"template": {"spec": {
        "volumes": [{"name": "clock", "hostPath": {"path": "/run/peerage-cluster/clock"}}],
        "containers": [{"name": "peerage",
          "volumeMounts": [{"name": "clock", "mountPath": "/clock", "readOnly": true}],
          "env": [
            {"name": "LD_PRELOAD", "value": "/clock/realtime.so"},
            {"name": "CLOCK_OFFSET", "value": "/clock/offset"}]}]}}}}
      """;

  @Test
  void jumps() {
    clock(0);
    row(
        "clock jumps an hour",
        course -> {
          List<String> parts = List.of("daemonset/peerage-agent", "deployment/peerage-operator");
          parts.forEach(part -> ground.peerage("patch", part, "-p", LIBRARY));
          try {
            parts.forEach(part -> ground.peerage("rollout", "status", part, "--timeout=300s"));
            ground.awaitWhole();
            List<Integer> sessions = ground.table.establishedCounts();
            List<ProcessHandle> before = all();
            for (int offset : List.of(HOUR, -HOUR, 0)) {
              clock(offset);
              aNewServiceIsAnnounced();
              course.requests(Rounds.of(200, 600));
            }
            assertThat(all()).as("processes").isEqualTo(before);
            assertThat(ground.table.establishedCounts())
                .as("sessions that came up")
                .isEqualTo(sessions);
          } finally {
            parts.forEach(part -> ground.peerage("rollout", "undo", part));
            parts.forEach(part -> ground.peerage("rollout", "status", part, "--timeout=300s"));
          }
        });
  }

  private static List<ProcessHandle> all() {
    List<ProcessHandle> all = new ArrayList<>(processes.operators());
    NODES.forEach(node -> all.add(processes.agent(node)));
    return all;
  }

  private static void clock(int offset) {
    ground.lab.run(Duration.ofMinutes(5), "clock", (offset < 0 ? "" : "+") + offset).succeeded();
  }
}

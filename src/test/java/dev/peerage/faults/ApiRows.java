package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.NODES;
import static dev.peerage.faults.FaultGround.NODE;
import static dev.peerage.faults.FaultGround.via;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.acceptance.TestGround;
import dev.peerage.proof.Rounds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API server is away, or answers badly. */
abstract class ApiRows extends Rows {
  /** Five minutes of requests when whole. */
  @Test
  void api() {
    row(
        "api (away)",
        course -> {
          List<ProcessHandle> before = peerage();
          away("kube-apiserver", () -> course.requests(Rounds.of(400, 6000)));
          aNewServiceIsAnnounced();
          assertThat(peerage()).as("processes of Peerage").isEqualTo(before);
        });
  }

  private static void away(String daemon, Runnable meanwhile) {
    ground.kill(daemon);
    try {
      meanwhile.run();
    } finally {
      ground.mend();
    }
  }

  private static List<ProcessHandle> peerage() {
    List<ProcessHandle> all = new ArrayList<>(processes.operators());
    for (String node : NODES) {
      all.add(processes.agent(node));
    }
    return all;
  }

  /** An agent that starts while there is no API server announces what it did before. */
  @Test
  void apiAndAgent() {
    row(
        "apiagent",
        course -> {
          away(
              "kube-apiserver",
              () -> {
                int before = ground.established(NODE);
                processes.agent(NODE).destroyForcibly();
                ground.awaitAnew(NODE, before);
                ground.awaitWhole();
                course.requests(Rounds.of(100, 1200));
              });
          aNewServiceIsAnnounced();
        });
  }

  @Test
  void etcd() {
    row(
        "etcd",
        course -> {
          away("etcd", () -> course.requests(Rounds.of(200, 600)));
          aNewServiceIsAnnounced();
        });
  }

  /**
   * The agent was cut off, and the API server no longer knows what happened since: a watch that
   * goes on from there is refused with 410, and all is listed anew.
   */
  @Test
  @Tag("wide")
  void watchExpired() {
    row(
        "watch expired (410)",
        course -> {
          try {
            AgentRows.cutOff(NODE);
            newService();
            ground.awaitRoute("172.16.1.9/32", via("k8s-ctr", "k8s-w0"));
            away("kube-apiserver", ApiRows::compact);
            course.requests(200);
          } finally {
            AgentRows.reconnect(NODE);
          }
          ground.awaitRoute("172.16.1.9/32", via("k8s-ctr", "k8s-w0", "k8s-w1"));
          ground.lab.kubectl("delete", "service", "late");
          course.remark(answers410() + " answers 410");
        });
  }

  /** Makes etcd forget all revisions but the last. */
  private static void compact() {
    String etcd = "http://127.0.0.1:2379/v3/kv/";
    String last =
        ground.lab.on("k8s-ctr", "curl", "-fsS", etcd + "range", "-d", "{\"key\": \"AA==\"}");
    String revision = TestGround.json(last).at("/header/revision").asText();
    ground.lab.on(
        "k8s-ctr",
        "curl",
        "-fsS",
        etcd + "compaction",
        "-d",
        "{\"revision\": \"%s\", \"physical\": true}".formatted(revision));
  }

  private static int answers410() {
    return ground
        .lab
        .kubectl("get", "--raw", "/metrics")
        .lines()
        .filter(
            line -> line.startsWith("apiserver_request_total{") && line.contains("code=\"410\""))
        .mapToInt(line -> (int) Double.parseDouble(line.replaceFirst(".* ", "")))
        .sum();
  }

  /** Every second request is refused or fails, or all are slow; connections are cut in between. */
  @Test
  @Tag("wide")
  void badAnswers() {
    row(
        "429, 500, slow API",
        course -> {
          try (ApiFaults api = ApiFaults.start(ground)) {
            api.use(true);
            for (String mode : List.of("429", "500", "slow")) {
              int before = api.mode(mode);
              aNewServiceIsAnnounced();
              course.requests(Rounds.of(100, 600));
              int spoilt = api.mode("pass") - before;
              assertThat(spoilt).as("requests spoilt with " + mode).isPositive();
              course.remark(mode + ": " + spoilt + " requests");
              aNewServiceIsAnnounced();
            }
          }
        });
  }
}

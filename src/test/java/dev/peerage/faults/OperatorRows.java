package dev.peerage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator ends. */
abstract class OperatorRows extends Rows {
  @Test
  void kill9() {
    row(
        "operator kill9",
        _ -> {
          processes.operators().getFirst().destroyForcibly();
          aNewServiceIsAnnounced();
        });
  }

  @Test
  @Tag("wide")
  void leaderKilled() {
    two();
    try {
      row(
          "leader of two kill9",
          _ -> {
            String node = nodeOfLeader();
            processes.operator(node).destroyForcibly();
            aNewServiceIsAnnounced();
          });
    } finally {
      scale(1);
    }
  }

  @Test
  @Tag("wide")
  void leaderDeleted() {
    two();
    try {
      row(
          "leader of two deleted",
          course -> {
            String before = leader();
            ground.peerage(
                "delete",
                "pod",
                "--wait=false",
                "-l",
                "app.kubernetes.io/component=operator",
                "--field-selector=spec.nodeName=" + nodeOfLeader());
            aNewServiceIsAnnounced();
            until("another leader", () -> !leader().equals(before));
          });
    } finally {
      scale(1);
    }
  }

  private static void two() {
    scale(2);
    assertThat(processes.operators()).hasSize(2);
    until("a leader", () -> !leader().isEmpty());
  }

  private static void scale(int replicas) {
    ground.peerage("scale", "deployment/peerage-operator", "--replicas=" + replicas);
    ground.peerage("rollout", "status", "deployment/peerage-operator", "--timeout=300s");
  }

  /** Who holds the lease: the name of its node, and a mark of the process. */
  private static String leader() {
    return ground
        .peerage("get", "lease", "peerage-operator", "-o", "jsonpath={.spec.holderIdentity}")
        .strip();
  }

  private static String nodeOfLeader() {
    return leader().replaceFirst("_.*", "");
  }
}

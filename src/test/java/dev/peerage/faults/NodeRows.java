package dev.peerage.faults;

import static dev.peerage.faults.FaultGround.NODE;
import static dev.peerage.faults.FaultGround.WHOLE;
import static dev.peerage.faults.FaultGround.via;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.faults.Row.Toll;
import dev.peerage.proof.Rounds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node ends, is emptied, or is hard to reach. */
@Tag("wide")
abstract class NodeRows extends Rows {
  @Test
  void loss() {
    row(
        "loss 30 %",
        new Toll(Set.of(), Set.of("vip", "solo", "pod")),
        course -> {
          List<Integer> before = ground.table.establishedCounts();
          ground.lab.on(
              NODE,
              "nft",
              """
              add table netdev fault
              add chain netdev fault in { type filter hook ingress device eth1 priority 0; }
              add rule netdev fault in numgen random mod 100 < 30 drop
              """);
          try {
            course.requests(1200);
          } finally {
            ground.lab.on(NODE, "nft", "delete table netdev fault");
          }
          course.answers();
          int lost = 0;
          for (int i = 0; i < before.size(); i++) {
            lost += ground.table.establishedCounts().get(i) - before.get(i);
          }
          course.remark(lost + " sessions lost");
          assertThat(lost).isZero();
        });
  }

  /** A Service of traffic policy Local leaves the node with its last endpoint, before that ends. */
  @Test
  void drain() {
    ground.lab.apply(FaultGround.resource("duo.yaml"));
    try {
      ground.lab.kubectl("rollout", "status", "deployment/duo", "--timeout=120s");
      Map<String, Set<String>> whole = new HashMap<>(WHOLE);
      whole.put("172.16.1.3/32", via("k8s-ctr", "k8s-w0"));
      Map<String, String> targets = Map.of("duo", "172.16.1.3");
      row(
          "drain (Local, preStop)",
          new Toll(via("k8s-w0"), Set.of()),
          targets,
          whole,
          course -> {
            ground.lab.kubectl(
                "drain",
                "k8s-w0",
                "--ignore-daemonsets",
                "--delete-emptydir-data",
                "--timeout=120s");
            ground.awaitRoute("172.16.1.3/32", via("k8s-ctr"));
            course.answers();
            ground.lab.kubectl("uncordon", "k8s-w0");
          });
    } finally {
      ground.lab.kubectl("uncordon", "k8s-w0");
      ground.lab.kubectl("delete", "service/duo", "deployment/duo");
    }
  }

  /**
   * A node that the DaemonSet no longer selects takes its routes along, its PodCIDR too, by which
   * other nodes reach the pods of {@code vip} there.
   */
  @Test
  void nodeLeavesTheDaemonSet() {
    row(
        "node leaves the DaemonSet",
        new Toll(via("k8s-w0"), Set.of("vip")),
        course -> {
          ground.lab.kubectl("label", "node", "k8s-w0", "peerage-agent-");
          try {
            ground.awaitRoute("172.20.2.0/24", Set.of());
            ground.awaitRoute("172.16.1.1/32", via("k8s-ctr", "k8s-w1"));
            course.requests(100);
          } finally {
            ground.lab.kubectl("label", "node", "k8s-w0", "peerage-agent=here");
          }
        });
  }

  /**
   * The node loses its power and comes back. What it carried is lost until then; all other routes
   * stay.
   */
  @Test
  void reboot() {
    Toll toll = new Toll(via(NODE), Set.of("vip", "solo"));
    Map<String, String> targets = ground.targets();
    targets.remove("pod"); // it comes back with another address
    for (int i = 0; i < Rounds.of(1, 3); i++) {
      long seed = Math.abs(new Random().nextInt());
      row(
          "node reboot, seed " + seed,
          toll,
          targets,
          WHOLE,
          course -> reboot(course, new Random(seed)));
    }
  }

  private static void reboot(Course course, Random random) {
    int before = ground.established(NODE);
    ground.lab.run(Duration.ofMinutes(1), "crash", NODE).succeeded();
    course.requests(200);
    ground.lab.run(Duration.ofMinutes(1), "power-on", NODE).succeeded();
    start("containerd");
    int proxy = random.nextInt(3);
    if (proxy == 0) {
      start("kube-proxy");
    }
    start("kubelet");
    if (proxy == 1) {
      start("kube-proxy");
    }
    ground.awaitAnew(NODE, before);
    if (proxy == 2) {
      start("kube-proxy");
    }
    course.remark("kube-proxy " + List.of("first", "after kubelet", "after the agent").get(proxy));
    course.answers();
  }

  private static void start(String part) {
    ground.lab.run(Duration.ofMinutes(2), "start", NODE + "." + part).succeeded();
  }
}

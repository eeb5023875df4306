package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.ADDRESS;
import static dev.peerage.acceptance.RouterTable.NODES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.acceptance.Examples;
import dev.peerage.faults.Row.Toll;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A router ends, or is an enemy. */
abstract class RouterRows extends Rows {
  /** What the router's own end takes is the router's; it must get all back. */
  @Test
  void frr() {
    row(
        "frr (bgpd kill9)",
        new Toll(Set.copyOf(ADDRESS.values()), Set.of("vip", "solo", "pod")),
        _ -> {
          ground.kill("bgpd");
          ground.mend();
          for (String node : NODES) {
            ground.awaitAnew(node, 0);
          }
        });
  }

  /**
   * A second peer of all nodes sends legal UPDATEs, all attributes different and as large as can
   * be.
   */
  @Test
  @Tag("wide")
  void bigPeer() throws Exception {
    var examples = new Examples(ground.lab);
    row(
        "bigpeer",
        course -> {
          List<ProcessHandle> agents = NODES.stream().map(processes::agent).toList();
          List<Integer> sessions = ground.table.establishedCounts();
          Process peer =
              ground.lab.start(
                  "on",
                  "router",
                  ground.topFile("cluster/big-peer").toString(),
                  "10.10.1.200",
                  "1790");
          try (var sent = peer.inputReader()) {
            ground.lab.apply(
                ground
                    .peerConfig()
                    .replace("name: cilium-peer", "name: big")
                    .replace("spec:", "spec:\n  transport:\n    peerPort: 1790"));
            ground.lab.apply(
                examples.document("CiliumBGPClusterConfig")
                    + """

                        - name: big
                          peerASN: 65010
                          peerAddress: 10.10.1.200
                          peerConfigRef:
                            name: big
                    """);
            // It says so once every node has had all of it, or has hung up.
            String total = sent.readLine();
            assertThat(total).as("what the peer sent").isNotNull();
            course.remark(total);
            course.requests(100);
            assertThat(NODES.stream().map(processes::agent).toList()).isEqualTo(agents);
            assertThat(ground.table.establishedCounts()).isEqualTo(sessions);
          } finally {
            examples.apply("CiliumBGPClusterConfig");
            ground.lab.kubectl("delete", "ciliumbgppeerconfig", "big", "--ignore-not-found");
            peer.descendants().forEach(ProcessHandle::destroy);
            peer.destroy();
          }
        });
  }
}

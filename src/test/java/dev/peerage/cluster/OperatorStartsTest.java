package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.operator.Fleet;
import dev.peerage.operator.OperatorProcess;
import dev.peerage.proof.Rounds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * An operator that starts where everything is right writes nothing: a NodeConfig that is deleted
 * ends the node's sessions, even if it comes back at once. Nodes are as large as real ones, so that
 * they are told later than all else.
 */
@Order(2)
@Tag("cluster")
@Tag("proof")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OperatorStartsTest {
  private static final int MARKER = 99_999;
  private static final ApiServer SERVER = ApiServer.start();
  private static final Fleet FLEET = new Fleet(SERVER);

  @AfterAll
  static void clear() {
    FLEET.remove();
  }

  @Test
  @Order(1)
  void over200Nodes() {
    starts(0, 200, Rounds.of(3, 20));
  }

  @Test
  @Order(2)
  void over1500Nodes() {
    starts(200, 1_500, Rounds.of(3, 20));
  }

  @Test
  @Order(3)
  void over5000Nodes() {
    var times = Rounds.of(0, 5);
    assumeTrue(times > 0, "in the whole form only");
    starts(1_500, 5_000, times);
  }

  /** How an operator ends before the next one starts: all three in turn. */
  private static void end(OperatorProcess operator, int start) {
    switch (start % 3) {
      case 0 -> assertThat(operator.terminate()).isEqualTo(143);
      case 1 -> operator.kill();
      default -> {
        // Somebody else has taken the lease, and gives it up once this one has ended.
        FLEET.lease("somebody else");
        operator.awaitSaid("Lost the lease");
        operator.awaitSaid("The leader is somebody else"); // in the next term of the same process
        assertThat(operator.terminate()).isEqualTo(143);
        FLEET.lease("");
      }
    }
  }

  private static void starts(int from, int nodes, int times) {
    FLEET.grow(from, nodes);
    try (var operator = OperatorProcess.start(SERVER)) {
      FLEET.awaitNodeConfigs(nodes);
      FLEET.awaitQuiet();
      assertThat(operator.terminate()).isEqualTo(143);
    }
    var before = FLEET.versions();
    for (var start = 1; start <= times; start++) {
      var writes = FLEET.writes();
      try (var operator = OperatorProcess.start(SERVER)) {
        operator.awaitLeading();
        FLEET.awaitLookedAtAll(MARKER);
        FLEET.assertUntouched("start " + start + " over " + nodes + " Nodes", before, writes);
        end(operator, start);
        FLEET.assertUntouched("end " + start + " over " + nodes + " Nodes", before, writes);
      }
    }
  }
}

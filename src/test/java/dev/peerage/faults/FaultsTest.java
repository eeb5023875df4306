package dev.peerage.faults;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;

/**
 * The fault table of {@code docs/faults.md}: all rows on one cluster, each of which finds it whole
 * and leaves it whole. Rows that carry the tag {@code wide} run in {@code make proof} only, which
 * prints the table.
 */
@Order(1)
@Tag("cluster")
@Tag("proof")
class FaultsTest {
  /** For who works on a row: the cluster stays up, and the next run finds it. */
  private static final boolean KEEP = Boolean.getBoolean("peerage.faults.keep");

  @BeforeAll
  static void bringUp() {
    if (!KEEP || !Rows.ground.isUp()) {
      Rows.ground.up();
    }
  }

  @AfterAll
  static void takeDown() {
    Rows.ground.write(Rows.table());
    if (!KEEP) {
      Rows.ground.down();
    }
  }

  @Nested
  class Agents extends AgentRows {}

  @Nested
  class Apis extends ApiRows {}

  @Nested
  class Operators extends OperatorRows {}

  @Nested
  class Routers extends RouterRows {}

  @Nested
  class Nodes extends NodeRows {}

  @Nested
  class Rollouts extends RolloutRows {}

  @Nested
  class Clocks extends ClockRows {}

  @Nested
  class Ipv6 extends Ipv6Rows {}

  @Nested
  class Objects extends ObjectRows {}
}

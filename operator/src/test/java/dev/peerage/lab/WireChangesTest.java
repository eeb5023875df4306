package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.observed;
import static dev.peerage.lab.LabFixtures.route;
import static dev.peerage.lab.LabFixtures.state;
import static dev.peerage.lab.LabFixtures.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.PeerState.Phase;
import org.junit.jupiter.api.Test;

class WireChangesTest {
  private static final Observed DOWN =
      observed(state(new Phase.Down("idle"), "", 0), route("203.0.113.0/24", "0.0.0.0", ""));
  private static final Observed UP =
      observed(state(up(), "", 1), route("10.0.1.0/24", "192.0.2.1", "65001"));

  @Test
  void nothingChanged() {
    assertThat(WireChanges.between(UP, UP)).isEmpty();
  }

  @Test
  void countsAloneAreNoChange() {
    assertThat(
            WireChanges.between(
                UP, observed(state(up(), "", 9), route("10.0.1.0/24", "192.0.2.1", "65001"))))
        .isEmpty();
  }

  @Test
  void sessionsThenPathsThatAreGoneThenNewOnes() {
    assertThat(WireChanges.between(DOWN, UP))
        .containsExactly(
            "node n1: session to tor (192.0.2.200) is established",
            "router 192.0.2.200: - 203.0.113.0/24 (its own)",
            "router 192.0.2.200: + 10.0.1.0/24 via 192.0.2.1, path 65001");
  }

  @Test
  void aSessionThatWentDownIsShownWithItsReason() {
    assertThat(
            WireChanges.between(
                UP,
                observed(
                    state(new Phase.Down("active"), "hold timer expired", 0),
                    route("10.0.1.0/24", "192.0.2.1", "65001"))))
        .containsExactly("node n1: session to tor (192.0.2.200) is active: hold timer expired");
  }
}

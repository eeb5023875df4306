package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.POD_CIDR;
import static dev.peerage.lab.LabFixtures.VIP;
import static dev.peerage.lab.LabFixtures.instance;
import static dev.peerage.lab.LabFixtures.observed;
import static dev.peerage.lab.LabFixtures.peer;
import static dev.peerage.lab.LabFixtures.plan;
import static dev.peerage.lab.LabFixtures.route;
import static dev.peerage.lab.LabFixtures.state;
import static dev.peerage.lab.LabFixtures.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lab.Expectation.Session;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private static final RouteView OWN = route("203.0.113.0/24", "0.0.0.0", "");
  private static final RouteView POD_ROUTE = route("10.0.1.0/24", "192.0.2.1", "65001");

  private final Expectation expectation =
      Expectation.of(plan(instance(65001, peer(POD_CIDR), POD_CIDR)));

  private static Iterable<String> paths(LabPlan plan) {
    return Expectation.of(plan).paths().stream().map(Object::toString).toList();
  }

  @Test
  void aRouterHasItsNetworksAndWhatNodesExport() {
    assertThat(paths(plan(instance(65001, peer(POD_CIDR), POD_CIDR, VIP))))
        .containsExactly("10.0.1.0/24 via 192.0.2.1, path 65001", NETWORK + " (its own)");
  }

  @Test
  void inTheSameAsThePathIsEmpty() {
    assertThat(paths(plan(instance(65000, peer(VIP), VIP))))
        .containsExactly("198.51.100.1/32 via 192.0.2.1", NETWORK + " (its own)");
  }

  @Test
  void routesOfAFamilyThatIsNotNegotiatedAreNotExpected() {
    Prefix six = Prefix.parse("2001:db8::/64");

    assertThat(paths(plan(instance(65001, peer(six), six))))
        .containsExactly(NETWORK + " (its own)");
    assertThat(
            paths(
                plan(
                    instance(
                        65001,
                        peer(six).withSession(terms -> terms.withFamilies(LabFixtures.both())),
                        six))))
        .contains("2001:db8::/64 via ::ffff:192.0.2.1, path 65001");
  }

  @Test
  void theRouterSendsEverythingToEverySession() {
    assertThat(expectation.sessions())
        .containsExactly(new Session("n1", "main", "tor", Map.of(AddressFamily.IPV4_UNICAST, 2L)));
  }

  @Test
  void allIsAsItMustBe() {
    assertThat(expectation.differences(observed(state(up(), "", 2), OWN, POD_ROUTE))).isEmpty();
  }

  @Test
  void aSessionThatIsDownIsNamedWithItsReason() {
    assertThat(
            expectation.differences(
                observed(state(new Phase.Down("active"), "AS 1 is not 65000", 0), OWN, POD_ROUTE)))
        .containsExactly("node n1: session to tor (192.0.2.200) is active: AS 1 is not 65000");
    assertThat(expectation.differences(observed(SpeakerState.EMPTY, OWN, POD_ROUTE)))
        .containsExactly("node n1: no session to tor");
  }

  @Test
  void aNodeThatLacksRoutesOfTheRouterIsNamed() {
    assertThat(expectation.differences(observed(state(up(), "", 1), OWN, POD_ROUTE)))
        .containsExactly("node n1: has 1 of 2 ipv4/unicast routes from tor");
  }

  @Test
  void pathsThatAreMissingAndPathsTooManyAreListed() {
    assertThat(
            expectation.differences(
                observed(state(up(), "", 2), OWN, route("198.51.100.1/32", "192.0.2.1", "65001"))))
        .containsExactly(
            "router 192.0.2.200 lacks 10.0.1.0/24 via 192.0.2.1, path 65001",
            "router 192.0.2.200 has 198.51.100.1/32 via 192.0.2.1, path 65001, which the manifests"
                + " do not imply");
  }
}

package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NOW;
import static dev.peerage.lab.LabFixtures.POD_CIDR;
import static dev.peerage.lab.LabFixtures.ROUTER;
import static dev.peerage.lab.LabFixtures.instance;
import static dev.peerage.lab.LabFixtures.observed;
import static dev.peerage.lab.LabFixtures.peer;
import static dev.peerage.lab.LabFixtures.plan;
import static dev.peerage.lab.LabFixtures.route;
import static dev.peerage.lab.LabFixtures.state;
import static dev.peerage.lab.LabFixtures.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.http.RoutesAnswer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabTablesTest {
  private static final RouteView FOUR = route("10.0.1.0/24", "192.0.2.1", "65001");
  private static final RouteView SIX = route("2001:db8::/64", "2001:db8::1", "65001");

  private static String tables(RouteView... routes) {
    return LabTables.of(
        plan(instance(65001, peer(POD_CIDR), POD_CIDR)),
        observed(state(up(), "", 1), routes),
        Map.of(
            AddressFamily.IPV4_UNICAST, available(),
            AddressFamily.IPV6_UNICAST, available()),
        Map.of(ROUTER, 7L),
        NOW.plusSeconds(61));
  }

  private static TreeMap<String, RoutesAnswer> available() {
    return new TreeMap<>(Map.of("n1", new RoutesAnswer(List.of())));
  }

  @Test
  void showsWhatTheCommandsAndTheRouterWouldShow() {
    assertThat(tables(FOUR))
        .containsSubsequence(
            "== peerage peers\n",
            "192.0.2.200    established     1m1s",
            "== peerage routes available ipv4 unicast\n",
            "== peerage route-policies\n",
            "peer-tor-export",
            "== router 192.0.2.200: show ip bgp\n",
            "table version is 7",
            "10.0.1.0/24      192.0.2.1",
            "== kubectl get ciliumbgpnodeconfigs -o yaml\n");
  }

  @Test
  void ipv6IsShownWhereItIs() {
    assertThat(tables(FOUR)).doesNotContain("ipv6 unicast");
    assertThat(tables(FOUR, SIX)).contains("== router 192.0.2.200: show bgp ipv6 unicast\n");
  }
}

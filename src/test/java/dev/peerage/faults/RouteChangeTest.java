package dev.peerage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteChangeTest {
  private static final LocalDateTime AT = LocalDateTime.parse("2026-03-01T05:44:11.547988");
  private static final String STAMP = "[2026-03-01T05:44:11.547988] ";

  @Test
  void aRouteWithOneNextHop() {
    assertThat(
            RouteChange.parse(
                STAMP + "172.20.1.0/24 nhid 18 via 192.168.10.101 dev eth1 proto bgp metric 20 "))
        .contains(new RouteChange(AT, "172.20.1.0/24", Set.of("192.168.10.101")));
  }

  @Test
  void anAddressWithSeveral() {
    assertThat(
            RouteChange.parse(
                STAMP
                    + "172.16.1.1 nhid 30 proto bgp metric 20 \\\tnexthop via 192.168.10.100 dev"
                    + " eth1 weight 1 \\\tnexthop via 192.168.20.100 dev eth2 weight 1 "))
        .contains(new RouteChange(AT, "172.16.1.1/32", Set.of("192.168.10.100", "192.168.20.100")));
  }

  @Test
  void aDeletedRouteHasNone() {
    assertThat(
            RouteChange.parse(
                STAMP + "Deleted 172.16.1.1 nhid 30 via 192.168.10.100 dev eth1 proto bgp "))
        .contains(new RouteChange(AT, "172.16.1.1/32", Set.of()));
  }

  @Test
  void aRouteToNowhereHasNone() {
    assertThat(RouteChange.parse(STAMP + "blackhole 198.51.100.0/24 "))
        .contains(new RouteChange(AT, "198.51.100.0/24", Set.of()));
  }

  @Test
  void anIpv6Address() {
    assertThat(RouteChange.parse(STAMP + "fd00:20::1 nhid 7 via fd00:10::101 dev eth1 proto bgp "))
        .contains(new RouteChange(AT, "fd00:20::1/128", Set.of("fd00:10::101")));
  }

  @Test
  void anythingElseIsNoRoute() {
    assertThat(RouteChange.parse("the monitor ended: Stream closed")).isEmpty();
    assertThat(RouteChange.parse(STAMP + "Dump was interrupted and may be inconsistent."))
        .isEmpty();
  }
}

package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.NODE;
import static dev.peerage.lab.LabFixtures.ROUTER;
import static dev.peerage.lab.LabFixtures.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.Prefix;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrrConfigTest {
  private final FrrConfig config =
      new FrrConfig(address -> new LabAddresses().toSocket(address, 0).getAddress());

  private static RouterPlan router(Map<String, InetAddress> neighbors) {
    return new RouterPlan(
        ROUTER, 65000, Set.of(NETWORK, Prefix.parse("2001:db8::/32")), new TreeMap<>(neighbors));
  }

  @Test
  void writesNeighborsByTheirSocketsAndNetworksByFamily() {
    assertThat(config.text(router(Map.of("n1", NODE)), "/run/bgpd.log"))
        .contains("log file /run/bgpd.log", "router bgp 65000", " bgp router-id 192.0.2.200")
        .contains(" neighbor 127.0.2.1 peer-group NODES")
        .containsSubsequence(
            " address-family ipv4 unicast\n  neighbor NODES activate\n",
            "  network 203.0.113.0/24\n exit-address-family\n",
            " address-family ipv6 unicast\n",
            "  network " + Prefix.parse("2001:db8::/32") + "\n exit-address-family\n");
  }

  @Test
  void neighborsComeAndGoWhileItRuns() {
    RouterPlan before = router(Map.of("n1", NODE, "n2", address("192.0.2.2")));
    RouterPlan after = router(Map.of("n2", address("192.0.2.2"), "n3", address("192.0.2.3")));

    assertThat(FrrConfig.changeable(before, after)).isTrue();
    assertThat(config.changes(before, after))
        .containsExactly(
            "configure terminal",
            "router bgp 65000",
            "no neighbor 127.0.2.1",
            "neighbor 127.0.2.3 peer-group NODES");
  }

  @Test
  void anotherAsnOrAddressNeedsAnotherStart() {
    RouterPlan router = router(Map.of());

    assertThat(
            FrrConfig.changeable(router, new RouterPlan(ROUTER, 65009, Set.of(), new TreeMap<>())))
        .isFalse();
    assertThat(FrrConfig.changeable(router, new RouterPlan(NODE, 65000, Set.of(), new TreeMap<>())))
        .isFalse();
  }
}

package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.RouteView.Selection;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class FrrTableTest {
  private final LabAddresses addresses = new LabAddresses();
  private final FrrTable table = new FrrTable(addresses::toLogical);

  @Test
  void asksForAFamily() {
    assertThat(FrrTable.command(AddressFamily.IPV6_UNICAST))
        .isEqualTo("show bgp ipv6 unicast json");
  }

  @Test
  void readsPathsByPrefixBestFirstWithTheManifestsAddresses() throws Exception {
    addresses.toSocket(address("192.0.2.1"), 0);
    addresses.toSocket(address("192.0.2.2"), 0);

    List<RouteView> routes =
        table.routes(
            """
            {"routerId": "192.0.2.200", "localAS": 65000, "routes": {
              "198.51.100.1/32": [
                {"valid": true, "multipath": true, "peerId": "127.0.2.2", "path": "65001",
                 "origin": "IGP", "weight": 0, "nexthops": [{"ip": "127.0.2.2", "used": true}]},
                {"valid": true, "bestpath": true, "peerId": "127.0.2.1", "path": "65001",
                 "origin": "IGP", "metric": 7, "locPrf": 100,
                 "nexthops": [{"ip": "127.0.2.1", "used": true}]}],
              "10.10.1.0/24": [
                {"valid": true, "bestpath": true, "peerId": "(unspec)", "path": "", "weight": 32768,
                 "origin": "IGP", "metric": 0, "nexthops": [{"ip": "0.0.0.0", "used": true}]}]}}
            """);

    assertThat(routes)
        .extracting(RouteView::prefix, r -> r.nextHop().getHostAddress(), RouteView::selection)
        .containsExactly(
            Tuple.tuple(Prefix.parse("10.10.1.0/24"), "0.0.0.0", Selection.BEST),
            Tuple.tuple(Prefix.parse("198.51.100.1/32"), "192.0.2.1", Selection.BEST),
            Tuple.tuple(Prefix.parse("198.51.100.1/32"), "192.0.2.2", Selection.MULTIPATH));
    assertThat(routes.getFirst().peer()).as("its own").isEmpty();
    assertThat(routes.get(1))
        .returns("192.0.2.1", RouteView::peer)
        .returns("65001", RouteView::asPath)
        .returns(7L, RouteView::med)
        .returns(100L, RouteView::localPref);
    assertThat(routes.getLast().med()).as("absent").isNegative();
  }

  @Test
  void anEmptyTableIsNoRoute() throws Exception {
    assertThat(table.routes("{\"routes\": {}}")).isEmpty();
    assertThat(table.routes("{}")).as("what FRR says before the first neighbor").isEmpty();
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    assertThatThrownBy(() -> table.routes("% Unknown command"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("% Unknown command");
  }
}

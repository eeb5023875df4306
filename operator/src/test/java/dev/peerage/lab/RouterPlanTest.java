package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.NODE;
import static dev.peerage.lab.LabFixtures.ROUTER;
import static dev.peerage.lab.LabFixtures.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RouterPlanTest {
  @Test
  void theRouterIdIsTheAddressOrTheEndOfAnIpv6Address() {
    assertThat(LabFixtures.router().routerId()).isEqualTo(ROUTER);
    assertThat(
            new RouterPlan(address("2001:db8::c000:2c8"), 65000, Set.of(), new TreeMap<>())
                .routerId())
        .isEqualTo(address("192.0.2.200"));
  }

  @Test
  void aRouterListensForItsNeighborsAndTellsThemAll() {
    DesiredInstance instance = LabFixtures.router().instance();

    assertThat(instance.name()).isEqualTo("192.0.2.200");
    assertThat(instance.localAsn()).isEqualTo(65000);
    assertThat(instance.listen()).isEqualTo(new DesiredInstance.Listen.On(ROUTER, 179));
    assertThat(instance.routes().contains(NETWORK)).isTrue();
    assertThat(instance.peers())
        .singleElement()
        .returns("n1", DesiredPeer::name)
        .returns(NODE, peer -> peer.endpoint().address())
        .returns(0L, DesiredPeer::asn)
        .returns(Endpoint.Connection.PASSIVE, peer -> peer.endpoint().connection())
        .returns(DesiredPeer.ImportPolicy.ACCEPT, DesiredPeer::importPolicy)
        .returns(new ExportPolicy.All(), DesiredPeer::exportPolicy)
        .returns(LabFixtures.both(), peer -> peer.session().families());
  }
}

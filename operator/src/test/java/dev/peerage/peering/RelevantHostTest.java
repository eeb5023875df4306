package dev.peerage.peering;

import static dev.peerage.fixture.SeedLab.LAB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.DefaultRoute;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.MacAddress;
import dev.peerage.host.OperState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelevantHostTest {
  private static final String OBJECTS =
      LAB.replace("ebgpMultihop: 2", "transport: {sourceInterface: src0}")
          + """
          ---
          kind: CiliumBGPAdvertisement
          metadata: {name: interfaces}
          spec:
            advertisements:
            - {advertisementType: Interface, interface: {name: lo}}
          """;

  @Test
  void onlyLinksThatAPlanReadsAreLeft() {
    assertThat(seen(host(link(7, "cali7", "veth", 7, "169.254.7.7"))))
        .containsExactly("lo []", "eth0 [/10.0.0.1]", "nic1 []", "src0 [/10.9.9.9]");
  }

  @Test
  void aContainersLinkDoesNotCostAPlan() {
    NodePlanner planner = new NodePlanner();
    planner.configuration(snapshot(host()));
    NodePlan before = planner.plan();
    planner.configuration(snapshot(host(link(7, "cali7", "veth", 7, "169.254.7.7"))));
    assertThat(planner.plan().problems()).isSameAs(before.problems());
    planner.configuration(snapshot(HostNetwork.NONE));
    assertThat(planner.plan().problems()).isNotEqualTo(before.problems());
  }

  private static List<String> seen(HostNetwork host) {
    return RelevantHost.in(snapshot(host)).context().host().links().stream()
        .map(link -> link.name() + " " + link.addresses())
        .toList();
  }

  private static NodeSnapshot snapshot(HostNetwork host) {
    return Manifests.of(OBJECTS)
        .snapshot(
            new NodeContext(
                NodeSettings.DEFAULT, host, Passwords.NONE, List.of(), Optional.empty()));
  }

  private static HostNetwork host(Link... more) {
    List<Link> links = new ArrayList<>(List.of(more));
    links.add(link(1, "lo", "", 0));
    links.add(link(2, "eth0", "bond", 2, "10.0.0.1"));
    links.add(link(3, "nic1", "", 3, "10.3.3.3"));
    links.add(link(4, "nic2", "", 4, "10.4.4.4"));
    links.add(link(5, "src0", "dummy", 5, "10.9.9.9"));
    return new HostNetwork(
        links, List.of(new DefaultRoute(InetAddress.ofLiteral("10.0.0.254"), "eth0", 0)));
  }

  private static Link link(int index, String name, String kind, int mac, String... addresses) {
    return new Link(
        index,
        name,
        kind,
        true,
        OperState.UP,
        mac == 0 ? Optional.empty() : Optional.of(new MacAddress(mac)),
        List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
  }
}

package dev.peerage.peering;

import static dev.peerage.fixture.SeedLab.LAB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.MacAddress;
import dev.peerage.host.OperState;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterIdTest {
  private static final HostNetwork HOST =
      new HostNetwork(
          List.of(
              link(1, "lo", "", ""),
              link(2, "veth0", "veth", "02:00:00:00:00:01"),
              link(3, "eth0", "", "02:42:ac:11:00:02"),
              link(4, "eth1", "", "02:42:ac:11:00:03")),
          List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: InternalIP, address: 10.1.1.1}, {type: InternalIP, address: 10.1.1.2}     | 10.1.1.1",
        "{type: ExternalIP, address: 192.0.2.1}, {type: InternalIP, address: 10.1.1.1}    | 10.1.1.1",
        "{type: InternalIP, address: 'fd00::1'}, {type: InternalIP, address: 10.1.1.1}    | 10.1.1.1",
        "{type: InternalIP, address: 'fd00::1'}, {type: ExternalIP, address: 192.0.2.1}   | 192.0.2.1",
        "{type: InternalIP, address: x}, {type: InternalIP, address: 0.0.0.0}             | 172.17.0.2",
        "{type: InternalIP, address: 'fd00::1'}, {type: Hostname, address: 10.9.9.9}      | 172.17.0.2",
        "                                                                                 | 172.17.0.2",
      })
  void itComesFromTheNodesIpv4AddressElseFromHardware(String addresses, String expected) {
    assertThat(ids(addresses, "", RouterIdMode.DEFAULT, HOST)).containsExactly(expected);
  }

  @Test
  void virtualLinksServeOnlyWhereThereIsNoHardware() {
    HostNetwork host =
        new HostNetwork(List.of(link(2, "veth0", "veth", "02:00:0a:00:00:01")), List.of());
    assertThat(ids("", "", RouterIdMode.DEFAULT, host)).containsExactly("10.0.0.1");
  }

  @Test
  void instancesOfOneNodeShareItUnlessTheyNameTheirOwn() {
    String second = "  - {name: second, localASN: 65002}\n";
    String third = "  - {name: third, localASN: 65003, routerID: 10.0.0.3}\n";
    assertThat(
            ids(
                "{type: InternalIP, address: 10.1.1.1}",
                second + third,
                RouterIdMode.DEFAULT,
                HOST))
        .containsExactly("10.1.1.1", "10.0.0.3", "10.1.1.1");
  }

  @Test
  void withoutAnyAddressTheInstanceIsNotStarted() {
    NodePlan plan = plan("", "", RouterIdMode.DEFAULT, HostNetwork.NONE);
    assertThat(plan.desired().instances()).isEmpty();
    assertThat(plan.problems())
        .containsExactly(
            problem(
                "it is not set and node k8s-ctr has neither an IPv4 address nor a hardware address"
                    + " to take it from; the instance is not started there",
                "set routerID for this node in a CiliumBGPNodeConfigOverride"));
  }

  @Test
  void inPoolModeNothingStandsInForAnIdOfThePool() {
    String configured = "  - {name: configured, localASN: 65002, routerID: 10.0.0.7}\n";
    NodePlan plan =
        plan("{type: InternalIP, address: 10.1.1.1}", configured, RouterIdMode.IP_POOL, HOST);
    assertThat(plan.desired().instances())
        .extracting(DesiredInstance::name)
        .containsExactly("configured");
    assertThat(plan.problems())
        .containsExactly(
            problem(
                "it is not set and the router-ID pool gave node k8s-ctr none; the instance is not"
                    + " started there",
                "enlarge bgpControlPlane.routerIDAllocation.ipPool, or set routerID for this node"
                    + " in a CiliumBGPNodeConfigOverride"));
  }

  private static Problem problem(String what, String remedy) {
    return new Problem(
        Problem.ObjectRef.ofCluster("CiliumBGPClusterConfig", "cilium-bgp"),
        "spec.bgpInstances[instance-65001].routerID",
        what,
        remedy,
        Problem.Severity.ERROR,
        Problem.Scope.NODE);
  }

  private static List<String> ids(
      String addresses, String instances, RouterIdMode mode, HostNetwork host) {
    return plan(addresses, instances, mode, host).desired().instances().stream()
        .map(instance -> instance.routerId().getHostAddress())
        .toList();
  }

  private static NodePlan plan(
      String addresses, String instances, RouterIdMode mode, HostNetwork host) {
    String objects =
        LAB.replace(
                "{type: InternalIP, address: 192.168.10.100}", addresses == null ? "" : addresses)
            .replace("bgpInstances:\n", "bgpInstances:\n" + instances);
    return NodePlanner.plan(
        Manifests.of(objects)
            .snapshot(
                new NodeContext(
                    new NodeSettings(true, false, mode),
                    host,
                    Passwords.NONE,
                    List.of(),
                    Optional.empty())));
  }

  private static Link link(int index, String name, String kind, String mac) {
    return new Link(
        index,
        name,
        kind,
        true,
        OperState.UP,
        mac.isEmpty() ? Optional.empty() : Optional.of(MacAddress.parse(mac)),
        List.<InetAddress>of());
  }
}

package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.NOW;
import static dev.peerage.lab.LabFixtures.SEED_LAB;
import static dev.peerage.lab.LabFixtures.address;
import static dev.peerage.lab.LabFixtures.manifests;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabPlannerTest {
  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    LabFixtures.copySeedLab(folder);
  }

  private LabPlan plan() {
    return LabPlanner.plan(manifests(folder), LabPlan.NOTHING, Set.of(NETWORK), NOW);
  }

  private void edit(String file, UnaryOperator<String> change) throws IOException {
    String before = Files.readString(folder.resolve(file));
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(folder.resolve(file), after);
  }

  private static DesiredInstance instance(LabPlan plan, String node) {
    return Objects.requireNonNull(plan.nodes().get(node)).instances().getFirst();
  }

  @Test
  void theExampleIsOneRouterAndThreeNodes() {
    LabPlan plan = LabPlanner.plan(manifests(SEED_LAB), LabPlan.NOTHING, Set.of(NETWORK), NOW);

    assertThat(plan.warnings()).isEmpty();
    assertThat(plan.nodeConfigs()).containsOnlyKeys("k8s-ctr", "k8s-w0", "k8s-w1");
    assertThat(plan.routers())
        .containsExactly(
            new RouterPlan(
                address("192.168.10.200"),
                65000,
                Set.of(NETWORK),
                new TreeMap<>(
                    Map.of(
                        "k8s-ctr", address("192.168.10.100"),
                        "k8s-w0", address("192.168.20.100"),
                        "k8s-w1", address("192.168.10.101")))));
  }

  @Test
  void sessionsStartFromTheNodesOwnAddressTowardsTheRoutersPort() {
    assertThat(instance(plan(), "k8s-w0").peers())
        .singleElement()
        .returns(
            new Endpoint.Source.Address(address("192.168.20.100")),
            peer -> peer.endpoint().source())
        .returns(179, peer -> peer.endpoint().port());
  }

  @Test
  void aNodeThatIsNotSelectedRunsNothingAndIsANeighborStill() throws IOException {
    edit(
        "10-nodes.yaml",
        text -> {
          int w0 = text.indexOf("name: k8s-w0");
          return text.substring(0, w0) + text.substring(w0).replace("\"true\"", "\"false\"");
        });

    LabPlan plan = plan();
    assertThat(plan.nodeConfigs()).containsOnlyKeys("k8s-ctr", "k8s-w1");
    assertThat(plan.nodes()).containsEntry("k8s-w0", DesiredSpeaker.NOTHING);
    assertThat(plan.routers().getFirst().neighbors()).containsKey("k8s-w0");
  }

  @Test
  void aNodeWithTwoAddressesIsTwoNeighbors() throws IOException {
    edit(
        "10-nodes.yaml",
        text ->
            text.replace(
                "    address: 192.168.20.100\n",
                "    address: 192.168.20.100\n  - type: InternalIP\n    address: 192.168.30.100\n"
                    + "  - type: InternalIP\n    address: 2001:db8::100\n"));

    assertThat(plan().routers().getFirst().neighbors())
        .containsEntry("k8s-w0", address("192.168.20.100"))
        .containsEntry("k8s-w0 192.168.30.100", address("192.168.30.100"))
        .doesNotContainValue(address("2001:db8::100"));
  }

  @Test
  void aPeerThatIsANodeIsNoRouter() throws IOException {
    edit("20-bgp.yaml", text -> text.replace("192.168.10.200", "192.168.10.100"));

    assertThat(plan().routers()).isEmpty();
  }

  @Test
  void aRouterThatIsWantedWithTwoAsnsHasTheFirst() throws IOException {
    Files.writeString(
        folder.resolve("25-other.yaml"),
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata:
          name: other
        spec:
          nodeSelector:
            matchLabels: {other: "true"}
          bgpInstances:
          - name: instance
            localASN: 65001
            peers:
            - {name: any, peerASN: 0, peerAddress: 192.168.10.201}
            - {name: tor-switch, peerASN: 64999, peerAddress: 192.168.10.200}
        """);

    LabPlan plan = plan();
    assertThat(plan.warnings())
        .contains(
            "router 192.168.10.200 is wanted with AS 65000 and AS 64999; it runs as AS 65000");
    assertThat(plan.routers())
        .extracting(RouterPlan::name, RouterPlan::asn)
        .containsExactly(
            Tuple.tuple("192.168.10.200", 65000L), Tuple.tuple("192.168.10.201", 65000L));
  }

  @Test
  void whatANodeSaysNamesTheNode() throws IOException {
    edit(
        "20-bgp.yaml",
        text ->
            text.replace(
                "peerASN: 65000",
                "peerASN: 65000\n"
                    + "      autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily:"
                    + " ipv4}}"));

    assertThat(plan().warnings()).anyMatch(warning -> warning.startsWith("k8s-w0: "));
  }

  @Test
  void theSameManifestsGiveTheSamePlan() {
    LabPlan first = plan();

    assertThat(LabPlanner.plan(first.manifests(), first, Set.of(NETWORK), NOW.plusSeconds(60)))
        .as("addresses, router IDs and creation times stay")
        .isEqualTo(first);
  }
}

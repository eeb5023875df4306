package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.yaml.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestLintTest {
  @TempDir Path folder;

  private ManifestLint.Findings lint(String yaml) throws IOException {
    return ManifestLint.of(List.of(Files.writeString(folder.resolve("bgp.yaml"), yaml)));
  }

  @Test
  void theLabIsClean() {
    assertThat(ManifestLint.of(List.of(Path.of("../examples/seed-lab"))))
        .isEqualTo(new ManifestLint.Findings(List.of(), List.of(), List.of(), 10));
  }

  @Test
  void theFormOfTheFirstApiLeadsToTodays() throws IOException {
    var findings =
        lint(
            """
            apiVersion: cilium.io/v2alpha1
            kind: CiliumBGPClusterConfig
            metadata:
              name: old
            spec:
              virtualRouters:
                - localASN: 65001
                  neighbors:
                    - peerAddress: 192.0.2.1
                      peerASN: 65002
            ---
            apiVersion: cilium.io/v2alpha1
            kind: CiliumBGPPeeringPolicy
            metadata:
              name: older
            spec:
              nodeSelector: {}
            """);

    assertThat(findings.problems())
        .extracting(FileProblem::toString)
        .containsExactly(
            "bgp.yaml:5: CiliumBGPClusterConfig old, spec.bgpInstances: is missing\n"
                + "    to mend it: add it",
            "bgp.yaml:6: CiliumBGPClusterConfig old, spec.virtualRouters: there is no such field\n"
                + "    to mend it: this is the form of CiliumBGPPeeringPolicy, which Cilium removed"
                + " in 1.19; write spec.bgpInstances[] with name, localASN and peers[]",
            "bgp.yaml:13: kind: there is no kind 'CiliumBGPPeeringPolicy' in cilium.io/v2alpha1\n"
                + "    to mend it: this is the form of CiliumBGPPeeringPolicy, which Cilium removed"
                + " in 1.19; write a CiliumBGPClusterConfig (instances and peers), a"
                + " CiliumBGPPeerConfig (timers, families) and a CiliumBGPAdvertisement (what to"
                + " announce)");
  }

  @Test
  void whatTheApiServerTakesButNobodyCanDoIsAWarning() throws IOException {
    var findings =
        lint(
            """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata:
              name: rack
            spec:
              nodeSelector: {matchLabels: {rack: a}}
              bgpInstances:
              - name: main
                localASN: 65001
                peers:
                - {name: lost, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: absent}}
                - {name: tor, peerASN: 65000, peerAddress: 192.0.2.2, peerConfigRef: {name: tor}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata:
              name: tor
            spec:
              families:
              - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata:
              name: services
              labels: {advertise: bgp}
            spec:
              advertisements:
              - advertisementType: Service
                service: {addresses: [LoadBalancerIP]}
            """);

    assertThat(findings.problems()).isEmpty();
    assertThat(findings.objects()).isEqualTo(3);
    assertThat(findings.warnings())
        .hasSize(3)
        .anySatisfy(warning ->
            assertThat(warning)
                .startsWith("CiliumBGPClusterConfig rack: cilium.io/MissingPeerConfigs: ")
                .endsWith("[absent]"))
        .anySatisfy(warning ->
            assertThat(warning)
                .startsWith(
                    "CiliumBGPClusterConfig rack"
                        + " spec.bgpInstances[main].peers[lost].peerConfigRef.name: "))
        .anySatisfy(warning ->
            assertThat(warning)
                .startsWith(
                    "CiliumBGPAdvertisement services spec.advertisements[0].selector: it is not"
                        + " set, which selects no Service"));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertThat(ManifestLint.of(List.of(folder.resolve("absent.yaml"))).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).isEqualTo("there is no such file"));
  }

  /** All nodes are each other's peers, by one list. */
  @Test
  void aMeshOfNodesIsNoWarning() throws IOException {
    var findings =
        lint(
            node("n1", "10.0.1.11")
                + node("n2", "10.0.1.12")
                + clusterConfig(
                    "{name: n1, peerASN: 65001, peerAddress: 10.0.1.11, peerConfigRef: {name: p}}",
                    "{name: n2, peerASN: 65001, peerAddress: 10.0.1.12, peerConfigRef: {name: p}}")
                + peerConfig("ipv4"));

    assertThat(findings.problems()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
    assertThat(findings.notes())
        .hasSize(2)
        .allSatisfy(note -> assertThat(note).contains("is an address of node"));
  }

  @Test
  void ipv6RoutesThatNobodyCouldForwardAlongAreAWarning() throws IOException {
    String rest =
        clusterConfig(
                "{name: tor, peerASN: 65000, peerAddress: 10.0.1.1, peerConfigRef: {name: p}}")
            + peerConfig("ipv6")
            + """
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata: {name: pods}
            spec: {advertisements: [{advertisementType: PodCIDR}]}
            """;
    assertThat(lint(node("n1", "10.0.1.11") + rest).warnings())
        .singleElement()
        .asString()
        .startsWith("node n1: main: peer tor: IPv6 routes have the next hop ::ffff:10.0.1.11, ");
    assertThat(lint(node("n1", "10.0.1.11", "fd00:1::11") + rest).warnings()).isEmpty();
  }

  private static String node(String name, String... addresses) {
    return """
    ---
    apiVersion: v1
    kind: Node
    metadata: {name: %s}
    spec: {podCIDR: 10.244.0.0/24, podCIDRs: [10.244.0.0/24, "fd00:244::/64"]}
    status: {addresses: [%s]}
    """
        .formatted(
            name,
            String.join(
                ", ",
                List.of(addresses).stream()
                    .map("{type: InternalIP, address: \"%s\"}"::formatted)
                    .toList()));
  }

  private static String clusterConfig(String... peers) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumBGPClusterConfig
    metadata: {name: bgp}
    spec:
      bgpInstances:
      - {name: main, localASN: 65001, localPort: 179, peers: [%s]}
    """
        .formatted(String.join(", ", peers));
  }

  private static String peerConfig(String family) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumBGPPeerConfig
    metadata: {name: p}
    spec: {families: [{afi: %s, safi: unicast, advertisements: {}}]}
    """
        .formatted(family);
  }
}

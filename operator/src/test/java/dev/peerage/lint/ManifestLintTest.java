package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.lint.Finding.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestLintTest {
  @TempDir Path folder;

  @Test
  void theLabIsClean() {
    assertThat(LintText.of(Path.of("../examples/seed-lab")))
        .isEqualTo(new Findings(List.of(), 10, 0, 0));
  }

  @Test
  void theFormOfTheFirstApiLeadsToTodays() {
    Findings findings =
        LintText.of(
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

    assertThat(LintText.codes(findings)).containsExactly("6 old-form", "13 old-form");
    assertThat(findings.groups().getFirst().first().remedy())
        .isEqualTo(
            "this is the form of CiliumBGPPeeringPolicy, which Cilium removed in 1.19; write"
                + " spec.bgpInstances[] with name, localASN and peers[]");
    assertThat(findings.groups().getFirst().first().instead())
        .contains("peerAddress: \"192.0.2.1\"");
  }

  @Test
  void whatTheApiServerTakesButNobodyCanDoIsAWarningWithItsLine() {
    Findings findings =
        LintText.of(
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

    assertThat(LintText.codes(findings))
        .containsExactly("11 missing-peer-config", "29 selector-missing");
    assertThat(findings.objects()).isEqualTo(3);
  }

  @Test
  void withAnErrorTheWarningsAreShownTooButWhatMayHangOnIt() {
    Findings findings =
        LintText.of(
            """
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: refused}
            spec: {ebgpMultihop: 0}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: bgp}
            spec:
              bgpInstances:
              - {name: main, localASN: 65001, localPort: 179, peers: [
                  {name: tor, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: refused}}]}
            """);

    assertThat(LintText.codes(findings))
        .containsExactly("4 value-not-allowed", "11 privileged-port");
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertThat(LintText.of(folder.resolve("absent.yaml")).groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.first().code()).isEqualTo(FindingCode.UNREADABLE_FILE);
          assertThat(group.first().what()).isEqualTo("there is no such file");
        });
  }

  /** A check of the wrong path must not be green. */
  @Test
  void nothingReadIsAnError() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "kind: Node");
    assertThat(LintText.codes(LintText.of(folder))).containsExactly("0 nothing-read");
    assertThat(LintText.codes(LintText.of("# emptied\n---\n"))).containsExactly("0 nothing-read");
    assertThat(LintText.codes(LintText.of(Files.writeString(folder.resolve("a.yaml"), ""))))
        .containsExactly("0 nothing-read");
  }

  @Test
  void commentsAndOptionsSuppressWarningsAndNotesButNoErrors() {
    String pool =
        """
        # peerage-lint: ignore pool-block, hold-time
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec:
          blocks:
          - {stop: 192.0.2.9}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumBGPPeerConfig
        metadata: {name: a}
        spec:
          ebgpMultihop: 0 # peerage-lint: ignore value-not-allowed
        """;
    Findings findings = LintText.of(pool);

    assertThat(LintText.codes(findings))
        .containsExactly("13 value-not-allowed", "1 unused-suppression", "13 unused-suppression");
    assertThat(findings.suppressed()).isEqualTo(1);
  }

  @Test
  void aCommentStandsForItsLineOrForTheNextOne() {
    String config =
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata: {name: bgp}
        spec:
          bgpInstances:
          - name: one
            localASN: 65001
            localPort: 179 # peerage-lint: ignore privileged-port
          - name: two
            localASN: 65002
            # peerage-lint: ignore privileged-port because the chart gives the right
            localPort: 180
          - name: three
            localASN: 65003
            localPort: 181
        """;

    Findings findings = LintText.of(config);
    assertThat(LintText.codes(findings)).containsExactly("15 privileged-port");
    assertThat(findings.suppressed()).isEqualTo(2);
  }

  @Test
  void whatIsIgnoredIsCounted() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.yaml"),
            """
            apiVersion: cilium.io/v2
            kind: CiliumLoadBalancerIPPool
            metadata: {name: p}
            spec: {blocks: [{stop: 192.0.2.9}]}
            """);

    assertThat(
            ManifestLint.of(
                List.of(file.toString()),
                InputStream.nullInputStream(),
                EnumSet.of(FindingCode.POOL_BLOCK)))
        .isEqualTo(new Findings(List.of(), 1, 0, 1));
  }

  /** All nodes are each other's peers, by one list. */
  @Test
  void aMeshOfNodesIsNoWarning() {
    Findings findings =
        LintText.of(
            node("n1", "10.0.1.11")
                + node("n2", "10.0.1.12")
                + clusterConfig(
                    "{name: n1, peerASN: 65001, peerAddress: 10.0.1.11, peerConfigRef: {name: p}}",
                    "{name: n2, peerASN: 65001, peerAddress: 10.0.1.12, peerConfigRef: {name: p}}")
                + peerConfig("ipv4"));

    assertThat(findings.count(Severity.ERROR)).isZero();
    assertThat(findings.count(Severity.WARNING)).isZero();
    assertThat(findings.of(Severity.NOTE))
        .hasSize(2)
        .allSatisfy(note -> assertThat(note.first().code()).isEqualTo(FindingCode.MESH));
  }

  @Test
  void ipv6RoutesThatNobodyCouldForwardAlongAreAWarning() {
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
    assertThat(LintText.words(LintText.of(node("n1", "10.0.1.11") + rest)))
        .singleElement()
        .asString()
        .startsWith("node n1: main: peer tor: IPv6 routes have the next hop ::ffff:10.0.1.11, ");
    assertThat(LintText.codes(LintText.of(node("n1", "10.0.1.11", "fd00:1::11") + rest))).isEmpty();
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
      - {name: main, localASN: 65001, localPort: 1790, peers: [%s]}
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

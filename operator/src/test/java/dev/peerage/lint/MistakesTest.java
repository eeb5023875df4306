package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.lint.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that people make, one at a time, in manifests that are in order. */
class MistakesTest {
  @TempDir Path folder;

  @BeforeEach
  void copyTheExample() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../examples/seed-lab"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  static Stream<Arguments> edits() {
    String bgp = "20-bgp.yaml";
    String pool = "30-pool.yaml";
    String service = "40-webpod.yaml";
    String advertisement = "50-advertise-webpod.yaml";
    return Stream.of(
        edit(
            "hold 9 with keepalive 8",
            bgp,
            "keepAliveTimeSeconds: 3",
            "keepAliveTimeSeconds: 8",
            "hold-time:17"),
        edit(
            "a Service that no advertisement selects",
            service,
            "labels:\n    app: webpod\nspec:",
            "labels:\n    app: shop\nspec:",
            "service-not-selected:7"),
        edit(
            "a class of another load balancer",
            service,
            "type: LoadBalancer",
            "type: LoadBalancer\n  loadBalancerClass: example.com/other",
            "foreign-class:11"),
        edit(
            "a pool over the PodCIDRs",
            pool,
            "172.16.1.0/24",
            "172.20.0.0/16",
            "pool-over-pod-cidr:8"),
        edit(
            "a pool over the nodes' network",
            pool,
            "172.16.1.0/24",
            "192.168.10.0/24",
            "pool-over-network:8"),
        edit(
            "a peer that is a node itself",
            bgp,
            "192.168.10.200",
            "192.168.10.100",
            "peer-is-a-node:44"),
        edit(
            "a restart time of a second",
            bgp,
            "restartTimeSeconds: 15",
            "restartTimeSeconds: 1",
            "restart-time:22"),
        edit(
            "a port that takes a right",
            bgp,
            "localASN: 65001",
            "localASN: 65001\n    localPort: 179",
            "privileged-port:41"),
        edit(
            "a typo in an advertisement's label",
            advertisement,
            "advertise: bgp",
            "advertize: bgp",
            "advertisement-not-selected:5"),
        edit(
            "no selector",
            advertisement,
            "      selector:             \n"
                + "        matchExpressions:\n"
                + "          - { key: app, operator: In, values: [ webpod ] }\n",
            "",
            "selector-missing:9"),
        edit(
            "a family without advertisements",
            bgp,
            "      advertisements:\n        matchLabels:\n          advertise: \"bgp\"\n",
            "",
            "families:24"),
        edit(
            "no node matches",
            bgp,
            "\"enable-bgp\": \"true\"",
            "\"enable-bgp\": \"yes\"",
            "no-matching-node:35"),
        edit(
            "a wrong peerConfigRef",
            bgp,
            "peerConfigRef:\n        name: \"cilium-peer\"",
            "peerConfigRef:\n        name: \"cilium-per\"",
            "missing-peer-config:46"),
        edit(
            "an address outside every pool",
            service,
            "  namespace: default\n  labels:\n    app: webpod\nspec:",
            "  namespace: default\n  annotations: {lbipam.cilium.io/ips: 10.9.9.9}\n  labels:\n"
                + "    app: webpod\nspec:",
            "no-pool:11"),
        edit(
            "two peers with one address",
            bgp,
            "    peers:\n",
            "    peers:\n    - {name: two, peerASN: 65000, peerAddress: 192.168.10.200,"
                + " peerConfigRef: {name: cilium-peer}}\n",
            "peer-address:45"),
        edit(
            "an aggregation that aggregates nothing",
            advertisement,
            "        addresses:\n",
            "        aggregationLengthIPv4: 0\n        addresses:\n",
            "aggregation:11"),
        edit(
            "a pool for Services that there are not",
            pool,
            "spec:\n",
            "spec:\n  serviceSelector: {matchLabels: {app: other}}\n",
            "pool-unused:6"),
        edit(
            "a password from a Secret",
            bgp,
            "  ebgpMultihop: 2",
            "  ebgpMultihop: 2\n  authSecretRef: bgp-password",
            "password:20"));
  }

  private static Arguments edit(
      String mistake, String file, String from, String to, String finding) {
    return arguments(mistake, file, from, to, finding);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edits")
  void isFoundAtItsLine(String mistake, String file, String from, String to, String finding)
      throws IOException {
    replace(file, from, to);
    assertThat(found()).as(mistake).contains(file + ":" + finding);
  }

  @Test
  void overlappingPoolsAreFound() throws IOException {
    Files.writeString(
        folder.resolve("60-more.yaml"),
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: more}
        spec: {blocks: [{cidr: 172.16.1.0/25}]}
        """);
    assertThat(found()).contains("60-more.yaml:pool-conflict:4");
  }

  @Test
  void localWithoutAReadyEndpointAnywhereIsFound() throws IOException {
    replace("40-webpod.yaml", "externalTrafficPolicy: Cluster", "externalTrafficPolicy: Local");
    replace("40-webpod.yaml", "ready: true", "ready: false");
    replace("40-webpod.yaml", "serving: true", "serving: false");
    assertThat(found()).containsExactly("40-webpod.yaml:no-endpoint:11");
  }

  @Test
  void theLabelThatExcludesNodesOnAllOfThemIsFound() throws IOException {
    replace(
        "10-nodes.yaml",
        "enable-bgp: \"true\"",
        "enable-bgp: \"true\"\n    node.kubernetes.io/exclude-from-external-load-balancers: \"\"");
    assertThat(found()).containsExactly("40-webpod.yaml:excluded-nodes:10");
  }

  @Test
  void noPoolAtAllIsFound() throws IOException {
    Files.delete(folder.resolve("30-pool.yaml"));
    assertThat(found()).containsExactly("40-webpod.yaml:no-pool:10");
  }

  @Test
  void anIpv6AddressThatNoPeerCarriesIsFound() throws IOException {
    replace(
        "40-webpod.yaml",
        "type: LoadBalancer",
        "type: LoadBalancer\n  ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]");
    replace(
        "30-pool.yaml", "\"172.16.1.0/24\"", "\"172.16.1.0/24\"\n  - cidr: \"2001:db8:16::/64\"");
    assertThat(found()).contains("40-webpod.yaml:service-family:12");
  }

  @Test
  void overridesForNobodyAreFound() throws IOException {
    Files.writeString(
        folder.resolve("60-override.yaml"),
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfigOverride
        metadata: {name: k8s-w9}
        spec:
          bgpInstances:
          - {name: instance-65001, routerID: 192.0.2.1}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfigOverride
        metadata: {name: k8s-w0}
        spec:
          bgpInstances:
          - {name: instance, routerID: 192.0.2.1}
          - name: instance-65001
            peers:
            - {name: tor, localAddress: 192.168.20.100}
        """);
    assertThat(found())
        .containsExactly(
            "60-override.yaml:override-without-node:3",
            "60-override.yaml:override-without-instance:13",
            "60-override.yaml:override-without-instance:16");
  }

  @Test
  void noClusterConfigIsFound() throws IOException {
    replace(
        "20-bgp.yaml", "(?s)---\\napiVersion: cilium.io/v2\\nkind: CiliumBGPClusterConfig.*", "");
    assertThat(found()).contains("20-bgp.yaml:no-cluster-config:14");
  }

  @Test
  void twoClusterConfigsForANodeAndTwoAsnsForARouterAreFound() throws IOException {
    Files.writeString(
        folder.resolve("60-more.yaml"),
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata: {name: more}
        spec:
          bgpInstances:
          - name: second
            localASN: 65001
            peers:
            - {name: tor, peerASN: 64999, peerAddress: 192.168.10.200, peerConfigRef: {name: cilium-peer}}
        """);
    assertThat(found())
        .contains("60-more.yaml:cluster-config-conflict:4", "60-more.yaml:peer-asn:9");
  }

  /** The findings that are no errors, by their first place. */
  private Stream<String> found() {
    return LintText.of(folder).groups().stream()
        .peek(group -> assertThat(group.first().severity()).isNotEqualTo(Severity.ERROR))
        .flatMap(group ->
            group.places().stream()
                .map(place ->
                    Path.of(place.file()).getFileName()
                        + ":"
                        + group.first().code().code()
                        + ":"
                        + place.line()));
  }

  private void replace(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    String changed = from.startsWith("(?s)") ? text.replaceAll(from, to) : text.replace(from, to);
    assertThat(changed).as("an edit that changes something").isNotEqualTo(text);
    Files.writeString(path, changed);
  }
}

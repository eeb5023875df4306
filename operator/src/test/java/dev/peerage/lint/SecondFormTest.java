package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written instead of an old form is in order, and says the same. */
class SecondFormTest {
  /** As in an article that mixes the two APIs. */
  private static final String MIXED =
      """
      apiVersion: cilium.io/v2alpha1
      kind: CiliumBGPClusterConfig
      metadata:
        name: bgp-cluster
      spec:
        virtualRouters:
          - localASN: 65001
            neighbors:
              - peerAddress: 192.168.10.200
                peerASN: 65002
            serviceSelector:
              matchExpressions:
                - { key: some-key, operator: Exists }
      ---
      apiVersion: cilium.io/v2alpha1
      kind: CiliumBGPNodeConfig
      metadata:
        name: bgp-node-k8s-ctr
      spec:
        node: k8s-ctr
        virtualRouters:
          - localASN: 65001
            neighbors:
              - peerAddress: 192.168.10.200
                peerASN: 65002
            exportPodCIDR: true
      """;

  @Test
  void bothObjectsOfTheArticleAreAnswered() {
    List<Findings.Group> groups = LintText.of(MIXED).groups();

    assertThat(groups).extracting(it -> it.first().code()).containsOnly(FindingCode.OLD_FORM);
    assertThat(groups).extracting(it -> it.first().place().line()).containsExactly(6, 21);
    String cluster = groups.getFirst().first().instead();
    String node = groups.getLast().first().instead();
    assertThat(cluster).contains("advertisementType: \"Service\"", "key: \"some-key\"");
    assertThat(node)
        .contains("kubernetes.io/hostname: \"k8s-ctr\"", "advertisementType: \"PodCIDR\"");
    assertThat(LintText.of(cluster)).isEqualTo(new Findings(List.of(), 3, 0, 0));
    assertThat(LintText.of(node)).isEqualTo(new Findings(List.of(), 3, 0, 0));
  }

  @Test
  void nothingOfAPolicyIsLost() {
    String instead =
        LintText.of(
                """
                apiVersion: cilium.io/v2alpha1
                kind: CiliumBGPPeeringPolicy
                metadata: {name: rack0}
                spec:
                  nodeSelector: {matchLabels: {rack: rack0}}
                  virtualRouters:
                  - localASN: 64512
                    exportPodCIDR: true
                    serviceSelector: {matchLabels: {app: web}}
                    serviceAdvertisements: [ClusterIP, ExternalIP]
                    podIPPoolSelector: {matchLabels: {pool: blue}}
                    neighbors:
                    - peerAddress: 10.0.0.1/32
                      peerASN: 64512
                      eBGPMultihopTTL: 10
                      peerPort: 1179
                      connectRetryTimeSeconds: 30
                      holdTimeSeconds: 9
                      keepAliveTimeSeconds: 3
                      gracefulRestart: {enabled: true, restartTimeSeconds: 30}
                      families: [{afi: ipv4, safi: unicast}, {afi: ipv6, safi: unicast}]
                    - {peerAddress: "fd00::1/128", peerASN: 64513}
                  - localASN: 64520
                    neighbors: [{peerAddress: 10.0.0.9/32, peerASN: 64999}]
                """)
            .groups()
            .getFirst()
            .first()
            .instead();

    Findings again = LintText.of(instead);
    assertThat(again.count(Finding.Severity.ERROR)).isZero();
    assertThat(LintText.faults(again)).as("of the router that announces nothing").hasSize(1);
    assertThat(instead)
        .contains(
            "rack: \"rack0\"",
            "localASN: 64512",
            "localASN: 64520",
            "peerAddress: \"10.0.0.1\"",
            "peerAddress: \"fd00::1\"",
            "ebgpMultihop: 10",
            "peerPort: 1179",
            "connectRetryTimeSeconds: 30",
            "holdTimeSeconds: 9",
            "keepAliveTimeSeconds: 3",
            "restartTimeSeconds: 30",
            "- \"ClusterIP\"",
            "pool: \"blue\"",
            "afi: \"ipv6\"");
  }
}

package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.lint.WirePlan.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WirePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
  private static final String LAB = "../examples/seed-lab";
  private static final String PEER_CONFIG =
      """
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: cilium-peer}
      spec:
        timers: {holdTimeSeconds: 9, keepAliveTimeSeconds: 3}
        ebgpMultihop: 2
        gracefulRestart: {enabled: true, restartTimeSeconds: 15}
        families:
        - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}
      """;

  private static Manifests lab() {
    return ManifestLint.objects(List.of(LAB), InputStream.nullInputStream()).manifests();
  }

  private static Manifests files(String yaml) {
    var objects =
        ManifestLint.objects(
            List.of("-"), new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    assertThat(objects.refused().groups()).isEmpty();
    return objects.manifests();
  }

  /** The lab as a cluster in which its manifests have come into force. */
  private static Cluster cluster() {
    ManifestPlan running = ManifestPlanner.plan(lab(), _ -> true, NOW);
    List<HasMetadata> objects = new ArrayList<>();
    lab().objects().values().stream()
        .map(Manifests.Manifest::object)
        .filter(object -> !(object instanceof Service))
        .forEach(objects::add);
    objects.addAll(running.services());
    return new Cluster(Manifests.of(objects), running.nodeConfigs());
  }

  private static List<String> plan(String yaml) {
    return WirePlan.of(cluster(), files(yaml), NOW).lines();
  }

  @Test
  void whatRunsAlreadyChangesNothing() {
    assertThat(WirePlan.of(cluster(), lab(), NOW).lines())
        .containsExactly("nothing changes on the wire");
    assertThat(plan(PEER_CONFIG)).containsExactly("nothing changes on the wire");
  }

  @Test
  void fromNothingEverythingBegins() {
    assertThat(WirePlan.of(Cluster.NONE, lab(), NOW).lines())
        .containsExactly(
            "addresses:",
            "  Service default/webpod gets 172.16.1.1",
            "sessions:",
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): opens a session to instance-65001/tor-switch",
            "routes:",
            "  node k8s-ctr: announces 172.16.1.1/32, 172.20.0.0/24 to instance-65001/tor-switch",
            "  node k8s-w0: announces 172.16.1.1/32, 172.20.2.0/24 to instance-65001/tor-switch",
            "  node k8s-w1: announces 172.16.1.1/32, 172.20.1.0/24 to instance-65001/tor-switch",
            "no session resets; 6 routes announced, 0 withdrawn, 0 with other attributes; no"
                + " address moves");
  }

  @ParameterizedTest
  @CsvSource({
    "'holdTimeSeconds: 9', 'holdTimeSeconds: 30', 'holdTimeSeconds 9 -> 30'",
    "'ebgpMultihop: 2', 'ebgpMultihop: 3', 'ebgpMultihop 2 -> 3'",
    "'enabled: true', 'enabled: false', 'gracefulRestart on -> off'",
    "'ebgpMultihop: 2', 'ebgpMultihop: 2\n  authSecretRef: bgp', 'authSecretRef'",
  })
  void whatResetsIsNamed(String from, String to, String why) {
    assertThat(plan(PEER_CONFIG.replace(from, to)))
        .containsExactly(
            "sessions:",
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): resets the session to instance-65001/tor-switch: "
                + why,
            "3 sessions reset, 0 end; 0 routes announced, 0 withdrawn, 0 with other attributes; no"
                + " address moves");
  }

  @Test
  void whatTheSessionCarriesOnIsNoReset() {
    assertThat(plan(PEER_CONFIG.replace("restartTimeSeconds: 15", "restartTimeSeconds: 120")))
        .containsExactly("nothing changes on the wire");
    assertThat(
            plan(
                """
                apiVersion: cilium.io/v2
                kind: CiliumBGPAdvertisement
                metadata: {name: bgp-advertisements, labels: {advertise: bgp}}
                spec:
                  advertisements:
                  - advertisementType: PodCIDR
                    attributes: {communities: {standard: ["65000:99"]}}
                """))
        .contains(
            "  node k8s-w0: announces with other attributes 172.20.2.0/24 to"
                + " instance-65001/tor-switch",
            "no session resets; 0 routes announced, 0 withdrawn, 3 with other attributes; no"
                + " address moves");
  }

  @Test
  void addressesThatMoveAreNamedAndTheirRoutes() {
    assertThat(
            plan(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: webpod
                  labels: {app: webpod}
                  annotations: {lbipam.cilium.io/ips: 172.16.1.77}
                spec: {type: LoadBalancer, ports: [{port: 80}]}
                """))
        .containsExactly(
            "addresses:",
            "  Service default/webpod moves from 172.16.1.1 to 172.16.1.77",
            "routes:",
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): announces 172.16.1.77/32 to"
                + " instance-65001/tor-switch",
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): withdraws 172.16.1.1/32 from"
                + " instance-65001/tor-switch",
            "no session resets; 3 routes announced, 3 withdrawn, 0 with other attributes; 1 address"
                + " moves");
  }

  @Test
  void anotherAsResetsAndDrops() {
    String config =
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata: {name: cilium-bgp}
        spec:
          nodeSelector: {matchLabels: {enable-bgp: "true"}}
          bgpInstances:
          - name: instance-65001
            localASN: 65001
            peers:
            - {name: tor-switch, peerASN: 65000, peerAddress: 192.168.10.200, peerConfigRef: {name: cilium-peer}}
        """;
    assertThat(plan(config)).containsExactly("nothing changes on the wire");
    assertThat(plan(config.replace("localASN: 65001", "localASN: 65009")))
        .contains(
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): resets the session to instance-65001/tor-switch,"
                + " which drops its routes: localASN 65001 -> 65009");
    assertThat(plan(config.replace("peerASN: 65000", "peerASN: 65001")))
        .contains(
            "  3 nodes (k8s-ctr, k8s-w0, k8s-w1): ends the session to instance-65001/tor-switch and"
                + " opens another: peerASN 65000 -> 65001");
  }
}

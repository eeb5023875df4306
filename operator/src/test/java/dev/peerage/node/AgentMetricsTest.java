package dev.peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.node.Problem.ObjectRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text of /metrics. */
class AgentMetricsTest {
  private static final Inet4Address ID = Inet4Address.ofLiteral("10.0.0.1");
  private static final Phase UP =
      new Phase.Up(
          Instant.EPOCH,
          9,
          3,
          ID,
          new PeerState.Session(
              new InetSocketAddress(ID, 40000),
              new InetSocketAddress(ID, 179),
              true,
              ID,
              List.of(),
              List.of()));

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void sessionsHaveTheNamesAndLabelsOfCilium() {
    SessionMetrics.bind(
        registry,
        () ->
            new SpeakerState(
                List.of(
                    new InstanceState(
                        "instance-65001",
                        65001,
                        ID,
                        List.of(
                            peer("up", "fd00::1", UP),
                            peer("down", "10.0.0.2", new Phase.Down("active")))))));
    String up =
        "instance_name=\"instance-65001\",local_asn=\"65001\",neighbor=\"[fd00::1]:179\""
            + ",neighbor_asn=\"65000\"";
    assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
        .containsExactlyInAnyOrder(
            "cilium_bgp_control_plane_session_state{" + up + "} 1.0",
            "cilium_bgp_control_plane_session_state{instance_name=\"instance-65001\""
                + ",local_asn=\"65001\",neighbor=\"10.0.0.2:179\",neighbor_asn=\"65000\"} 0.0",
            "cilium_bgp_control_plane_advertised_routes{afi=\"ipv4\","
                + up
                + ",safi=\"unicast\"} 7.0",
            "cilium_bgp_control_plane_received_routes{afi=\"ipv4\","
                + up
                + ",safi=\"unicast\"} 3.0");
    assertThat(registry.scrape())
        .contains("# TYPE cilium_bgp_control_plane_session_state gauge")
        .contains("# TYPE cilium_bgp_control_plane_advertised_routes gauge");
  }

  @Test
  void withoutSpeakerStateThereIsNothingToShow() {
    SessionMetrics.bind(registry, () -> SpeakerState.EMPTY);
    assertThat(registry.scrape()).doesNotContain("{");
  }

  @Test
  void roundsAndErrorsAreCountedByInstance() {
    ReconcileMetrics metrics = new ReconcileMetrics(registry);
    Problem error =
        new Problem(
                ObjectRef.ofCluster("CiliumBGPPeerConfig", "cilium-peer"), "spec", "bad", "mend")
            .asError();
    Problem warning = new Problem(ObjectRef.ofCluster("Node", "k8s-ctr"), "spec", "odd", "mend");
    metrics.ran(Manifests.plan(NodePlannerTest.LAB), Duration.ofMillis(20));
    metrics.arose(
        Optional.of(
            Manifests.of(NodePlannerTest.NODE_CONFIG)
                .all(CiliumBGPNodeConfig.class)
                .getFirst()),
        List.of(error, warning));
    String label = "instance_name=\"instance-65001\"";
    assertThat(registry.scrape().lines())
        .contains(
            "# TYPE cilium_bgp_control_plane_reconcile_run_duration_seconds histogram",
            "cilium_bgp_control_plane_reconcile_run_duration_seconds_count{" + label + "} 1",
            "cilium_bgp_control_plane_reconcile_run_duration_seconds_bucket{"
                + label
                + ",le=\"0.01\"} 0",
            "cilium_bgp_control_plane_reconcile_run_duration_seconds_bucket{"
                + label
                + ",le=\"0.025\"} 1",
            "cilium_bgp_control_plane_reconcile_errors_total{" + label + "} 1.0");
  }

  private static PeerState peer(String name, String address, Phase phase) {
    return new PeerState(
        name,
        InetAddress.ofLiteral(address),
        179,
        65000,
        phase,
        List.of(new FamilyCount(AddressFamily.IPV4_UNICAST, 3, 0, 7)),
        "");
  }
}

package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text of /metrics. */
class ReconcileMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void roundsAndErrorsAreCountedByInstance() {
    ReconcileMetrics metrics = new ReconcileMetrics(registry);
    Problem error =
        new Problem(
                ObjectRef.ofCluster("CiliumBGPPeerConfig", "cilium-peer"), "spec", "bad", "mend")
            .asError();
    Problem warning = new Problem(ObjectRef.ofCluster("Node", "k8s-ctr"), "spec", "odd", "mend");
    metrics.ran(Manifests.plan(SeedLab.LAB), Duration.ofMillis(20));
    metrics.arose(
        Optional.of(Manifests.of(SeedLab.NODE_CONFIG).all(CiliumBGPNodeConfig.class).getFirst()),
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
}

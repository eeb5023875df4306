package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ClusterMetrics metrics = new ClusterMetrics(registry);

  @Test
  void haveTheNamesOfCilium() {
    var _ = metrics.round(() -> true);
    fail(500);
    fail(500);

    assertThat(registry.scrape().lines())
        .contains(
            "cilium_operator_bgp_control_plane_reconcile_errors_total"
                + "{resource_kind=\"CiliumBGPClusterConfig\",resource_name=\"c\"} 2.0",
            "cilium_bgp_control_plane_reconcile_run_duration_seconds_count 1",
            "cilium_bgp_control_plane_reconcile_run_duration_seconds_bucket{le=\"10.0\"} 1");
  }

  @Test
  void whatSomebodyElseHasChangedMeanwhileIsNoError() {
    fail(409);
    fail(404);

    assertThat(registry.scrape()).doesNotContain("reconcile_errors");
  }

  private void fail(int code) {
    assertThatThrownBy(() ->
            metrics.counted(
                "CiliumBGPClusterConfig",
                "c",
                () -> {
                  throw new KubernetesClientException("refused", code, null);
                }))
        .isInstanceOf(KubernetesClientException.class);
  }
}

package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LedgerMetrics metrics = new LedgerMetrics(registry);
  private final Ledger ledger = new Ledger(Responsibility.DEFAULT);

  @Test
  void haveCiliumsNamesToo() {
    ledger.pools(
        List.of(
            Serialization.unmarshal(
                "metadata: {name: p}\nspec: {blocks: [{cidr: 10.0.0.0/24}]}",
                CiliumLoadBalancerIPPool.class)));
    metrics.update(ledger);
    metrics.serviceUpserted(2_000_000);
    metrics.serviceUpserted(2_000_000);

    assertThat(registry.scrape())
        .contains(
            "cilium_operator_lbipam_conflicting_pools_total 0.0\n",
            "cilium_operator_lbipam_ips_available_total{pool=\"p\"} 256.0\n",
            "cilium_operator_lbipam_ips_used_total{pool=\"p\"} 0.0\n",
            "cilium_operator_lbipam_services_matching_total 0.0\n",
            "cilium_operator_lbipam_services_unsatisfied_total 0.0\n",
            "cilium_operator_lbipam_event_processing_time_seconds_count"
                + "{action=\"upsert\",kind=\"service\"} 2\n",
            "peerage_operator_lbipam_ips_available{pool=\"p\"} 256.0\n");

    ledger.pools(List.of());
    metrics.update(ledger);
    assertThat(registry.scrape()).doesNotContain("pool=\"p\"");
  }
}

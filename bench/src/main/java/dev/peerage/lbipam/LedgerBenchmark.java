package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerStatusBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceStatusBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One more Service beside many over one pool: created, its status seen, deleted. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LedgerBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  /** Services that have an address. */
  @Param({"10000", "100000"})
  public int held = 10_000;

  private Ledger ledger = new Ledger(Responsibility.DEFAULT);
  private long version;

  /** Every third Service has gone again, so that the free addresses lie scattered. */
  @Setup
  public void fill() {
    ledger = new Ledger(Responsibility.DEFAULT);
    ledger.pools(
        List.of(
            new KubernetesSerialization()
                .unmarshal(
                    """
                    metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
                    spec: {blocks: [{cidr: 10.0.0.0/12}]}
                    """,
                    CiliumLoadBalancerIPPool.class)));
    for (int i = 0; i < held * 3 / 2; i++) {
      serve("held-" + i);
    }
    for (int i = 0; i < held * 3 / 2; i += 3) {
      remove("held-" + i);
    }
  }

  /** What one Service costs in its life. */
  @Benchmark
  public ServiceChange createAndDelete() {
    ServiceChange given = serve("new");
    remove("new");
    return given;
  }

  private ServiceChange serve(String name) {
    ledger.service(service(name, List.of()));
    ServiceChange change =
        Objects.requireNonNull(ledger.decide(NOW).get(new ServiceKey("default", name)));
    ledger.service(service(name, change.addresses()));
    if (!ledger.decide(NOW).isEmpty()) {
      throw new IllegalStateException("a satisfied Service is written again");
    }
    return change;
  }

  private void remove(String name) {
    ledger.gone(new ServiceKey("default", name));
    var _ = ledger.decide(NOW);
  }

  private Service service(String name, List<String> addresses) {
    ServiceBuilder service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("default")
            .withCreationTimestamp("2026-02-01T00:00:00Z")
            .withResourceVersion(Long.toString(++version))
            .endMetadata()
            .withNewSpec()
            .withType("LoadBalancer")
            .withIpFamilies("IPv4")
            .endSpec();
    if (!addresses.isEmpty()) {
      service.withStatus(
          new ServiceStatusBuilder()
              .withLoadBalancer(
                  new LoadBalancerStatusBuilder()
                      .withIngress(
                          new LoadBalancerIngressBuilder().withIp(addresses.getFirst()).build())
                      .build())
              .withConditions(
                  new ConditionBuilder()
                      .withType("cilium.io/IPAMRequestSatisfied")
                      .withStatus("True")
                      .withReason("satisfied")
                      .withMessage("")
                      .withLastTransitionTime("2026-03-01T00:00:00Z")
                      .build())
              .build());
    }
    return service.build();
  }
}

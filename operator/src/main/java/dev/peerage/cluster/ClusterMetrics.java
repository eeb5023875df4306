package dev.peerage.cluster;

import dev.peerage.kube.ReconcileDuration;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Objects;
import java.util.function.Supplier;

/** The operator's metrics with Cilium's names. */
final class ClusterMetrics {
  private final MeterRegistry registry;
  private final Timer run;

  ClusterMetrics(MeterRegistry registry) {
    this.registry = registry;
    run = ReconcileDuration.timer("Duration of a look at a ClusterConfig").register(registry);
  }

  /** Measures a look at one ClusterConfig. */
  <T> T round(Supplier<T> round) {
    return Objects.requireNonNull(run.record(round));
  }

  /**
   * Counts a write that fails.
   *
   * @param kind the resource that is reconciled, and {@code name} which one: not always what is
   *     written
   */
  void counted(String kind, String name, Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (!Writes.isOvertaken(e)) {
        Counter.builder("cilium.operator.bgp.control.plane.reconcile.errors")
            .description("Failed attempts to reconcile a resource")
            .tag("resource_kind", kind)
            .tag("resource_name", name)
            .register(registry)
            .increment();
      }
      throw e;
    }
  }
}

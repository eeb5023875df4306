package dev.peerage.cluster;

import dev.peerage.watch.Writes;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/** The operator's metrics with Cilium's names. */
final class ClusterMetrics {
  /** The usual ones of Prometheus histograms, in milliseconds. */
  private static final Duration[] BUCKETS =
      LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer run;

  ClusterMetrics(MeterRegistry registry) {
    this.registry = registry;
    run =
        Timer.builder("cilium.bgp.control.plane.reconcile.run.duration")
            .description("Duration of the rounds that look at ClusterConfigs")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  /** Measures a round. */
  void round(Runnable round) {
    run.record(round);
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

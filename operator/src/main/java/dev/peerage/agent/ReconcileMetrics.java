package dev.peerage.agent;

import dev.peerage.announce.NodePlan;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Rounds of planning and what went wrong in them, under the names and labels of Cilium 1.20. A
 * round plans all instances together, so that each of them took its time. An error that lasts
 * counts once.
 */
final class ReconcileMetrics {
  private static final String PREFIX = "cilium.bgp.control.plane.reconcile.";
  private static final String INSTANCE = "instance_name";

  /** Those of Prometheus' own libraries, in seconds. */
  private static final Duration[] BUCKETS =
      DoubleStream.of(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
          .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  ReconcileMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A round took so long. */
  void ran(NodePlan plan, Duration duration) {
    plan.desired().instances().forEach(instance -> timer(instance.name()).record(duration));
  }

  /** These problems are new. */
  void arose(Optional<CiliumBGPNodeConfig> config, Collection<Problem> problems) {
    List<Instance> instances = config.map(it -> it.getSpec().bgpInstances()).orElseGet(List::of);
    for (Instance instance : instances) {
      long errors =
          problems.stream()
              .filter(problem -> problem.severity() == Severity.ERROR)
              .filter(problem -> ReconcileErrors.concerns(problem, instance))
              .count();
      counter(instance.name()).increment(errors);
    }
  }

  private Timer timer(String instance) {
    return Timer.builder(PREFIX + "run.duration")
        .description("From the start of a round of planning until the speaker had the plan")
        .tag(INSTANCE, instance)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter counter(String instance) {
    return Counter.builder(PREFIX + "errors")
        .description("Things asked for that could not be done, each once while it lasts")
        .tag(INSTANCE, instance)
        .register(registry);
  }
}

package dev.peerage.agent;

import dev.peerage.announce.NodePlan;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.kube.ReconcileDuration;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Rounds of planning and what went wrong in them, under the names and labels of Cilium 1.20. A
 * round plans all instances together, so that each of them took its time. An error that lasts
 * counts once.
 */
record ReconcileMetrics(MeterRegistry registry) {
  private static final String INSTANCE = "instance_name";

  void ran(NodePlan plan, Duration duration) {
    plan.desired().instances().forEach(instance -> timer(instance.name()).record(duration));
  }

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
    return ReconcileDuration.timer(
            "From the start of a round of planning until the speaker had the plan")
        .tag(INSTANCE, instance)
        .register(registry);
  }

  private Counter counter(String instance) {
    return Counter.builder("cilium.bgp.control.plane.reconcile.errors")
        .description("Things asked for that could not be done, each once while it lasts")
        .tag(INSTANCE, instance)
        .register(registry);
  }
}

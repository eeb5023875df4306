package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.kube.Wake;
import dev.peerage.lbipam.Addresses.PoolWrite;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the conditions of one pool: what is wrong with it, and how many addresses are free and
 * used, at most once a second. It tells {@link Addresses} how the pool is now, at once and without
 * a rate limit: Services wait for that.
 */
final class PoolReconciler implements Reconciler<CiliumLoadBalancerIPPool> {
  private static final Logger log = LoggerFactory.getLogger(PoolReconciler.class);

  private final KubernetesClient client;
  private final LbIpam lbIpam;
  private Optional<Wake<CiliumLoadBalancerIPPool>> wake = Optional.empty();

  PoolReconciler(KubernetesClient client, LbIpam lbIpam) {
    this.client = client;
    this.lbIpam = lbIpam;
  }

  /** All changes of pools, and their deletion. */
  static void configure(ControllerConfigurationOverrider<CiliumLoadBalancerIPPool> configuration) {
    configuration
        .withName("lbipam-pool")
        .withGenerationAware(false)
        .withTriggerReconcilerOnAllEvents(true)
        .withInformerListLimit(LbIpam.PAGE);
  }

  /** Besides its own changes: Services have taken addresses or given them back. */
  @Override
  public List<EventSource<?, CiliumLoadBalancerIPPool>> prepareEventSources(
      EventSourceContext<CiliumLoadBalancerIPPool> context) {
    var counts = new Wake<CiliumLoadBalancerIPPool>("counts", context.getPrimaryCache());
    wake = Optional.of(counts);
    return List.of(counts);
  }

  /** Has pools reconciled. */
  void wake(Iterable<String> pools) {
    wake.ifPresent(it -> pools.forEach(name -> it.up(new ResourceID(name))));
  }

  @Override
  public UpdateControl<CiliumLoadBalancerIPPool> reconcile(
      CiliumLoadBalancerIPPool pool, Context<CiliumLoadBalancerIPPool> context) {
    Duration wait = lbIpam.fill();
    if (wait.isPositive()) {
      return later(context, wait);
    }
    Optional<CiliumLoadBalancerIPPool> now =
        context.getPrimaryCache().get(ResourceID.fromResource(pool));
    lbIpam.wake(now.isPresent() ? lbIpam.changed(now.get()) : lbIpam.deleted(pool));
    return switch (lbIpam.next(pool.getMetadata().getName())) {
      case Next.Write<PoolWrite>(var what) -> write(what, context);
      case Next.Later<PoolWrite>(var delay) -> later(context, delay);
      case Next.Nothing<PoolWrite> _ -> UpdateControl.noUpdate();
    };
  }

  private static UpdateControl<CiliumLoadBalancerIPPool> later(
      Context<CiliumLoadBalancerIPPool> context, Duration delay) {
    return context.isPrimaryResourceDeleted()
        ? UpdateControl.noUpdate()
        : UpdateControl.<CiliumLoadBalancerIPPool>noUpdate().rescheduleAfter(delay);
  }

  private UpdateControl<CiliumLoadBalancerIPPool> write(
      PoolWrite write, Context<CiliumLoadBalancerIPPool> context) {
    CiliumLoadBalancerIPPool pool = write.pool();
    String name = pool.getMetadata().getName();
    boolean done =
        lbIpam
            .writes()
            .attempt(
                "writing the conditions of CiliumLoadBalancerIPPool " + name,
                () -> Patch.MERGE.writeStatus(client, pool, LbIpam.FIELD_MANAGER, patch(write)));
    lbIpam.reported(name);
    if (!done) {
      return later(context, Addresses.REPORT_INTERVAL);
    }
    for (Condition condition : write.conditions()) {
      if (condition.status().equals("True") && !write.stored().contains(condition)) {
        log.warn("CiliumLoadBalancerIPPool {}: {}", name, condition.message());
      }
    }
    return UpdateControl.noUpdate();
  }

  /** Only against the version that was decided about: transition times follow what it says. */
  private static Map<String, Object> patch(PoolWrite write) {
    return Map.of(
        "metadata",
        Map.of("resourceVersion", write.pool().getMetadata().getResourceVersion()),
        "status",
        Map.of("conditions", write.conditions()));
  }
}

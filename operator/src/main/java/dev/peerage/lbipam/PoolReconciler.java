package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.Patch;
import dev.peerage.kube.Wake;
import dev.peerage.kube.Writes;
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
import java.time.InstantSource;
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
final class PoolReconciler
    implements Reconciler<CiliumLoadBalancerIPPool>, OperatorReconciler<CiliumLoadBalancerIPPool> {
  private static final Logger log = LoggerFactory.getLogger(PoolReconciler.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final LbIpam lbIpam;
  private final Addresses addresses;
  private final Writes writes;
  private final Wake<CiliumLoadBalancerIPPool> wake = new Wake<>("counts");

  PoolReconciler(
      KubernetesClient client,
      InstantSource clock,
      LbIpam lbIpam,
      Addresses addresses,
      Writes writes) {
    this.client = client;
    this.clock = clock;
    this.lbIpam = lbIpam;
    this.addresses = addresses;
    this.writes = writes;
  }

  /** All changes of pools, and their deletion. */
  @Override
  public void configure(ControllerConfigurationOverrider<CiliumLoadBalancerIPPool> configuration) {
    configuration.withName("lbipam-pool");
  }

  /** Besides its own changes: Services have taken addresses or given them back. */
  @Override
  public List<EventSource<?, CiliumLoadBalancerIPPool>> prepareEventSources(
      EventSourceContext<CiliumLoadBalancerIPPool> context) {
    return List.of(wake.in(context.getPrimaryCache()));
  }

  /** Has pools reconciled. */
  void wake(Iterable<String> pools) {
    wake.up(pools);
  }

  @Override
  public UpdateControl<CiliumLoadBalancerIPPool> decide(
      CiliumLoadBalancerIPPool pool, Context<CiliumLoadBalancerIPPool> context) {
    Duration wait = lbIpam.fill();
    if (wait.isPositive()) {
      return OperatorReconciler.again(context, Optional.of(wait));
    }
    Optional<CiliumLoadBalancerIPPool> now =
        context.getPrimaryCache().get(ResourceID.fromResource(pool));
    lbIpam.wake(now.isPresent() ? lbIpam.changed(now.get()) : lbIpam.deleted(pool));
    return switch (addresses.next(pool.getMetadata().getName(), clock.instant())) {
      case Next.Write<PoolWrite>(var what) -> write(what, context);
      case Next.Later<PoolWrite>(var delay) ->
          OperatorReconciler.again(context, Optional.of(delay));
      case Next.Nothing<PoolWrite> _ -> UpdateControl.noUpdate();
    };
  }

  private UpdateControl<CiliumLoadBalancerIPPool> write(
      PoolWrite write, Context<CiliumLoadBalancerIPPool> context) {
    CiliumLoadBalancerIPPool pool = write.pool();
    String name = pool.getMetadata().getName();
    boolean done =
        writes.attempt(
            () -> Patch.MERGE.writeStatus(client, pool, LbIpam.FIELD_MANAGER, patch(write)));
    addresses.reported(name, clock.instant());
    if (!done) {
      return OperatorReconciler.again(context, Optional.of(Addresses.REPORT_INTERVAL));
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

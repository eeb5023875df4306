package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import dev.peerage.watch.Patch;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import dev.peerage.watch.Watches;
import dev.peerage.watch.Writes;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes addresses into Services and counts into pools, as planned. */
public final class IpamController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IpamController.class);
  private static final String FIELD_MANAGER = "peerage-operator-lbipam";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Watches watches;
  private final ReconcileLoop loop;
  private final Watched<CiliumLoadBalancerIPPool> pools;
  private final Watched<Service> services;

  /** A controller that does nothing yet. */
  public IpamController(KubernetesClient client, InstantSource clock, MeterRegistry metrics) {
    this.client = client;
    this.clock = clock;
    this.loop = new ReconcileLoop("lbipam", this::reconcile, metrics);
    this.watches = new Watches(loop::signal);
    pools = watches.add(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
    services =
        watches.add(
            client.services().inAnyNamespace(),
            it ->
                Arrays.asList(
                    it.getMetadata().getLabels(),
                    it.getMetadata().getAnnotations(),
                    it.getSpec(),
                    it.getStatus()));
  }

  /** Starts to watch; nothing is written yet. */
  public void watch() {
    watches.start();
  }

  /** Starts to write: this process is the leader. */
  public void lead() {
    loop.start();
  }

  /** The kinds that have not been listed yet. */
  public List<String> missing() {
    return watches.missing();
  }

  /** Whether the loop runs or waits to be started. */
  public boolean alive() {
    return loop.alive();
  }

  @Override
  public void close() {
    loop.close();
    watches.close();
  }

  private void reconcile() {
    if (!watches.missing().isEmpty()) {
      return;
    }
    var known = services.all().stream().collect(Collectors.toMap(ServiceKey::of, it -> it));
    var poolsNow = pools.all();
    var plan =
        IpamPlanner.plan(new IpamSnapshot(poolsNow, List.copyOf(known.values())), clock.instant());
    try (var writes = new Writes()) {
      plan.services()
          .forEach((key, change) -> {
            var service = known.get(key);
            if (service != null) {
              writes.add("writing the address of Service " + key, () -> write(service, change));
            }
          });
      writes.await();
      for (var pool : poolsNow) {
        report(pool, plan.pools().getOrDefault(pool.getMetadata().getName(), List.of()), writes);
      }
      writes.await();
    }
  }

  private void write(Service service, ServiceChange change) {
    var key = ServiceKey.of(service);
    var after = Patch.STRATEGIC.sendStatus(client, service, FIELD_MANAGER, patch(service, change));
    services.remember(after);
    var condition = change.condition();
    if (condition == null) {
      log.info("Service {}: no longer for this load balancer; its addresses are free again", key);
    } else if (condition.status().equals("True")) {
      log.info("Service {}: {}", key, String.join(", ", change.addresses()));
    } else {
      log.warn("Service {}: {}: {}", key, condition.reason(), condition.message());
    }
  }

  /** Only against the version that the plan was made from: else the plan may be wrong. */
  private static Map<String, Object> patch(Service service, ServiceChange change) {
    var ingress = change.addresses().stream().map(address -> Map.of("ip", address)).toList();
    var condition = change.condition();
    var loadBalancer = new HashMap<String, Object>();
    loadBalancer.put("ingress", ingress.isEmpty() ? null : ingress);
    return Map.of(
        "metadata", Map.of("resourceVersion", service.getMetadata().getResourceVersion()),
        "status",
            Map.of(
                "loadBalancer",
                loadBalancer,
                "conditions",
                List.of(
                    condition == null
                        ? Map.of("$patch", "delete", "type", Claim.SATISFIED)
                        : condition)));
  }

  private void report(CiliumLoadBalancerIPPool pool, List<Condition> after, Writes writes) {
    var before = pool.getStatus() == null ? List.<Condition>of() : pool.getStatus().conditions();
    if (after.equals(before)) {
      return;
    }
    var name = pool.getMetadata().getName();
    writes.add(
        "writing the conditions of CiliumLoadBalancerIPPool " + name,
        () ->
            pools.remember(
                Patch.MERGE.sendStatus(
                    client, pool, FIELD_MANAGER, Map.of("status", Map.of("conditions", after)))));
    for (var condition : after) {
      if (condition.status().equals("True") && !before.contains(condition)) {
        log.warn("CiliumLoadBalancerIPPool {}: {}", name, condition.message());
      }
    }
  }
}

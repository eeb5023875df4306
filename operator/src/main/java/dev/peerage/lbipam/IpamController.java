package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import dev.peerage.watch.KeyedWrites;
import dev.peerage.watch.Patch;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import dev.peerage.watch.Watches;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes addresses into Services and counts into pools, as the ledger decides. A changed Service
 * costs work for this Service alone; the counts of a pool are written once a second at most.
 */
public final class IpamController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IpamController.class);
  private static final String FIELD_MANAGER = "peerage-operator-lbipam";
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Watches watches;
  private final ReconcileLoop loop;
  private final Watched<CiliumLoadBalancerIPPool> pools;
  private final Watched<Service> services;
  private final KeyedWrites<String> writes = new KeyedWrites<>();
  private final Map<String, Instant> reported = new HashMap<>();
  private final Ledger ledger;
  private final LedgerMetrics metrics;
  private boolean started;

  /** A controller that does nothing yet. */
  public IpamController(
      KubernetesClient client,
      InstantSource clock,
      Responsibility responsibility,
      MeterRegistry metrics) {
    this.client = client;
    this.clock = clock;
    this.ledger = new Ledger(responsibility);
    this.metrics = new LedgerMetrics(metrics);
    this.loop = new ReconcileLoop("lbipam", this::everything, this::reconcile, metrics);
    this.watches = new Watches(loop::signal);
    pools = watches.add(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
    services =
        watches.add(
            client.services().inAnyNamespace(), it -> it.getMetadata().getResourceVersion());
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
    writes.close();
    watches.close();
  }

  /** Services that are as they should be cost no write. */
  private void everything() {
    watches.touchAll();
    ledger.resync();
  }

  private Duration reconcile() {
    if (!watches.missing().isEmpty()) {
      return ReconcileLoop.RESYNC;
    }
    var poolsNow = pools.all();
    ledger.pools(poolsNow);
    if (started) {
      read();
    } else {
      // All at once: what Services have must be known before anything new is given out.
      services.all().forEach(ledger::service);
      started = true;
    }
    var now = clock.instant();
    ledger
        .decide(now)
        .forEach((key, change) ->
            services
                .get(key.namespace(), key.name())
                .ifPresent(service ->
                    writes.submit(
                        key.toString(),
                        "writing the address of Service " + key,
                        () -> write(service, change))));
    metrics.update(ledger);
    return report(poolsNow, now);
  }

  private void read() {
    services.changes((namespace, name, service) ->
        service.ifPresentOrElse(
            ledger::service, () -> ledger.gone(new ServiceKey(namespace, name))));
  }

  private void write(Service service, ServiceChange change) {
    var key = ServiceKey.of(service);
    var after = Patch.STRATEGIC.sendStatus(client, service, FIELD_MANAGER, patch(service, change));
    services.remember(after);
    loop.signal();
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

  /** Returns when the next report is due. */
  private Duration report(List<CiliumLoadBalancerIPPool> poolsNow, Instant now) {
    var conditions = ledger.conditions(now);
    var next = ReconcileLoop.RESYNC;
    for (var pool : poolsNow) {
      var name = pool.getMetadata().getName();
      var after = conditions.getOrDefault(name, List.of());
      if (after.equals(stored(pool))) {
        continue;
      }
      var due = reported.getOrDefault(name, Instant.MIN).plus(REPORT_INTERVAL);
      if (now.isBefore(due)) {
        next = Duration.between(now, due);
      } else {
        reported.put(name, now);
        report(pool, after);
      }
    }
    reported.keySet().retainAll(conditions.keySet());
    return next;
  }

  private static List<Condition> stored(CiliumLoadBalancerIPPool pool) {
    return pool.getStatus() == null ? List.of() : pool.getStatus().conditions();
  }

  private void report(CiliumLoadBalancerIPPool pool, List<Condition> after) {
    var name = pool.getMetadata().getName();
    writes.submit(
        name, // No Service: these have a slash.
        "writing the conditions of CiliumLoadBalancerIPPool " + name,
        () ->
            pools.remember(
                Patch.MERGE.sendStatus(
                    client, pool, FIELD_MANAGER, Map.of("status", Map.of("conditions", after)))));
    for (var condition : after) {
      if (condition.status().equals("True") && !stored(pool).contains(condition)) {
        log.warn("CiliumLoadBalancerIPPool {}: {}", name, condition.message());
      }
    }
  }
}

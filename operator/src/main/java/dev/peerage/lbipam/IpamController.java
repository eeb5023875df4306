package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import dev.peerage.watch.Controller;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes addresses into Services and counts into pools, as the ledger decides. A changed Service
 * costs work for this Service alone; the counts of a pool are written once a second at most.
 */
public final class IpamController extends Controller {
  private static final Logger log = LoggerFactory.getLogger(IpamController.class);
  private static final String FIELD_MANAGER = "peerage-operator-lbipam";
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Watched<CiliumLoadBalancerIPPool> pools;
  private final Watched<Service> services;
  private final Map<String, Report> reported = new HashMap<>();
  private final Ledger ledger;
  private final LedgerMetrics metrics;
  private boolean started;

  /** A controller that does nothing yet. */
  public IpamController(
      KubernetesClient client,
      InstantSource clock,
      Responsibility responsibility,
      MeterRegistry metrics) {
    super("lbipam", metrics);
    this.client = client;
    this.clock = clock;
    this.ledger = new Ledger(responsibility);
    this.metrics = new LedgerMetrics(metrics);
    pools = watches.add(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
    services =
        watches.add(
            client.services().inAnyNamespace(), it -> it.getMetadata().getResourceVersion());
  }

  /** Services that are as they should be cost no write. */
  @Override
  protected void everything() {
    super.everything();
    ledger.resync();
  }

  @Override
  protected Duration reconcile() {
    var begin = System.nanoTime();
    var events = new LedgerMetrics.Events();
    if (!started) {
      catchUp();
    }
    pools.changes((_, _, _) -> events.pools++);
    ledger.pools(pools.all());
    services.changes((namespace, name, service) -> {
      if (service.isPresent()) {
        events.upserts++;
        ledger.service(service.get());
      } else {
        events.deletes++;
        ledger.gone(new ServiceKey(namespace, name));
      }
    });
    started = true;
    var now = clock.instant();
    ledger
        .decide(now)
        .forEach((key, change) -> {
          var unreadable = ledger.unreadable(key);
          writes.submit(
              key.toString(),
              "writing the address of Service " + key,
              () -> write(key, change, unreadable));
        });
    metrics.update(ledger);
    metrics.events(events, System.nanoTime() - begin);
    return report(now);
  }

  /**
   * What Services have must be known before anything new is given out, and a watch may lag behind
   * what the leader before this one has written. A list is never older than its request.
   */
  private void catchUp() {
    client.resources(CiliumLoadBalancerIPPool.class).list().getItems().forEach(pools::remember);
    var options = new ListOptionsBuilder().withLimit(500L).build();
    do {
      var page = client.services().inAnyNamespace().list(options);
      page.getItems().forEach(services::remember);
      options.setContinue(page.getMetadata().getContinue());
    } while (options.getContinue() != null && !options.getContinue().isEmpty());
  }

  private void write(ServiceKey key, ServiceChange change, List<String> unreadable) {
    var service =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(key.namespace())
            .withName(key.name())
            .endMetadata()
            .build();
    Patch.STRATEGIC.writeStatus(client, service, FIELD_MANAGER, patch(change));
    var condition = change.condition();
    if (condition == null) {
      log.info("Service {}: no longer for this load balancer; its addresses are free again", key);
    } else if (condition.status().equals("True")) {
      log.info("Service {}: {}", key, String.join(", ", change.addresses()));
    } else {
      log.warn("Service {}: {}: {}", key, condition.reason(), condition.message());
    }
    if (!unreadable.isEmpty()) {
      log.warn(
          "Service {}: asks for what is no IP address: {}; passed over, correct the annotation"
              + " lbipam.cilium.io/ips or spec.loadBalancerIP",
          key,
          String.join(", ", unreadable));
    }
  }

  /** Only against the version that was decided about: else the decision may be wrong. */
  private static Map<String, Object> patch(ServiceChange change) {
    var ingress = change.addresses().stream().map(address -> Map.of("ip", address)).toList();
    var condition = change.condition();
    var loadBalancer = new HashMap<String, Object>();
    loadBalancer.put("ingress", ingress.isEmpty() ? null : ingress);
    return Map.of(
        "metadata", Map.of("resourceVersion", change.resourceVersion()),
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
  private Duration report(Instant now) {
    var next = ReconcileLoop.RESYNC;
    for (var pool : ledger.pools()) {
      var last = reported.get(pool.name());
      if (last != null
          && last.pool == pool
          && last.object == pool.object()
          && last.used == pool.used()) {
        continue; // Nothing has changed since.
      }
      var due = last == null ? now : last.written.plus(REPORT_INTERVAL);
      if (now.isBefore(due)) {
        next = Duration.between(now, due);
        continue;
      }
      var stored = stored(pool.object());
      var after = pool.conditions(now);
      var same = after.equals(stored);
      var written = !same ? now : last == null ? Instant.EPOCH : last.written;
      reported.put(pool.name(), new Report(written, pool, pool.object(), pool.used()));
      if (!same) {
        report(pool, stored, after);
      }
    }
    reported
        .keySet()
        .retainAll(ledger.pools().stream().map(Pool::name).collect(Collectors.toSet()));
    return next;
  }

  /** What was looked at last for the conditions of a pool, and when they were last written. */
  private record Report(Instant written, Pool pool, CiliumLoadBalancerIPPool object, long used) {}

  private static List<Condition> stored(CiliumLoadBalancerIPPool pool) {
    return pool.getStatus() == null ? List.of() : pool.getStatus().conditions();
  }

  private void report(Pool pool, List<Condition> stored, List<Condition> after) {
    writes.submit(
        pool.name(), // No Service: these have a slash.
        "writing the conditions of CiliumLoadBalancerIPPool " + pool.name(),
        () ->
            Patch.MERGE.writeStatus(
                client,
                pool.object(),
                FIELD_MANAGER,
                Map.of("status", Map.of("conditions", after))));
    for (var condition : after) {
      if (condition.status().equals("True") && !stored.contains(condition)) {
        log.warn("CiliumLoadBalancerIPPool {}: {}", pool.name(), condition.message());
      }
    }
  }
}

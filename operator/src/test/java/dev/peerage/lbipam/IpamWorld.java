package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.ConditionsStatus;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceStatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Pools and Services as the API server holds them, and an operator that writes what its ledger
 * decides. Objects are replaced, never changed: the ledger keeps those that it has seen.
 */
final class IpamWorld {
  final Map<String, CiliumLoadBalancerIPPool> pools = new TreeMap<>();
  final Map<String, Service> services = new TreeMap<>();
  private final Set<String> deleted = new HashSet<>();
  private Ledger ledger = new Ledger(Responsibility.DEFAULT);
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private long version = 1;

  /** The operator ends; the next one knows only what is stored. */
  void restart() {
    restart(Responsibility.DEFAULT);
  }

  void restart(Responsibility responsibility) {
    ledger = new Ledger(responsibility);
  }

  void pool(String name, String spec) {
    pool(name, "2026-01-01T00:00:00Z", spec);
  }

  void pool(String name, String created, String spec) {
    pools.put(
        name,
        Serialization.unmarshal(
            "metadata: {name: %s, generation: 1, creationTimestamp: '%s'}\nspec: {%s}"
                .formatted(name, created, spec),
            CiliumLoadBalancerIPPool.class));
  }

  void deletePool(String name) {
    assertThat(pools.remove(name)).isNotNull();
  }

  /** Each Service is a second younger than the one before. */
  Service service(String name, String spec) {
    now = now.plusSeconds(1);
    var service =
        Serialization.unmarshal(
            """
            metadata: {name: %s, namespace: default, creationTimestamp: '%s'}
            spec: {type: LoadBalancer%s}
            """
                .formatted(name, now, spec.isEmpty() ? "" : ", " + spec),
            Service.class);
    service.getMetadata().setResourceVersion(Long.toString(version++));
    services.put(name, service);
    return service;
  }

  void annotate(String name, Map<String, String> annotations) {
    if (!services.containsKey(name)) {
      service(name, "");
    }
    change(name, service -> service.getMetadata().setAnnotations(annotations));
  }

  void type(String name, String type) {
    change(name, service -> service.getSpec().setType(type));
  }

  void change(String name, Consumer<Service> how) {
    var changed = Serialization.clone(stored(name));
    how.accept(changed);
    replace(name, changed);
  }

  private void replace(String name, Service changed) {
    changed.getMetadata().setResourceVersion(Long.toString(version++));
    services.put(name, changed);
  }

  void delete(String name) {
    assertThat(services.remove(name)).isNotNull();
    deleted.add(name);
  }

  void ingress(String name, String... entries) {
    change(
        name,
        service ->
            service.setStatus(
                new ServiceStatusBuilder()
                    .withNewLoadBalancer()
                    .withIngress(
                        Arrays.stream(entries)
                            .map(entry ->
                                Character.isDigit(entry.charAt(0))
                                    ? new LoadBalancerIngressBuilder().withIp(entry).build()
                                    : new LoadBalancerIngressBuilder().withHostname(entry).build())
                            .toList())
                    .endLoadBalancer()
                    .build()));
  }

  /** Somebody replaces the whole status by an empty one. */
  void wipe(String name) {
    change(name, service -> service.setStatus(new ServiceStatusBuilder().build()));
  }

  /** What the operator writes now; what it wrote before and is not stored yet is under way. */
  IpamPlan plan() {
    ledger.pools(List.copyOf(pools.values()));
    deleted.forEach(name -> ledger.gone(new ServiceKey("default", name)));
    deleted.clear();
    services.values().forEach(ledger::service);
    var changes = ledger.decide(now);
    return new IpamPlan(changes, ledger.conditions(now));
  }

  /** Plans and writes until there is nothing to do: one round may release what the next gives. */
  void settle() {
    for (var rounds = 0; rounds < 3; rounds++) {
      write(plan());
    }
    assertThat(plan().services()).isEmpty();
  }

  void write(IpamPlan plan) {
    plan.services()
        .forEach((key, change) -> replace(key.name(), change.appliedTo(stored(key.name()))));
    plan.pools()
        .forEach((name, status) ->
            pools.computeIfPresent(
                name,
                (_, pool) -> {
                  var changed = Serialization.clone(pool);
                  changed.setStatus(new ConditionsStatus(status));
                  return changed;
                }));
  }

  Service stored(String name) {
    return Objects.requireNonNull(services.get(name), name);
  }

  List<Condition> conditions(String pool) {
    return Objects.requireNonNull(plan().pools().get(pool), pool);
  }

  List<String> addresses(String name) {
    var status = stored(name).getStatus();
    return status == null || status.getLoadBalancer() == null
        ? List.of()
        : Claim.texts(status.getLoadBalancer().getIngress());
  }

  String condition(String name) {
    return new Claim(stored(name), Responsibility.DEFAULT)
        .condition()
        .map(IpamWorld::text)
        .orElse("");
  }

  String poolCondition(String pool, String type) {
    return conditions(pool).stream()
        .filter(it -> it.type().equals(type))
        .map(it -> text(it).substring(type.length() + 1))
        .findFirst()
        .orElse("");
  }

  String counts(String pool) {
    var messages =
        conditions(pool).stream().collect(Collectors.toMap(Condition::type, Condition::message));
    return "total %s available %s used %s"
        .formatted(
            messages.get("cilium.io/IPsTotal"),
            messages.get("cilium.io/IPsAvailable"),
            messages.get("cilium.io/IPsUsed"));
  }

  private static String text(Condition it) {
    return String.join(" ", it.type(), it.status(), it.reason(), it.message());
  }
}

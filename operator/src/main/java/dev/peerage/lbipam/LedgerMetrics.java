package dev.peerage.lbipam;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How full the pools are and how many Services lack an address, for other threads. Under our names,
 * and under Cilium's, whose gauges end in {@code _total}: the registry lets only counters do so.
 */
final class LedgerMetrics {
  private static final String OURS = "peerage.operator.lbipam.";
  private static final String CILIUMS = "cilium.operator.lbipam.";

  /** From a millisecond to ten seconds. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
    Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
    Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Value conflicting;
  private final Value matching;
  private final Value unsatisfied;
  private final Map<String, PoolValues> pools = new HashMap<>();
  private final Timer upserts;
  private final Timer deletes;
  private final Timer poolUpserts;

  private static final class Value {
    private final List<Meter> meters = new ArrayList<>();
    private volatile double now;

    Value(MeterRegistry registry, String name, String... tags) {
      meters.add(Gauge.builder(OURS + name, this, it -> it.now).tags(tags).register(registry));
      meters.add(
          FunctionCounter.builder(CILIUMS + name, this, it -> it.now)
              .tags(tags)
              .register(registry));
    }
  }

  private record PoolValues(Value available, Value used) {}

  LedgerMetrics(MeterRegistry registry) {
    this.registry = registry;
    conflicting = new Value(registry, "conflicting.pools");
    matching = new Value(registry, "services.matching");
    unsatisfied = new Value(registry, "services.unsatisfied");
    upserts = timer("upsert", "service");
    deletes = timer("delete", "service");
    poolUpserts = timer("upsert", "pool");
  }

  private Timer timer(String action, String kind) {
    return Timer.builder(CILIUMS + "event.processing.time")
        .tags("action", action, "kind", kind)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** A Service was created or has changed; deciding took so many nanoseconds. */
  void serviceUpserted(long nanos) {
    upserts.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A Service is gone; deciding took so many nanoseconds. */
  void serviceDeleted(long nanos) {
    deletes.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A pool was created or has changed; deciding took so many nanoseconds. */
  void poolUpserted(long nanos) {
    poolUpserts.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** What the ledger says now; calls must not overlap. */
  void update(Ledger ledger) {
    List<Pool> now = ledger.pools();
    conflicting.now = now.stream().filter(Pool::conflicts).count();
    matching.now = ledger.matching();
    unsatisfied.now = ledger.unsatisfied();
    for (Pool pool : now) {
      LedgerMetrics.PoolValues values = pools.computeIfAbsent(pool.name(), this::register);
      values.available.now = pool.available().doubleValue();
      values.used.now = pool.used();
    }
    if (pools.size() > now.size()) {
      Set<String> gone = new HashSet<>(pools.keySet());
      now.forEach(pool -> gone.remove(pool.name()));
      for (String name : gone) {
        LedgerMetrics.PoolValues values = Objects.requireNonNull(pools.remove(name));
        values.available.meters.forEach(registry::remove);
        values.used.meters.forEach(registry::remove);
      }
    }
  }

  private PoolValues register(String pool) {
    return new PoolValues(
        new Value(registry, "ips.available", "pool", pool),
        new Value(registry, "ips.used", "pool", pool));
  }
}

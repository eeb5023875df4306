package dev.peerage.lbipam;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/** How full the pools are and how many Services lack an address, for other threads. */
final class LedgerMetrics {
  private static final String PREFIX = "peerage.operator.lbipam.";

  private final AtomicInteger conflicting;
  private final AtomicInteger matching;
  private final AtomicInteger unsatisfied;
  private final MultiGauge available;
  private final MultiGauge used;

  LedgerMetrics(MeterRegistry registry) {
    conflicting = gauge(registry, "conflicting.pools");
    matching = gauge(registry, "services.matching");
    unsatisfied = gauge(registry, "services.unsatisfied");
    available = MultiGauge.builder(PREFIX + "ips.available").register(registry);
    used = MultiGauge.builder(PREFIX + "ips.used").register(registry);
  }

  private static AtomicInteger gauge(MeterRegistry registry, String name) {
    var value = new AtomicInteger();
    registry.gauge(PREFIX + name, value);
    return value;
  }

  void update(Ledger ledger) {
    var pools = ledger.pools();
    conflicting.set((int) pools.stream().filter(Pool::conflicts).count());
    matching.set(ledger.matching());
    unsatisfied.set(ledger.unsatisfied());
    available.register(
        pools.stream()
            .<Row<?>>map(pool -> Row.of(Tags.of("pool", pool.name()), pool.available()))
            .toList(),
        true);
    used.register(
        pools.stream()
            .<Row<?>>map(pool -> Row.of(Tags.of("pool", pool.name()), pool.used()))
            .toList(),
        true);
  }
}

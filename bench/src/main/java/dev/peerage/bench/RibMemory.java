package dev.peerage.bench;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.wire.AddressFamily;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;

/**
 * Prints what 1,000,000 received routes of one peer cost: bytes of live heap per route, and the
 * rate at which they come in by the thread's CPU time, once and again after all were withdrawn.
 */
final class RibMemory {
  private static final int ROUTES = 1_000_000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private RibMemory() {}

  public static void main(String[] args) {
    System.out.printf(
        "%-24s %14s %14s %14s%n", "1,000,000 routes", "bytes/route", "routes/s", "again");
    measure(AddressFamily.IPV4_UNICAST, false);
    measure(AddressFamily.IPV4_UNICAST, true);
    measure(AddressFamily.IPV6_UNICAST, true);
  }

  private static void measure(AddressFamily family, boolean accept) {
    long empty = live();
    Rib rib = new Rib(RibRoutes.SETTINGS);
    rib.peerUp(RibRoutes.peer(1, accept), NOW);
    double first = fill(rib, family);
    long after = live();
    if (rib.receivedCount(RibRoutes.name(1), family) != ROUTES) {
      throw new IllegalStateException("not all routes are different");
    }
    for (int i = 0; i < ROUTES / RibRoutes.PER_UPDATE; i++) {
      rib.received(RibRoutes.name(1), RibRoutes.withdraw(RibRoutes.prefixes(family, i)), NOW);
      RibRoutes.drain(rib, 1, NOW);
    }
    double again = fill(rib, family);
    System.out.printf(
        Locale.ROOT,
        "%-24s %14.1f %,14.0f %,14.0f%n",
        family + (accept ? " accepted" : " rejected"),
        (after - empty) / (double) ROUTES,
        first,
        again);
  }

  /** Routes per second, with the making of the UPDATE objects. */
  private static double fill(Rib rib, AddressFamily family) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < ROUTES / RibRoutes.PER_UPDATE; i++) {
      rib.received(
          RibRoutes.name(1),
          RibRoutes.announce(RibRoutes.attributes(i), RibRoutes.prefixes(family, i)),
          NOW);
      RibRoutes.drain(rib, 1, NOW);
    }
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return ROUTES / ((end - start) / 1e9);
  }

  /** After as many collections as make a difference. */
  private static long live() {
    long used = Long.MAX_VALUE;
    for (int same = 0; same < 3; ) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      same = now < used - 10_000 ? 0 : same + 1;
      used = Math.min(used, now);
    }
    return used;
  }
}

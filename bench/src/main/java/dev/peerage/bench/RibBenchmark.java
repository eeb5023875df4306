package dev.peerage.bench;

import static dev.peerage.bench.RibRoutes.PER_UPDATE;
import static dev.peerage.bench.RibRoutes.announce;
import static dev.peerage.bench.RibRoutes.attributes;
import static dev.peerage.bench.RibRoutes.name;
import static dev.peerage.bench.RibRoutes.peer;
import static dev.peerage.bench.RibRoutes.prefixes;
import static dev.peerage.bench.RibRoutes.withdraw;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Update;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Received routes on their way into the loc-rib, per route, among 500,000 prefixes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RibBenchmark {
  private static final int UPDATES = 5_000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** How many peers have sent each prefix. */
  @Param({"1", "2", "8"})
  public int candidates = 1;

  private final Rib rib = new Rib(RibRoutes.SETTINGS);
  private final Update[] announced = new Update[UPDATES];
  private final Update[] other = new Update[UPDATES];
  private final Update[] withdrawn = new Update[UPDATES];
  private int at;
  private boolean flip;

  @Setup
  public void fill() {
    for (int i = 0; i < UPDATES; i++) {
      var list = prefixes(AddressFamily.IPV4_UNICAST, i);
      announced[i] = announce(attributes(i), list);
      other[i] = announce(attributes(UPDATES + i), list);
      withdrawn[i] = withdraw(list);
    }
    for (int peer = 1; peer <= candidates; peer++) {
      rib.peerUp(peer(peer, true), NOW);
      for (Update update : announced) {
        rib.received(name(peer), update, NOW);
      }
      RibRoutes.drain(rib, peer, NOW);
    }
    for (int peer = 1; peer <= candidates; peer++) {
      RibRoutes.drain(rib, peer, NOW);
    }
  }

  private int next() {
    at = (at + 4_099) % UPDATES; // 4,099 is prime: all come in turn, none near the one before
    if (at == 0) {
      flip = !flip;
    }
    return at;
  }

  /** The best route gets other attributes, equally good. */
  @Benchmark
  @OperationsPerInvocation(PER_UPDATE)
  public void replace() {
    int update = next();
    rib.received(name(1), flip ? announced[update] : other[update], NOW);
    drain();
  }

  /** The best route goes and comes back: one operation is one of the two. */
  @Benchmark
  @OperationsPerInvocation(2 * PER_UPDATE)
  public void withdrawAndInsert() {
    int update = next();
    rib.received(name(1), withdrawn[update], NOW);
    rib.received(name(1), announced[update], NOW);
    drain();
  }

  /** As after each batch that a socket brings; the peers get none of these routes. */
  private void drain() {
    for (int peer = 1; peer <= candidates; peer++) {
      RibRoutes.drain(rib, peer, NOW);
    }
  }
}

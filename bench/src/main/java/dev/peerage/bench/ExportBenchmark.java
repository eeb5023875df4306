package dev.peerage.bench;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.rib.RibSettings;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Prefix;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From the desired prefixes to the bytes for the sockets, by one export statement. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ExportBenchmark {
  private static final Set<AddressFamily> FAMILIES = EnumSet.allOf(AddressFamily.class);
  private static final Prefix BASE = Prefix.parse("10.2.0.0/32");
  private static final Prefix OTHER = Prefix.parse("10.1.0.0/24");

  /** Prefixes held. */
  @Param({"1000", "100000"})
  public int held = 1000;

  /** Peers with equal policies. */
  @Param({"1", "100"})
  public int peers = 1;

  private PrefixSet prefixes = PrefixSet.EMPTY;
  private Rib rib = rib();

  private static Rib rib() {
    return new Rib(new RibSettings(65001, Inet4Address.ofLiteral("10.0.0.1"), false));
  }

  @Setup
  public void fill() {
    prefixes = PrefixSet.range(BASE, held);
    rib = table();
    send(rib);
  }

  private Rib table() {
    Rib filled = rib();
    filled.originate(prefixes, Instant.EPOCH);
    for (int i = 0; i < peers; i++) {
      filled.peerUp(peer(i), Instant.EPOCH);
    }
    return filled;
  }

  private RibPeer peer(int number) {
    return new RibPeer(
        "p" + number,
        InetAddress.ofLiteral("10.0.1." + number),
        65100 + number,
        Inet4Address.ofLiteral("10.0.1." + number),
        InetAddress.ofLiteral("10.0.0.1"),
        FAMILIES,
        new CodecContext(true, false, false, FAMILIES),
        false,
        false,
        false,
        false,
        policy(prefixes));
  }

  private static ExportPolicy policy(PrefixSet prefixes) {
    return new ExportPolicy.Statements(
        "policy",
        List.of(new ExportStatement("all", prefixes, ExportStatement.Attributes.DEFAULT)));
  }

  private long send(Rib from) {
    long bytes = 0;
    for (String peer : from.peers()) {
      Optional<ByteBuf> next = from.outbox(peer).next(Instant.EPOCH);
      while (next.isPresent()) {
        bytes += next.get().readableBytes();
        next.get().release();
        next = from.outbox(peer).next(Instant.EPOCH);
      }
    }
    return bytes;
  }

  /** All routes to new sessions: decided, encoded once, handed out to each. */
  @Benchmark
  public long wholeTable() {
    Rib fresh = table();
    long bytes = send(fresh);
    fresh.peers().forEach(peer -> fresh.peerDown(peer, Instant.EPOCH));
    return bytes;
  }

  /** One route more, in the prefixes and in each policy, then one less. */
  @Benchmark
  public long oneRouteTwice() {
    PrefixSet more = prefixes.with(OTHER);
    return change(more) + change(more.without(OTHER));
  }

  private long change(PrefixSet to) {
    rib.originate(to, Instant.EPOCH);
    ExportPolicy policy = policy(to);
    for (int i = 0; i < peers; i++) {
      rib.exportPolicyChanged("p" + i, policy);
    }
    return send(rib);
  }
}

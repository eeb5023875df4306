package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three good sessions beside everything that is bad: they last, memory and log stay small. */
class ByzantineTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long MIB = 1024 * 1024;
  private static final String NODE = "10.0.0.1";
  private static final List<String> GOOD = List.of("10.0.0.11", "10.0.0.12", "10.0.0.13");
  private static final int ATTACKING_PEERS = 4;
  private static final int ROUTES = 20_000;
  private static final PrefixSet TABLE = PrefixSet.range(Prefix.parse("172.16.0.0/32"), ROUTES);
  private static final Prefix SENTINEL = Prefix.parse("192.0.2.0/24");

  private final Loopback loopback = new Loopback();
  private final Speaker node = Speaker.start(Desired.settings(loopback));
  private final Speaker others = Speaker.start(Desired.settings(loopback));

  @AfterEach
  void close() {
    others.close(Shutdown.CEASE).join();
    node.close(Shutdown.CEASE).join();
  }

  @Test
  void goodSessionsLastBesideBadPeers() {
    attack(Duration.ofSeconds(4), 3);
  }

  @Test
  @Tag("soak")
  void goodSessionsLastBesideBadPeersForTenMinutes() {
    attack(Duration.ofSeconds(30), 20);
  }

  private void attack(Duration round, int rounds) {
    apply(TABLE);
    others.apply(speaker(GOOD.stream().map(this::good).toArray(DesiredInstance[]::new))).join();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(up()).hasSize(GOOD.size()));
    Map<String, Instant> before = up();

    List<Long> heap = new ArrayList<>();
    List<Long> buffers = new ArrayList<>();
    long started = System.nanoTime();
    try (LoggedLines log = new LoggedLines();
        Attacks attacks = new Attacks(this::socket, loopback.toSocket(ip(NODE), 179))) {
      attacks.badMessages("10.0.0.3");
      attacks.noise("10.0.0.4", 65004);
      attacks.slowReader("10.0.0.5", 65005);
      attacks.halfOpen("10.0.0.6", 65006);
      attacks.strangers(IntStream.range(100, 200).mapToObj(n -> "10.0.0." + n).toList());
      for (int i = 0; i < rounds; i++) {
        // Enough of each attack, however slow this machine is, and the time in any case.
        double part = (i + 1.0) / rounds;
        long end = System.nanoTime() + round.toNanos();
        await()
            .pollInterval(Duration.ofSeconds(1))
            .atMost(round.plusMinutes(5))
            .until(() -> {
              assertThat(up()).isEqualTo(before);
              return System.nanoTime() >= end && attacks.reached(part);
            });
        System.gc();
        heap.add((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / MIB);
        buffers.add(bufferMemory() / MIB);
      }
      long seconds = (System.nanoTime() - started) / 1_000_000_000;
      String figures =
          "%d s: %d bad messages, %d sessions or connections refused with a NOTIFICATION, %d"
                  .formatted(
                      seconds,
                      attacks.badMessages.get(),
                      attacks.resets.get(),
                      attacks.connections.get())
              + " connections, "
              + log.lines().size()
              + " log lines; heap MiB "
              + heap
              + ", buffers MiB "
              + buffers;
      System.out.println(figures);

      assertThat(attacks.badMessages.get()).as(figures).isGreaterThan(Attacks.BAD_MESSAGES);
      assertThat(attacks.resets.get()).as(figures).isGreaterThan(Attacks.RESETS);
      assertThat(attacks.connections.get()).as(figures).isGreaterThan(Attacks.CONNECTIONS);
      // The first round warms up.
      assertThat(heap.getLast()).as(figures).isLessThan(heap.getFirst() + 32);
      assertThat(buffers.getLast()).as(figures).isLessThan(buffers.getFirst() + 16);
      // Each peer, and all strangers together: LogLimit; each kind of error once.
      long limit = (ATTACKING_PEERS + 1) * (10 + seconds / 30 + 1);
      assertThat(log.lines().size() - log.with("UPDATE with an error").size())
          .as("%s: %s", figures, log.lines())
          .isLessThan((int) limit + 10);
      assertThat(log.with("UPDATE with an error"))
          .hasSizeLessThanOrEqualTo(ATTACKING_PEERS * UpdateErrors.KINDS);
    }
    apply(TABLE.with(SENTINEL));
    for (String address : GOOD) {
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(
                      others
                          .routes(
                              "as" + asn(address),
                              new RouteTable.AdjRibIn("to-" + NODE),
                              AddressFamily.IPV4_UNICAST)
                          .join())
                  .hasSize(ROUTES + 1));
    }
    assertThat(up()).isEqualTo(before);
  }

  private void apply(PrefixSet routes) {
    List<DesiredPeer> peers = new ArrayList<>();
    GOOD.forEach(address -> peers.add(passive(peer(NODE, address, asn(address)))));
    peers.add(passive(exporting(peer(NODE, "10.0.0.3", 65002), only())));
    peers.add(passive(exporting(peer(NODE, "10.0.0.4", 65004), only())));
    peers.add(passive(exporting(peer(NODE, "10.0.0.5", 65005), new ExportPolicy.All())));
    peers.add(passive(exporting(peer(NODE, "10.0.0.6", 65006), only())));
    node.apply(
            speaker(
                new DesiredInstance(
                    "node",
                    65001,
                    (Inet4Address) ip(NODE),
                    new Listen.On(ip(NODE), 179),
                    peers,
                    routes)))
        .join();
  }

  private DesiredInstance good(String address) {
    return dialing(address, asn(address), Desired.routes(), peer(address, NODE, 65001));
  }

  private static long asn(String address) {
    return 65000 + Long.parseLong(address.substring(address.lastIndexOf('.') + 1));
  }

  private InetSocketAddress socket(String address) {
    return loopback.toSocket(ip(address), 0);
  }

  /** The Established sessions with good peers, as the node sees them. */
  private Map<String, Instant> up() {
    return node.state().instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .filter(state -> GOOD.contains(state.address().getHostAddress()))
        .filter(state -> state.phase() instanceof PeerState.Phase.Up)
        .collect(toMap(PeerState::name, state -> ((PeerState.Phase.Up) state.phase()).since()));
  }

  private static long bufferMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory()
        + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedHeapMemory();
  }
}

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/**
 * Graceful restart on real sockets: a node, a router that comes and goes, and a watcher that hears
 * what becomes of the router's routes.
 */
abstract class RestartScenario {
  static final String NODE = "10.0.0.1";
  static final String ROUTER = "10.0.0.9";
  static final String WATCHER = "10.0.0.8";
  static final Prefix A = Prefix.parse("172.20.0.0/24");
  static final Prefix B = Prefix.parse("172.20.1.0/24");
  static final Prefix LOCAL = Prefix.parse("172.20.2.0/24");

  final Loopback loopback = new Loopback();
  final List<AutoCloseable> open = new ArrayList<>();
  Speaker node = start(false);

  final Speaker start(boolean restarting) {
    return Speaker.start(
        new SpeakerSettings(
            loopback,
            InstantSource.system(),
            new SimpleMeterRegistry(),
            restarting,
            new SessionLimits(Duration.ofMinutes(8), Duration.ofSeconds(1))));
  }

  @AfterEach
  void close() throws Exception {
    node.close(Shutdown.CEASE).join();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** The node that helps the router, and a watcher. */
  final void helper(GracefulRestart restart) {
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    Set.of(),
                    passive(exporting(peer(NODE, ROUTER, 65000), only()))
                        .withSession(session -> session.withGracefulRestart(restart)),
                    passive(peer(NODE, WATCHER, 65002)))))
        .join();
  }

  final RawPeer dial(String from) {
    RawPeer dialed =
        await()
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .until(
                () ->
                    RawPeer.dial(loopback.toSocket(ip(from), 0), loopback.toSocket(ip(NODE), 179)),
                _ -> true);
    open.add(dialed);
    return dialed;
  }

  final RawPeer watcher() {
    RawPeer watcher = dial(WATCHER);
    watcher.establish(RawPeer.open(65002, WATCHER, 0));
    watcher.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    return watcher;
  }

  /** Up, with these routes announced, and End-of-RIB sent. */
  final RawPeer router(Open opening, Prefix... prefixes) {
    RawPeer router = dial(ROUTER);
    router.establish(opening);
    router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    router.send(RawPeer.announcement(65000, ROUTER, prefixes));
    router.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));
    return router;
  }

  /** As {@link #router}, and the watcher has heard of the routes. */
  final RawPeer router(RawPeer watcher, Open opening, Prefix... prefixes) {
    RawPeer router = router(opening, prefixes);
    hears(watcher, prefixes);
    return router;
  }

  /** The router is up again, with these routes only. */
  final void returns(Open opening, Prefix... prefixes) {
    RawPeer back = dial(ROUTER);
    back.establish(opening);
    back.send(RawPeer.announcement(65000, ROUTER, prefixes));
    back.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));
  }

  enum Bit {
    RESTARTING,
    NOTIFICATION,
    FORWARDING
  }

  /** An OPEN with graceful restart, hold time 0. */
  static Open opening(int restartTime, Bit... bits) {
    List<Bit> set = List.of(bits);
    return RawPeer.open(
        65000,
        ROUTER,
        0,
        new Capability.EnhancedRouteRefresh(),
        new Capability.GracefulRestart(
            set.contains(Bit.RESTARTING),
            set.contains(Bit.NOTIFICATION),
            restartTime,
            List.of(
                new Capability.GracefulRestart.FamilyState(
                    Capability.Family.of(AddressFamily.IPV4_UNICAST),
                    set.contains(Bit.FORWARDING)))));
  }

  static void hears(RawPeer watcher, Prefix... announced) {
    List<Prefix> heard = new ArrayList<>();
    while (heard.size() < announced.length) {
      Update update = watcher.expect(Update.class);
      assertThat(RawPeer.withdrawn(update)).isEmpty();
      heard.addAll(RawPeer.announced(update));
    }
    assertThat(heard).containsExactlyInAnyOrder(announced);
  }

  static void loses(RawPeer watcher, Prefix... withdrawn) {
    List<Prefix> lost = new ArrayList<>();
    while (lost.size() < withdrawn.length) {
      Update update = watcher.expect(Update.class);
      assertThat(RawPeer.announced(update)).isEmpty();
      lost.addAll(RawPeer.withdrawn(update));
    }
    assertThat(lost).containsExactlyInAnyOrder(withdrawn);
  }

  final void awaitRouter(String phase) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> node.state().instances().getFirst().peers().getFirst().phase().text(),
            phase::equals);
  }
}

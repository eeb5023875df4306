package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.Prefix;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Inet4Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A fault of this program in a task of the event loop ends what it belongs to, and nothing else.
 */
class SpeakerFaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String NODE = "10.0.0.1";
  private static final String ROUTER = "10.0.0.2";
  private static final String OTHER = "10.0.0.3";

  private final Loopback loopback = new Loopback();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final FaultyClock clock = new FaultyClock();
  private final Speaker node = Speaker.start(new SpeakerSettings(loopback, clock, metrics, false));
  private final Speaker router = Speaker.start(Desired.settings(loopback));

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
    router.close(Shutdown.CEASE).join();
  }

  @Test
  void aTimerThatFailsIsFollowedByAnotherTry() {
    node.apply(dialingNode()).join();
    // Nobody listens: the next dial is a timer's.
    clock.fails("SessionTimers", "expire", 1);
    await().atMost(LIMIT).until(() -> faults("session") == 1);

    router.apply(listeningRouter());

    SpeakerPair.awaitUp(node, "to-" + ROUTER);
  }

  @Test
  void aFaultAtAnUpdateEndsThatSessionWithACease() throws IOException {
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(),
                    passive(peer(NODE, ROUTER, 65000)),
                    passive(peer(NODE, OTHER, 65003)))))
        .join();
    router.apply(speaker(dialing(OTHER, 65003, routes(), peer(OTHER, NODE, 65001))));
    // Its End-of-RIB is the last that it sends: the fault is the other peer's.
    SpeakerPair.await(node, "to-" + OTHER, peer -> peer.received().updates() > 0);
    try (RawPeer raw =
        RawPeer.dial(loopback.toSocket(ip(ROUTER), 0), loopback.toSocket(ip(NODE), 179))) {
      raw.establish(RawPeer.open(65000, ROUTER, 90));
      clock.fails("Peer", "received", 1);
      raw.send(RawPeer.announcement(65000, ROUTER, Prefix.parse("192.0.2.0/24")));

      Notification cease = raw.expectIgnoringUpdates(Notification.class);
      assertThat(cease.text()).isEqualTo("Cease/Administrative Reset (6/4): \"internal fault\"");
    }
    assertThat(faults("session")).isEqualTo(1);
    SpeakerPair.await(node, "to-" + ROUTER, peer -> peer.lastError().contains("internal fault: "));

    try (RawPeer again =
        RawPeer.dial(loopback.toSocket(ip(ROUTER), 0), loopback.toSocket(ip(NODE), 179))) {
      again.establish(RawPeer.open(65000, ROUTER, 90));
      again.send(RawPeer.announcement(65000, ROUTER, Prefix.parse("192.0.2.0/24")));
      SpeakerPair.await(node, "to-" + ROUTER, peer -> peer.families().getFirst().received() == 1);
    }
    assertThat(SpeakerPair.peer(node, "to-" + OTHER).phase())
        .isInstanceOf(PeerState.Phase.Up.class);
  }

  @Test
  void anInstanceThatFailsIsToldAndStartsAgainWithAllRoutes() {
    router.apply(listeningRouter());
    PrefixSet many = PrefixSet.range(Prefix.parse("172.16.0.0/32"), 20_000);
    node.apply(dialingNode()).join();
    SpeakerPair.awaitUp(node, "to-" + ROUTER);
    clock.fails("Instance", "work", 1);
    DesiredInstance before = dialingNode().instances().getFirst();

    assertThatThrownBy(() ->
            node.apply(
                    speaker(
                        new DesiredInstance(
                            before.name(),
                            before.localAsn(),
                            before.routerId(),
                            before.listen(),
                            before.peers(),
                            many)))
                .join())
        .hasMessageContaining("as65001 failed")
        .hasMessageContaining("planted");

    assertThat(faults("instance")).isEqualTo(1);
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    router
                        .routes(
                            "as65000",
                            new RouteTable.AdjRibIn("to-" + NODE),
                            AddressFamily.IPV4_UNICAST)
                        .join())
                .hasSize(20_000));
  }

  @Test
  void whileAnInstanceRestsItsStateSaysWhy() {
    // Whenever it starts, it fails.
    clock.fails("Instance", "originate", Integer.MAX_VALUE);

    assertThatThrownBy(() -> node.apply(dialingNode()).join()).hasMessageContaining("planted");

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          InstanceState state = node.state().instances().getFirst();
          assertThat(state.listenProblem()).contains("internal fault", "planted");
          assertThat(state.peers().getFirst().lastError()).contains("internal fault");
          assertThat(state.peers().getFirst().phase().text()).isEqualTo("idle");
        });
    clock.fails("Instance", "originate", 0);
    router.apply(listeningRouter());

    SpeakerPair.awaitUp(node, "to-" + ROUTER);
  }

  private static DesiredSpeaker dialingNode() {
    return speaker(
        new DesiredInstance(
            "as65001",
            65001,
            (Inet4Address) ip(NODE),
            new Listen.Off(),
            List.of(timers(peer(NODE, ROUTER, 65000), 1, 90, 30)),
            PrefixSet.of(List.of(Prefix.parse("172.20.0.0/24")))));
  }

  private static DesiredSpeaker listeningRouter() {
    return speaker(listening(ROUTER, 65000, routes(), passive(peer(ROUTER, NODE, 65001))));
  }

  private double faults(String part) {
    return metrics.find("peerage.bgp.faults").tag("part", part).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Throws an Error when a certain method asks it for the time. */
  private static final class FaultyClock implements InstantSource {
    private final AtomicInteger left = new AtomicInteger();
    private final InstantSource system = InstantSource.system();
    private volatile String where = "";

    void fails(String type, String method, int times) {
      where = type + "." + method;
      left.set(times);
    }

    @Override
    public Instant instant() {
      if (left.get() > 0 && asked()) {
        left.decrementAndGet();
        throw new AssertionError("planted in " + where);
      }
      return system.instant();
    }

    private boolean asked() {
      return StackWalker.getInstance()
          .walk(frames ->
              frames.anyMatch(frame ->
                  where.equals(
                      frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1)
                          + "."
                          + frame.getMethodName())));
    }
  }
}

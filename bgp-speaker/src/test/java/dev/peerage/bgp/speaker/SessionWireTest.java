package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.gracefulRestart;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Update;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How sessions begin and end on the wire. */
class SessionWireTest extends WireScenario {
  private static final String OTHER = "10.0.0.2";

  SessionWireTest() throws IOException {}

  @Test
  void shutsDownWithACease() throws IOException {
    apply(Set.of(), gracefulRestart(router(), 15));
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    node.close(Shutdown.CEASE).join();

    peer.expectNotification(NotificationCode.ADMINISTRATIVE_SHUTDOWN);
  }

  @Test
  void closesInSilenceForAGracefulRestart() throws IOException {
    apply(Set.of(), gracefulRestart(router(), 15));
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    node.close(Shutdown.GRACEFUL_RESTART).join();

    peer.expectEnd();
  }

  @Test
  void peersWithoutGracefulRestartGetACeaseAllTheSame() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    node.close(Shutdown.GRACEFUL_RESTART).join();

    peer.expectNotification(NotificationCode.ADMINISTRATIVE_SHUTDOWN);
  }

  @Test
  void onlyTheFirstOpenAfterARestartSaysSo() throws IOException {
    node.close(Shutdown.CEASE).join();
    node = start(true);
    apply(Set.of(), gracefulRestart(router(), 15));

    RawPeer first = accept();
    assertThat(restart(first.establish(ROUTER_OPEN)))
        .isEqualTo(new Capability.GracefulRestart(true, true, 15, families(true)));
    first.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    first.close();

    // RFC 8538 section 3: what the router may have kept is still forwarded.
    assertThat(restart(accept().establish(ROUTER_OPEN)))
        .isEqualTo(new Capability.GracefulRestart(false, true, 15, families(true)));
  }

  private static Capability.GracefulRestart restart(Open open) {
    return open.capability(Capability.GracefulRestart.class).orElseThrow();
  }

  private static List<Capability.GracefulRestart.FamilyState> families(boolean forwarding) {
    return List.of(
        new Capability.GracefulRestart.FamilyState(
            Capability.Family.of(AddressFamily.IPV4_UNICAST), forwarding));
  }

  @Test
  void aWrongAsnIsRefusedAndTriedLessAndLessOften() throws IOException {
    apply(Set.of(), router());
    List<Long> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (RawPeer peer = RawPeer.accept(server)) {
        accepted.add(System.nanoTime());
        peer.send(RawPeer.open(65009, ROUTER, 180));
        peer.expect(Open.class);
        peer.expectNotification(NotificationCode.BAD_PEER_AS);
      }
    }

    // 1 s and 2 s, less 25 % jitter.
    assertThat(accepted.get(1) - accepted.get(0)).isGreaterThan(740_000_000L);
    assertThat(accepted.get(2) - accepted.get(1)).isGreaterThan(1_480_000_000L);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(onlyPeer().lastError()).contains("65009").contains("65000"));
    assertThat(onlyPeer().phase().text()).isNotEqualTo("established");
  }

  @Test
  void aPeerThatKnowsNoCapabilitiesGetsOneOpenWithoutThem() throws IOException {
    apply(Set.of(), router());
    try (RawPeer first = accept()) {
      assertThat(first.expect(Open.class).capabilities()).isNotEmpty();
      first.send(Notification.of(NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER));
      first.expectEnd();
    }
    try (RawPeer second = accept()) {
      Open bare = second.establish(new Open(65000, 180, ROUTER_OPEN.bgpIdentifier(), List.of()));
      assertThat(bare.capabilities()).isEmpty();
      assertThat(second.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST)).isEmpty();
      second.send(Notification.of(NotificationCode.ADMINISTRATIVE_RESET));
    }
    assertThat(accept().expect(Open.class).capabilities()).isNotEmpty();
  }

  @Test
  void aSilentPeerIsGivenUpAfterTheHoldTime() throws IOException {
    apply(Set.of(), timers(router(), 5, 3, 1));
    long since = System.nanoTime();
    RawPeer peer = established();

    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    peer.expectNotification(NotificationCode.HOLD_TIMER_EXPIRED);

    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(2900));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(onlyPeer().lastError()).contains("hold timer"));
  }

  @Test
  void withoutHoldTimeNoKeepaliveIsSent() throws IOException {
    DesiredPeer other = timers(passive(peer(NODE, OTHER, 65002)), 5, 90, 1);
    node.apply(speaker(listening(NODE, 65001, Set.of(), timers(router(), 5, 90, 1), other))).join();
    RawPeer peer = accept();
    peer.establish(RawPeer.open(65000, ROUTER, 0));
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    // As long as another session with the same timers takes for four more keepalives.
    try (RawPeer talking = dialWhenListening(OTHER)) {
      talking.establish(RawPeer.open(65002, OTHER, 90));
      talking.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      for (int i = 0; i < 4; i++) {
        talking.expect(Keepalive.class);
      }
    }

    assertThat(node.state().instances().getFirst().peers().getFirst().phase().text())
        .isEqualTo("established");
    node.close(Shutdown.CEASE).join();
    assertThat(peer.next()).as("no KEEPALIVE before it").isInstanceOf(Notification.class);
  }

  @Test
  void ofTwoConnectionsTheOneOfTheHigherIdentifierSurvives() throws IOException {
    node.apply(speaker(listening(NODE, 65001, routes(A.toString()), router()))).join();
    RawPeer dialedByNode = accept();
    dialedByNode.expect(Open.class);
    RawPeer dialedByRouter = dial(ROUTER);
    dialedByRouter.expect(Open.class);

    dialedByNode.send(ROUTER_OPEN);
    dialedByNode.expect(Keepalive.class);
    dialedByRouter.send(ROUTER_OPEN);

    // The router has the higher identifier.
    dialedByNode.expectNotification(NotificationCode.CONNECTION_COLLISION_RESOLUTION);
    dialedByRouter.expect(Keepalive.class);
    dialedByRouter.send(Keepalive.KEEPALIVE);
    assertThat(dialedByRouter.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST)).hasSize(1);
  }

  @Test
  void besideAnEstablishedSessionASecondConnectionHearsNoKeepalive() throws IOException {
    node.apply(speaker(listening(NODE, 65001, routes(A.toString()), router()))).join();
    RawPeer first = established();
    first.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    RawPeer second = dial(ROUTER);
    second.expect(Open.class);
    second.send(ROUTER_OPEN, Keepalive.KEEPALIVE);

    // RFC 4271 section 6.8: refused at the OPEN, before OpenConfirm.
    assertThat(second.next())
        .isEqualTo(Notification.of(NotificationCode.CONNECTION_COLLISION_RESOLUTION));
    second.expectEnd();
    node.apply(speaker(listening(NODE, 65001, routes(A.toString(), B.toString()), router())))
        .join();
    assertThat(RawPeer.announced(first.expect(Update.class))).containsExactly(B);
  }

  @Test
  void strangersHearNothing() throws IOException {
    node.apply(speaker(listening(NODE, 65001, Set.of(), passive(router())))).join();
    RawPeer known = dialWhenListening(ROUTER);
    known.establish(ROUTER_OPEN);

    RawPeer.assertUnheard(loopback.toSocket(ip("10.0.0.200"), 0), nodeSocket());

    known.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
  }
}

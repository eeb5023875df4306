package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the state says about a session, against what a raw peer really said and heard. */
class SessionStateTest {
  private static final String NODE = "10.0.0.1";
  private static final String ROUTER = "10.0.0.9";
  private static final Open ROUTER_OPEN = RawPeer.open(65000, ROUTER, 60);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Loopback loopback = new Loopback();
  private final Speaker node = Speaker.start(Desired.settings(loopback, () -> NOW));
  private final List<SpeakerEvent> events = new CopyOnWriteArrayList<>();
  private final ServerSocket server = RawPeer.listen(loopback.toSocket(ip(ROUTER), 179));

  SessionStateTest() throws IOException {
    node.onEvent(events::add);
  }

  @AfterEach
  void close() throws IOException {
    node.close(Shutdown.CEASE).join();
    server.close();
  }

  private RawPeer accept() throws IOException {
    node.apply(speaker(dialing(NODE, 65001, routes("172.20.0.0/24"), peer(NODE, ROUTER, 65000))))
        .join();
    return RawPeer.accept(server);
  }

  private PeerState awaitPeer(Predicate<PeerState> wanted) {
    // The state follows what was applied a moment later.
    return await()
        .atMost(LIMIT)
        .ignoreException(NoSuchElementException.class)
        .until(this::state, wanted);
  }

  private PeerState state() {
    return node.state().instances().getFirst().peers().getFirst();
  }

  @Test
  void showsConnectionCapabilitiesAndTimersOfBothSides() throws IOException {
    try (RawPeer router = accept()) {
      Open heard = router.establish(ROUTER_OPEN);

      PeerState state = awaitPeer(peer -> peer.phase() instanceof Phase.Up);

      Phase.Up up = (Phase.Up) state.phase();
      assertThat(up.holdSeconds()).isEqualTo(60);
      assertThat(up.keepAliveSeconds()).isEqualTo(20);
      assertThat(state.timers()).isEqualTo(Desired.TIMERS);
      assertThat(state.since()).isEqualTo(NOW).isEqualTo(up.since());
      PeerState.Session session = up.session();
      assertThat(session.dialed()).isTrue();
      assertThat(session.peerId()).isEqualTo(ip(ROUTER));
      assertThat(session.local().getAddress()).isEqualTo(ip(NODE));
      assertThat(session.remote().getAddress()).isEqualTo(ip(ROUTER));
      assertThat(session.remote().getPort()).isEqualTo(server.getLocalPort());
      assertThat(session.sent()).isEqualTo(heard.capabilities());
      assertThat(session.received()).isEqualTo(ROUTER_OPEN.capabilities());
      assertThat(session.received()).contains(new Capability.FourOctetAsn(65000));
    }
  }

  @Test
  void countsMessagesByTypeAndDirection() throws IOException {
    try (RawPeer router = accept()) {
      router.establish(ROUTER_OPEN);
      router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      router.send(Keepalive.KEEPALIVE);
      router.send(Keepalive.KEEPALIVE);

      PeerState state = awaitPeer(peer -> peer.received().keepalives() >= 3);

      // One OPEN of 29 bytes and more, three KEEPALIVEs.
      assertThat(state.received().opens()).isOne();
      assertThat(state.received().keepalives()).isEqualTo(3);
      assertThat(state.received().updates()).isZero();
      assertThat(state.received().bytes()).isGreaterThan(29 + 3 * 19).isLessThan(200);
      // One route and its End-of-RIB.
      assertThat(state.sent().opens()).isOne();
      assertThat(state.sent().updates()).isEqualTo(2);
      assertThat(state.sent().keepalives()).isPositive();
      assertThat(state.sent().notifications()).isZero();
    }
    awaitPeer(peer -> peer.phase() instanceof Phase.Down);
    try (RawPeer router = RawPeer.accept(server)) {
      router.establish(ROUTER_OPEN);
      PeerState again = awaitPeer(peer -> peer.sent().opens() == 2);
      assertThat(again.received().keepalives()).as("counts go on").isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void namesTheNotificationThatWasReceived() throws IOException {
    try (RawPeer router = accept()) {
      router.establish(ROUTER_OPEN);
      awaitPeer(peer -> peer.phase() instanceof Phase.Up);
      router.send(
          Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, "see you tomorrow"));

      PeerState state = awaitPeer(peer -> peer.phase() instanceof Phase.Down);

      SessionError.Received error = (SessionError.Received) state.error();
      assertThat(error.notification().is(NotificationCode.ADMINISTRATIVE_SHUTDOWN)).isTrue();
      assertThat(error.text()).contains("see you tomorrow").isEqualTo(state.lastError());
      assertThat(events)
          .element(0)
          .isInstanceOfSatisfying(
              SpeakerEvent.SessionUp.class, up -> assertThat(up.peer()).isEqualTo(state.name()));
      assertThat(events)
          .element(1)
          .isEqualTo(new SpeakerEvent.SessionDown("as65001", state.name(), error));
    }
  }

  @Test
  void aNotificationIsNotForgottenWhenLaterDialsFail() throws IOException {
    try (RawPeer router = accept()) {
      router.establish(ROUTER_OPEN);
      awaitPeer(peer -> peer.phase() instanceof Phase.Up);
      server.close();
      router.send(Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, "rack 7"));

      PeerState state = awaitPeer(peer -> peer.lastError().contains("since then"));

      assertThat(state.error()).isInstanceOf(SessionError.Received.class);
      assertThat(state.lastError()).contains("rack 7").endsWith("; since then: connection refused");
    }
    try (ServerSocket again = RawPeer.listen(loopback.toSocket(ip(ROUTER), 179));
        RawPeer router = RawPeer.accept(again)) {
      router.establish(ROUTER_OPEN);
      awaitPeer(peer -> peer.phase() instanceof Phase.Up);
      again.close();
      router.close();
      PeerState state = awaitPeer(peer -> peer.error() instanceof SessionError.Tcp);
      assertThat(state.lastError()).as("a new session, a new reason").doesNotContain("rack 7");
    }
  }

  @Test
  void namesTheNotificationThatWasSent() throws IOException {
    try (RawPeer router = accept()) {
      router.send(RawPeer.open(64999, ROUTER, 9));

      PeerState state = awaitPeer(peer -> peer.error() instanceof SessionError.Sent);

      SessionError.Sent error = (SessionError.Sent) state.error();
      assertThat(error.notification().is(NotificationCode.BAD_PEER_AS)).isTrue();
      assertThat(state.lastError()).contains("64999");
    }
  }

  @Test
  void aTcpErrorIsOne() throws IOException {
    server.close();
    node.apply(speaker(dialing(NODE, 65001, Set.of(), peer(NODE, ROUTER, 65000)))).join();

    PeerState state = awaitPeer(peer -> !peer.lastError().isEmpty());

    assertThat(state.error()).isInstanceOf(SessionError.Tcp.class);
    assertThat(state.lastError()).isEqualTo("connection refused");
    assertThat(state.sent()).isEqualTo(MessageCounts.NONE);
  }
}

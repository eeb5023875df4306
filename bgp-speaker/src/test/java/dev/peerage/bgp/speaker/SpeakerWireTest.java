package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.gracefulRestart;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a speaker really says, recorded by a peer that is nothing but a socket and the codec. */
class SpeakerWireTest {
  private static final String NODE = "10.0.0.1";
  private static final String ROUTER = "10.0.0.9";
  private static final Open ROUTER_OPEN = RawPeer.open(65000, ROUTER, 180);
  private static final Prefix A = Prefix.parse("172.20.0.0/24");
  private static final Prefix B = Prefix.parse("172.20.1.0/24");
  private static final Prefix C = Prefix.parse("172.20.2.0/24");

  private final Loopback loopback = new Loopback();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Speaker node = start(false);
  private ServerSocket server = new ServerSocket();

  SpeakerWireTest() throws IOException {}

  private Speaker start(boolean restarting) {
    return Speaker.start(
        new SpeakerSettings(
            loopback, InstantSource.system(), new SimpleMeterRegistry(), restarting));
  }

  @BeforeEach
  void listen() throws IOException {
    server.close();
    server = RawPeer.listen(loopback.toSocket(ip(ROUTER), 179));
  }

  @AfterEach
  void close() throws Exception {
    node.close(Shutdown.CEASE).join();
    for (AutoCloseable each : open) {
      each.close();
    }
    server.close();
  }

  private RawPeer accept() throws IOException {
    RawPeer peer = RawPeer.accept(server);
    open.add(peer);
    return peer;
  }

  private RawPeer dial(String from) throws IOException {
    RawPeer peer = RawPeer.dial(loopback.toSocket(ip(from), 0), nodeSocket());
    open.add(peer);
    return peer;
  }

  private InetSocketAddress nodeSocket() {
    return loopback.toSocket(ip(NODE), 179);
  }

  private RawPeer established() throws IOException {
    RawPeer peer = accept();
    peer.establish(ROUTER_OPEN);
    return peer;
  }

  private void apply(Set<Prefix> routes, DesiredPeer... peers) {
    node.apply(speaker(dialing(NODE, 65001, routes, peers))).join();
  }

  private static DesiredPeer router() {
    return exporting(peer(NODE, ROUTER, 65000), only(A.toString(), B.toString(), C.toString()));
  }

  @Test
  void announcesAllRoutesThenEndOfRib() throws IOException {
    apply(routes(A.toString(), B.toString()), router());
    RawPeer peer = established();

    List<Update> updates = peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    assertThat(updates).hasSize(1);
    assertThat(RawPeer.announced(updates.getFirst())).containsExactlyInAnyOrder(A, B);
    assertThat(updates.getFirst().attributes().asPath().text()).isEqualTo("65001");
    assertThat(updates.getFirst().attributes().nextHop()).contains(ip(NODE));
  }

  @Test
  void sendsOnlyWhatChanged() throws IOException {
    apply(routes(A.toString(), B.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(routes(A.toString()), router());
    Update update = peer.expect(Update.class);
    assertThat(RawPeer.withdrawn(update)).containsExactly(B);
    assertThat(RawPeer.announced(update)).isEmpty();

    // The same again sends nothing: the next thing heard is the one after it.
    apply(routes(A.toString()), router());
    apply(routes(A.toString(), C.toString()), router());
    update = peer.expect(Update.class);
    assertThat(RawPeer.announced(update)).containsExactly(C);
    assertThat(RawPeer.withdrawn(update)).isEmpty();
  }

  @Test
  void sendsWithdrawalsBeforeAnnouncements() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(routes(B.toString()), router());

    assertThat(RawPeer.withdrawn(peer.expect(Update.class))).containsExactly(A);
    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(B);
  }

  @Test
  void aChangedExportPolicySendsTheDifferenceOnly() throws IOException {
    Set<Prefix> all = routes(A.toString(), B.toString(), C.toString());
    apply(all, exporting(router(), only(A.toString(), B.toString())));
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(all, exporting(router(), only(B.toString(), C.toString())));

    assertThat(RawPeer.withdrawn(peer.expect(Update.class))).containsExactly(A);
    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(C);
  }

  @Test
  void aRouteRefreshBringsAllRoutesAgain() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    // Not negotiated: ignored.
    peer.send(RouteRefresh.of(AddressFamily.IPV6_UNICAST, RouteRefresh.REQUEST));
    peer.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST));

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

  @Test
  void aRemovedPeerIsToldSo() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of());

    peer.expectNotification(NotificationCode.PEER_DE_CONFIGURED);
  }

  @Test
  void changedTimersRestartTheSessionOnce() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), gracefulRestart(timers(router(), 5, 30, 10), 15));

    peer.expectNotification(NotificationCode.OTHER_CONFIGURATION_CHANGE);
    Open again = accept().establish(ROUTER_OPEN);
    assertThat(again.holdTime()).isEqualTo(30);
    assertThat(again.announces(Capability.GracefulRestart.class)).isTrue();
  }

  @Test
  void aChangedConnectRetryDisturbsNobody() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), timers(router(), 60, 9, 3));
    apply(routes(A.toString()), timers(router(), 60, 9, 3));

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

  @Test
  void aNewPeerLeavesTheOthersAlone() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), router(), peer(NODE, "10.0.0.77", 65077));
    apply(routes(A.toString()), router());

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

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
    apply(Set.of(), timers(router(), 5, 3, 1));
    RawPeer peer = accept();
    peer.establish(RawPeer.open(65000, ROUTER, 0));
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    assertThat(peer.silentFor(Duration.ofSeconds(4))).isTrue();
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
  void strangersHearNothing() throws IOException {
    node.apply(speaker(listening(NODE, 65001, Set.of(), passive(router())))).join();
    RawPeer known = dialWhenListening(ROUTER);
    known.establish(ROUTER_OPEN);

    RawPeer.assertUnheard(loopback.toSocket(ip("10.0.0.200"), 0), nodeSocket());

    known.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
  }

  @Test
  void messagesMayArriveByteByByte() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = accept();
    peer.sendSlowly(ROUTER_OPEN);
    peer.expect(Open.class);
    peer.sendSlowly(Keepalive.KEEPALIVE);

    assertThat(peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST)).hasSize(1);
  }

  private RawPeer dialWhenListening(String from) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> dial(from), _ -> true);
  }

  private PeerState onlyPeer() {
    return node.state().instances().getFirst().peers().getFirst();
  }

  @Test
  void usesRoutesWithAnotherAsInFrontOnlyFromARouteServer() throws IOException { // RFC 7947
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.send(
        new Update(
            PrefixList.empty(AddressFamily.IPV4_UNICAST),
            PathAttributes.of(
                Origin.IGP, AsPath.of(65077), new PathAttribute.NextHop(ip("10.0.0.77"))),
            PrefixList.of(A)));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> table(new RouteTable.AdjRibIn(router().name())).equals(List.of(A)));
    assertThat(table(new RouteTable.LocRib())).isEmpty();

    apply(Set.of(), router().withImportPolicy(DesiredPeer.ImportPolicy.ACCEPT_FROM_ROUTE_SERVER));
    assertThat(table(new RouteTable.LocRib())).containsExactly(A);
  }

  private List<Prefix> table(RouteTable table) {
    return node.routes("as65001", table, AddressFamily.IPV4_UNICAST).join().stream()
        .map(RouteView::prefix)
        .toList();
  }
}

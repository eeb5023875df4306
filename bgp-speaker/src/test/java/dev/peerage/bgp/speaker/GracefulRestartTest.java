package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Graceful restart on real sockets. The helper's role: a router goes away, and a second one hears
 * what becomes of its routes.
 */
class GracefulRestartTest {
  private static final String NODE = "10.0.0.1";
  private static final String ROUTER = "10.0.0.9";
  private static final String WATCHER = "10.0.0.8";
  private static final Prefix A = Prefix.parse("172.20.0.0/24");
  private static final Prefix B = Prefix.parse("172.20.1.0/24");
  private static final Prefix LOCAL = Prefix.parse("172.20.2.0/24");

  private final Loopback loopback = new Loopback();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Speaker node = start(false);

  private Speaker start(boolean restarting) {
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

  private void helper(GracefulRestart restart) {
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

  private RawPeer dial(String from) {
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

  private RawPeer watcher() {
    RawPeer watcher = dial(WATCHER);
    watcher.establish(RawPeer.open(65002, WATCHER, 0));
    watcher.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    return watcher;
  }

  /** Up, with these routes announced, and End-of-RIB sent. */
  private RawPeer router(Open opening, Prefix... prefixes) {
    RawPeer router = dial(ROUTER);
    router.establish(opening);
    router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    router.send(RawPeer.announcement(65000, ROUTER, prefixes));
    router.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));
    return router;
  }

  private enum Bit {
    RESTARTING,
    NOTIFICATION,
    FORWARDING
  }

  /** An OPEN with graceful restart, hold time 0. */
  private static Open opening(int restartTime, Bit... bits) {
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

  private static void hears(RawPeer watcher, Prefix... announced) {
    List<Prefix> heard = new ArrayList<>();
    while (heard.size() < announced.length) {
      Update update = watcher.expect(Update.class);
      assertThat(RawPeer.withdrawn(update)).isEmpty();
      heard.addAll(RawPeer.announced(update));
    }
    assertThat(heard).containsExactlyInAnyOrder(announced);
  }

  private static void loses(RawPeer watcher, Prefix... withdrawn) {
    List<Prefix> lost = new ArrayList<>();
    while (lost.size() < withdrawn.length) {
      Update update = watcher.expect(Update.class);
      assertThat(RawPeer.announced(update)).isEmpty();
      lost.addAll(RawPeer.withdrawn(update));
    }
    assertThat(lost).containsExactlyInAnyOrder(withdrawn);
  }

  private void awaitRouter(String phase) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> node.state().instances().getFirst().peers().getFirst().phase().text(),
            phase::equals);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: stale routes stay, and go at End-of-RIB unless announced again")
  void staleUntilEndOfRib() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A, B);
    hears(watcher, A, B);

    router.close();
    awaitRouter("active");
    RawPeer back = dial(ROUTER);
    back.establish(opening(120, Bit.RESTARTING, Bit.FORWARDING));
    back.send(RawPeer.announcement(65000, ROUTER, A));
    back.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));

    // Neither the loss of the session nor the same route again is heard.
    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: stale routes go when the restart time is over")
  void staleUntilTheRestartTimeIsOver() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(1), A);
    hears(watcher, A);

    long since = System.nanoTime();
    router.close();

    loses(watcher, A);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  @DisplayName("this side's limit counts when the peer's restart time is longer")
  void ownLimit() throws IOException {
    helper(new GracefulRestart.On(120, 1, new LongLived.Off()));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(4095), A);
    hears(watcher, A);

    router.close();

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: a peer that is back and never sends End-of-RIB has a limit too")
  void endOfRibOverdue() throws IOException {
    helper(new GracefulRestart.On(120, 1, new LongLived.Off()));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(4095), A, B);
    hears(watcher, A, B);

    router.close();
    RawPeer back = dial(ROUTER);
    back.establish(opening(4095, Bit.RESTARTING, Bit.FORWARDING));
    back.send(RawPeer.announcement(65000, ROUTER, A));

    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: without the F bit stale routes go when the session is back")
  void forwardingNotKept() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A);
    hears(watcher, A);

    router.close();
    dial(ROUTER).establish(opening(120, Bit.RESTARTING));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4724 §4: without N bits a NOTIFICATION ends it all")
  void notificationWithoutTheNBit() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A);
    hears(watcher, A);

    router.send(Notification.of(NotificationCode.ADMINISTRATIVE_SHUTDOWN));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 8538 §2: with N bits routes outlive a NOTIFICATION")
  void notificationWithTheNBit() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120, Bit.NOTIFICATION), A, B);
    hears(watcher, A, B);

    router.send(Notification.of(NotificationCode.ADMINISTRATIVE_RESET));
    router.expectEnd();
    RawPeer back = dial(ROUTER);
    back.establish(opening(120, Bit.NOTIFICATION, Bit.FORWARDING));
    back.send(RawPeer.announcement(65000, ROUTER, B));
    back.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 8538 §3: a Hard Reset takes the routes away all the same")
  void hardReset() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120, Bit.NOTIFICATION), A);
    hears(watcher, A);

    router.send(
        Notification.hardReset(
            Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, "moving\u0007out")));

    loses(watcher, A);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(node.state().instances().getFirst().peers().getFirst().lastError())
                .contains("Hard Reset")
                .contains("moving out"));
  }

  @Test
  @DisplayName("RFC 8538 §3: with N bits routes outlive this side's NOTIFICATION too")
  void malformedMessageWithTheNBit() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120, Bit.NOTIFICATION), A, B);
    hears(watcher, A, B);

    router.send(opening(120));
    router.expectNotification(NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED);
    RawPeer back = dial(ROUTER);
    back.establish(opening(120, Bit.NOTIFICATION, Bit.FORWARDING));
    back.send(RawPeer.announcement(65000, ROUTER, B));
    back.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: a peer that connects anew replaces its Established session")
  void aPeerThatReconnectsFirst() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A, B);
    hears(watcher, A, B);

    // Twice: whichever connection the session runs over, the next connection finds another one.
    RawPeer second = dial(ROUTER);
    second.establish(opening(120, Bit.RESTARTING, Bit.FORWARDING));
    router.expectEnd();
    second.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    second.send(RawPeer.announcement(65000, ROUTER, A, B));
    second.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));
    RawPeer third = dial(ROUTER);
    third.establish(opening(120, Bit.FORWARDING));
    second.expectEnd();
    third.send(RawPeer.announcement(65000, ROUTER, B));
    third.send(Update.endOfRib(AddressFamily.IPV4_UNICAST));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4271 §6.8: without graceful restart the Established session stays")
  void aPeerWithoutGracefulRestartReconnects() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(RawPeer.open(65000, ROUTER, 0), A);
    hears(watcher, A);

    RawPeer second = dial(ROUTER);
    second.send(RawPeer.open(65000, ROUTER, 0));
    second.expect(Open.class);
    second.expect(Keepalive.class);
    second.expectNotification(NotificationCode.CONNECTION_COLLISION_RESOLUTION);

    router.send(RawPeer.announcement(65000, ROUTER, B));
    hears(watcher, B);
  }

  @Test
  @DisplayName("RFC 9494 §4.2, §4.3: least preferred and marked when the restart time is over")
  void longLived() throws IOException {
    helper(new GracefulRestart.On(120, new LongLived.On(1)));
    RawPeer watcher = dial(WATCHER);
    watcher.establish(
        RawPeer.open(
            65002,
            WATCHER,
            0,
            new Capability.GracefulRestart(false, false, 0, List.of()),
            new Capability.LongLivedGracefulRestart(List.of())));
    watcher.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    Open opening = opening(1);
    RawPeer router =
        router(
            new Open(
                65000,
                0,
                opening.bgpIdentifier(),
                Stream.concat(
                        opening.capabilities().stream(),
                        Stream.of(
                            new Capability.LongLivedGracefulRestart(
                                List.of(
                                    new Capability.LongLivedGracefulRestart.FamilyTime(
                                        Capability.Family.of(AddressFamily.IPV4_UNICAST),
                                        true,
                                        86400)))))
                    .toList()),
            A);
    hears(watcher, A);

    router.close();

    Update depreferenced = watcher.expect(Update.class);
    assertThat(RawPeer.announced(depreferenced)).containsExactly(A);
    assertThat(depreferenced.attributes().communities())
        .containsExactly(new Community(0xffff_0006L));
    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 7313 §4: routes that a refresh does not bring again go at EoRR")
  void refreshOfThePeer() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A, B);
    hears(watcher, A, B);

    router.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.BEGIN));
    router.send(RawPeer.announcement(65000, ROUTER, A));
    router.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.END));

    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 7313 §4: a missing EoRR has a limit")
  void refreshOverdue() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(120), A, B);
    hears(watcher, A, B);

    router.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.BEGIN));
    router.send(RawPeer.announcement(65000, ROUTER, A));

    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 7313 §4: the answer to a refresh has a beginning and an end")
  void refreshAnswered() {
    node.apply(
            speaker(
                listening(
                    NODE, 65001, routes(LOCAL.toString()), passive(peer(NODE, ROUTER, 65000)))))
        .join();
    RawPeer router = dial(ROUTER);
    router.establish(opening(120));
    router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    router.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST));

    assertThat(router.expect(RouteRefresh.class).subtype()).isEqualTo(RouteRefresh.BEGIN);
    assertThat(RawPeer.announced(router.expect(Update.class))).containsExactly(LOCAL);
    assertThat(router.expect(RouteRefresh.class).subtype()).isEqualTo(RouteRefresh.END);
  }

  @Test
  @DisplayName("RFC 7313 §4: no marker before the family's End-of-RIB")
  void refreshAskedForEarly() {
    node.apply(
            speaker(
                listening(
                    NODE, 65001, routes(LOCAL.toString()), passive(peer(NODE, ROUTER, 65000)))))
        .join();
    RawPeer router = dial(ROUTER);
    router.send(opening(120));
    router.expect(Open.class);
    router.send(Keepalive.KEEPALIVE);
    router.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST));

    router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    assertThat(router.expect(RouteRefresh.class).subtype()).isEqualTo(RouteRefresh.BEGIN);
  }

  @Test
  @DisplayName("RFC 4724 §4.1: local routes wait for nobody's End-of-RIB")
  void localRoutesAreNotDeferred() {
    node.close(Shutdown.CEASE).join();
    node = start(true);
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(LOCAL.toString()),
                    passive(peer(NODE, ROUTER, 65000))
                        .withSession(session ->
                            session
                                .withFamilies(Set.of(AddressFamily.values()))
                                .withGracefulRestart(new GracefulRestart.On(120))))))
        .join();
    RawPeer router = dial(ROUTER);
    // It negotiates both families, restarts gracefully in one, and sends no End-of-RIB at all.
    Open ours = router.establish(opening(120));

    Capability.GracefulRestart restart =
        ours.capability(Capability.GracefulRestart.class).orElseThrow();
    assertThat(restart.restarting()).isTrue();
    assertThat(restart.families()).allMatch(Capability.GracefulRestart.FamilyState::forwarding);
    List<Update> updates = router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    assertThat(updates.stream().flatMap(each -> RawPeer.announced(each).stream()))
        .containsExactly(LOCAL);
  }

  @Test
  @DisplayName("the planner's first word decides: no session, and no End-of-RIB, before it")
  void nothingIsSaidBeforeTheFirstApply() throws IOException {
    try (ServerSocket server = RawPeer.listen(loopback.toSocket(ip(ROUTER), 179))) {
      node.close(Shutdown.CEASE).join();
      node = start(true);
      node.apply(
              speaker(
                  dialing(
                      NODE,
                      65001,
                      routes(LOCAL.toString()),
                      peer(NODE, ROUTER, 65000)
                          .withSession(
                              session -> session.withGracefulRestart(new GracefulRestart.On(15))))))
          .join();
      RawPeer router = RawPeer.accept(server);
      open.add(router);
      router.establish(opening(120));

      List<Update> beforeTheEnd = router.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      assertThat(beforeTheEnd.stream().flatMap(each -> RawPeer.announced(each).stream()))
          .containsExactly(LOCAL);
    }
  }

  @ParameterizedTest
  @EnumSource(Shutdown.class)
  void theCallerChoosesHowToClose(Shutdown how) {
    helper(new GracefulRestart.On(120));
    RawPeer router = router(opening(120), A);

    node.close(how, "back at noon").join();

    switch (how) {
      case CEASE -> {
        Notification notification = router.expect(Notification.class);
        assertThat(notification.is(NotificationCode.ADMINISTRATIVE_SHUTDOWN)).isTrue();
        assertThat(notification.shutdownCommunication()).isEqualTo("back at noon");
      }
      case DECONFIGURE -> router.expectNotification(NotificationCode.PEER_DE_CONFIGURED);
      case GRACEFUL_RESTART -> router.expectEnd();
    }
  }

  @Test
  void aRemovedPeerMayBeLeftInSilence() {
    helper(new GracefulRestart.On(120));
    RawPeer router = router(opening(120), A);

    node.apply(speaker(listening(NODE, 65001, Set.of())), StopReason.SILENT).join();

    router.expectEnd();
  }

  @Test
  void aRemovedPeersStaleRoutesGo() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(opening(4095), A);
    hears(watcher, A);
    router.close();
    awaitRouter("active");

    node.apply(speaker(listening(NODE, 65001, Set.of(), passive(peer(NODE, WATCHER, 65002)))))
        .join();

    loses(watcher, A);
  }
}

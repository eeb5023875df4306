package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Update;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The restarting speaker's role (RFC 4724 section 4.1), and connections of peers that come again.
 */
class RestartingSpeakerTest extends RestartScenario {
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
  @ValueSource(booleans = {true, false})
  @DisplayName("RFC 4724 §4.1: a peer known later is one of the process before, or new")
  void aPeerThatIsKnownLater(boolean allPeersWereKnown) {
    node.close(Shutdown.CEASE).join();
    node = start(true);
    DesiredSpeaker first = speaker(listening(NODE, 65001, routes(LOCAL.toString())));
    (allPeersWereKnown ? node.apply(first) : node.applyBeforeAllPeersAreKnown(first)).join();
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(LOCAL.toString()),
                    passive(peer(NODE, ROUTER, 65000))
                        .withSession(
                            session -> session.withGracefulRestart(new GracefulRestart.On(120))))))
        .join();
    Open ours = dial(ROUTER).establish(opening(120));

    Capability.GracefulRestart restart =
        ours.capability(Capability.GracefulRestart.class).orElseThrow();
    assertThat(restart.restarting()).isNotEqualTo(allPeersWereKnown);
    assertThat(restart.families())
        .isNotEmpty()
        .allSatisfy(family -> assertThat(family.forwarding()).isNotEqualTo(allPeersWereKnown));
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
  @DisplayName("RFC 4724 §4.2: a peer that connects anew replaces its Established session")
  void aPeerThatReconnectsFirst() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A, B);

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
    RawPeer router = router(watcher, RawPeer.open(65000, ROUTER, 0), A);

    RawPeer second = dial(ROUTER);
    second.send(RawPeer.open(65000, ROUTER, 0));
    second.expect(Open.class);
    assertThat(second.next())
        .as("no KEEPALIVE before it")
        .isEqualTo(Notification.of(NotificationCode.CONNECTION_COLLISION_RESOLUTION));
    second.expectEnd();

    router.send(RawPeer.announcement(65000, ROUTER, B));
    hears(watcher, B);
  }
}

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Update;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The helper's role (RFC 4724, RFC 8538, RFC 9494): a router goes away, and a watcher hears of it.
 */
class GracefulRestartTest extends RestartScenario {
  @Test
  @DisplayName("RFC 4724 §4.2: stale routes stay, and go at End-of-RIB unless announced again")
  void staleUntilEndOfRib() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A, B);

    router.close();
    awaitRouter("active");
    returns(opening(120, Bit.RESTARTING, Bit.FORWARDING), A);

    // Neither the loss of the session nor the same route again is heard.
    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: stale routes go when the restart time is over")
  void staleUntilTheRestartTimeIsOver() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(1), A);

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
    RawPeer router = router(watcher, opening(4095), A);

    router.close();

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: a peer that is back and never sends End-of-RIB has a limit too")
  void endOfRibOverdue() throws IOException {
    helper(new GracefulRestart.On(120, 1, new LongLived.Off()));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(4095), A, B);

    // At once, beside the old session: within the limit however slow this machine is.
    dial(ROUTER)
        .send(
            opening(4095, Bit.RESTARTING, Bit.FORWARDING),
            Keepalive.KEEPALIVE,
            RawPeer.announcement(65000, ROUTER, A));
    router.expectEnd();

    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: without the F bit stale routes go when the session is back")
  void forwardingNotKept() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A);

    router.close();
    dial(ROUTER).establish(opening(120, Bit.RESTARTING));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 4724 §4: without N bits a NOTIFICATION ends it all")
  void notificationWithoutTheNBit() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A);

    router.send(Notification.of(NotificationCode.ADMINISTRATIVE_SHUTDOWN));

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 8538 §2: with N bits routes outlive a NOTIFICATION")
  void notificationWithTheNBit() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120, Bit.NOTIFICATION), A, B);

    router.send(Notification.of(NotificationCode.ADMINISTRATIVE_RESET));
    router.expectEnd();
    returns(opening(120, Bit.NOTIFICATION, Bit.FORWARDING), B);

    loses(watcher, A);
  }

  @Test
  @DisplayName("RFC 8538 §3: a Hard Reset takes the routes away all the same")
  void hardReset() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120, Bit.NOTIFICATION), A);

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
    RawPeer router = router(watcher, opening(120, Bit.NOTIFICATION), A, B);

    router.send(opening(120));
    router.expectNotification(NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED);
    returns(opening(120, Bit.NOTIFICATION, Bit.FORWARDING), B);

    loses(watcher, A);
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
  void aRemovedPeersStaleRoutesGo() throws IOException {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(4095), A);
    router.close();
    awaitRouter("active");

    node.apply(speaker(listening(NODE, 65001, Set.of(), passive(peer(NODE, WATCHER, 65002)))))
        .join();

    loses(watcher, A);
  }
}

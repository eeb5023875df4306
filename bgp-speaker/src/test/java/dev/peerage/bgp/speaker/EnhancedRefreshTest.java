package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ROUTE-REFRESH with a beginning and an end (RFC 7313), in both directions. */
class EnhancedRefreshTest extends RestartScenario {
  @Test
  @DisplayName("RFC 7313 §4: routes that a refresh does not bring again go at EoRR")
  void refreshOfThePeer() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A, B);

    // In one piece: within the limit of 1 s however slow this machine is.
    router.send(
        RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.BEGIN),
        RawPeer.announcement(65000, ROUTER, A),
        RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.END));

    loses(watcher, B);
  }

  @Test
  @DisplayName("RFC 7313 §4: a missing EoRR has a limit")
  void refreshOverdue() {
    helper(new GracefulRestart.On(120));
    RawPeer watcher = watcher();
    RawPeer router = router(watcher, opening(120), A, B);

    router.send(
        RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.BEGIN),
        RawPeer.announcement(65000, ROUTER, A));

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
}

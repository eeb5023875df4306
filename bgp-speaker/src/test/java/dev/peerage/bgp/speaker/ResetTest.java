package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.SessionChanges.peers;
import static dev.peerage.bgp.speaker.SessionChanges.restart;
import static dev.peerage.bgp.speaker.SessionChanges.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.Update;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a change says to a router that keeps routes over NOTIFICATIONs (RFC 8538): its NOTIFICATION,
 * and the OPEN that follows, which must not take back what the NOTIFICATION said.
 */
class ResetTest extends RestartScenario {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private DesiredInstance before() {
    return Desired.listening(
        NODE,
        65001,
        routes(LOCAL.toString()),
        restart(120, new LongLived.Off())
            .apply(passive(exporting(peer(NODE, ROUTER, 65000), only(LOCAL.toString())))));
  }

  private void apply(DesiredInstance... instances) {
    node.apply(speaker(instances)).join();
  }

  private RawPeer established(DesiredInstance first) {
    apply(first);
    return router(opening(120, Bit.NOTIFICATION, Bit.FORWARDING), A);
  }

  /** What the OPEN of the session that follows says of the IPv4 routes. */
  private Optional<Boolean> forwards() {
    Open ours = dial(ROUTER).establish(opening(120, Bit.NOTIFICATION, Bit.FORWARDING));
    return ours.capability(Capability.GracefulRestart.class)
        .map(restart -> {
          assertThat(restart.restarting()).as("the process goes on: R").isFalse();
          return restart.families().getFirst().forwarding();
        });
  }

  private static UnaryOperator<DesiredInstance> session(UnaryOperator<SessionTerms> change) {
    return with(peer -> peer.withSession(change));
  }

  private static UnaryOperator<DesiredInstance> endpoint(UnaryOperator<Endpoint> change) {
    return with(peer -> peer.withEndpoint(change));
  }

  static Stream<Arguments> kept() {
    return Stream.of(
        arguments("holdTimeSeconds", session(it -> it.withTimers(new Timers(5, 60, 30)))),
        arguments("keepAliveTimeSeconds", session(it -> it.withTimers(new Timers(5, 90, 20)))),
        arguments("families", session(it -> it.withFamilies(Set.of(AddressFamily.values())))),
        arguments("long-lived restart", with(restart(120, new LongLived.On(60)))),
        arguments("ebgpMultihop", endpoint(it -> it.withHops(new Hops.Ttl(2)))),
        arguments("peerPort", endpoint(it -> it.withPort(1799))),
        arguments(
            "routerID",
            (UnaryOperator<DesiredInstance>)
                it -> SessionChanges.router(it, 65001, "10.0.0.5", it.listen())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void kept(String what, UnaryOperator<DesiredInstance> change) {
    DesiredInstance first = before();
    RawPeer router = established(first);

    apply(change.apply(first));

    router.expectNotification(NotificationCode.OTHER_CONFIGURATION_CHANGE);
    assertThat(forwards()).as("F after the change of " + what).contains(true);
  }

  static Stream<Arguments> given() {
    return Stream.of(
        arguments(
            "localASN",
            NotificationCode.OTHER_CONFIGURATION_CHANGE,
            (UnaryOperator<DesiredInstance>)
                it -> SessionChanges.router(it, 65009, NODE, it.listen())),
        arguments(
            "localAddress",
            NotificationCode.OTHER_CONFIGURATION_CHANGE,
            endpoint(it -> it.withSource(new Source.Address(ip("10.0.0.2"))))),
        arguments(
            "sourceInterface",
            NotificationCode.OTHER_CONFIGURATION_CHANGE,
            endpoint(it -> it.withSource(new Source.Interface("lo")))),
        arguments(
            "peerASN",
            NotificationCode.PEER_DE_CONFIGURED,
            with(it -> SessionChanges.named(it, it.name(), ROUTER, 0))),
        arguments(
            "peerAddress",
            NotificationCode.PEER_DE_CONFIGURED,
            with(it -> SessionChanges.named(it, it.name(), "10.0.0.7", 65000))),
        arguments(
            "the peer removed",
            NotificationCode.PEER_DE_CONFIGURED,
            (UnaryOperator<DesiredInstance>) it -> peers(it, List.of())),
        arguments(
            "routerID, and the peer's address",
            NotificationCode.OTHER_CONFIGURATION_CHANGE,
            (UnaryOperator<DesiredInstance>)
                it ->
                    SessionChanges.router(
                        with(p -> SessionChanges.named(p, p.name(), "10.0.0.7", 65000)).apply(it),
                        65001,
                        "10.0.0.5",
                        it.listen())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void given(String what, NotificationCode code, UnaryOperator<DesiredInstance> change) {
    DesiredInstance first = before();
    RawPeer router = established(first);

    apply(change.apply(first));

    Notification notification = router.expect(Notification.class);
    assertThat(notification.is(NotificationCode.HARD_RESET)).as(what).isTrue();
    assertThat(notification.reason().is(code)).as(what).isTrue();
    router.expectEnd();
  }

  @Test
  void anotherAsnSaysNothingOfRoutesThatWereKept() {
    DesiredInstance first = before();
    RawPeer router = established(first);

    apply(SessionChanges.router(first, 65009, NODE, first.listen()));

    router.expect(Notification.class);
    assertThat(forwards()).contains(false);
  }

  @Test
  void gracefulRestartOffIsNotOffered() {
    DesiredInstance first = before();
    RawPeer router = established(first);

    apply(session(it -> it.withGracefulRestart(new GracefulRestart.Off())).apply(first));

    router.expectNotification(NotificationCode.OTHER_CONFIGURATION_CHANGE);
    assertThat(forwards()).isEmpty();
  }

  static Stream<Arguments> listening() {
    return Stream.of(
        arguments("another port", new Listen.On(ip(NODE), 1791)),
        arguments("none", new Listen.Off()));
  }

  /** Sessions do not depend on the socket that they came through. */
  void hearsNothing(RawPeer router, DesiredInstance after, Prefix marker) {
    apply(SessionChanges.routes(after, after.routes().with(marker)));
    Update update = router.expect(Update.class);
    assertThat(RawPeer.announced(update)).containsExactly(marker);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void listening(String what, Listen after) {
    DesiredInstance first =
        with(p -> p.withExportPolicy(only(LOCAL.toString(), B.toString()))).apply(before());
    RawPeer router = established(first);
    DesiredInstance second = SessionChanges.router(first, 65001, NODE, after);

    apply(second);

    hearsNothing(router, second, B);
  }

  @Test
  void theOldPortIsHeardUntilTheNewOneIs() throws Exception {
    DesiredInstance first =
        with(p -> p.withExportPolicy(only(LOCAL.toString(), B.toString()))).apply(before());
    RawPeer router = established(first);
    DesiredInstance second =
        SessionChanges.router(first, 65001, NODE, new Listen.On(ip(NODE), 1791));
    try (ServerSocket _ = RawPeer.listen(loopback.toSocket(ip(NODE), 1791))) {
      apply(second);

      await().atMost(LIMIT).until(() -> instance().listenFault() == ListenFault.NOT_POSSIBLE);
      assertThat(instance().listenProblem())
          .contains("address already in use")
          .endsWith("; it listens on port 179 as before");
      hearsNothing(router, second, B);
      router.close();
      awaitRouter("active");
      dial(ROUTER).establish(opening(120, Bit.NOTIFICATION, Bit.FORWARDING));
    }
    await().atMost(LIMIT).until(() -> instance().listenFault() == ListenFault.NONE);
    RawPeer.dial(loopback.toSocket(ip(ROUTER), 0), loopback.toSocket(ip(NODE), 1791)).close();
  }

  private InstanceState instance() {
    return node.state().instances().getFirst();
  }

  @Test
  void aPasswordThatIsWithheldEndsTheSessionAndComesBack() throws Exception {
    DesiredInstance first = before();
    RawPeer router = established(first);

    apply(endpoint(it -> it.withAuthentication(new Authentication.Withheld())).apply(first));

    // The routes stay at the router.
    router.expectNotification(NotificationCode.OTHER_CONFIGURATION_CHANGE);
    RawPeer.assertUnheard(loopback.toSocket(ip(ROUTER), 0), loopback.toSocket(ip(NODE), 179));
    await()
        .atMost(LIMIT)
        .until(() -> instance().peers().getFirst().phase() instanceof PeerState.Phase.Down);

    apply(first);
    assertThat(forwards()).contains(true);
  }

  @Test
  void nobodyIsDialedWithoutThePassword() throws Exception {
    try (ServerSocket server = RawPeer.listen(loopback.toSocket(ip(ROUTER), 179))) {
      DesiredInstance dials =
          Desired.dialing(
              NODE,
              65001,
              routes(LOCAL.toString()),
              peer(NODE, ROUTER, 65000)
                  .withEndpoint(it -> it.withAuthentication(new Authentication.Withheld())));
      apply(dials);
      await()
          .atMost(LIMIT)
          .until(() -> instance().peers().getFirst().lastError().contains("not known"));
      apply(endpoint(it -> it.withAuthentication(new Authentication.None())).apply(dials));
      // The first connection that arrives is the one of the session.
      RawPeer accepted = RawPeer.accept(server);
      open.add(accepted);
      accepted.establish(opening(120));
    }
  }
}

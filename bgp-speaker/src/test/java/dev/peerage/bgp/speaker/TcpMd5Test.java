package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.SpeakerPair.NODE;
import static dev.peerage.bgp.speaker.SpeakerPair.ROUTER;
import static dev.peerage.bgp.speaker.SpeakerPair.await;
import static dev.peerage.bgp.speaker.SpeakerPair.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.testing.PortBlock;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 2385 on real sockets: the kernel of this host signs and checks. */
class TcpMd5Test {
  private static final String OTHER = "10.0.0.3";
  private static final Authentication NONE = new Authentication.None();

  private SpeakerPair pair = SpeakerPair.ipv4();

  @AfterEach
  void close() {
    pair.close();
  }

  private static Authentication key(String key) {
    return new Authentication.TcpMd5(key);
  }

  /** From the node's side; the router waits. */
  private static DesiredPeer toRouter(Authentication authentication) {
    return peer(NODE, ROUTER, 65000)
        .withSession(session -> session.withTimers(new Timers(1, 90, 30)))
        .withEndpoint(endpoint -> endpoint.withAuthentication(authentication));
  }

  private static DesiredPeer toNode(Authentication authentication) {
    return passive(peer(ROUTER, NODE, 65001))
        .withEndpoint(endpoint -> endpoint.withAuthentication(authentication));
  }

  private void node(DesiredPeer... peers) {
    pair.node.apply(speaker(dialing(NODE, 65001, routes(), peers))).join();
  }

  private void router(DesiredPeer... peers) {
    pair.router.apply(speaker(listening(ROUTER, 65000, routes(), peers))).join();
    pair.awaitRouterListens();
  }

  private void refusesUnsigned(String from, String to) throws IOException {
    try (Socket unsigned = new Socket()) {
      unsigned.bind(pair.addresses.toSocket(ip(from), 0));
      assertThatThrownBy(() -> unsigned.connect(pair.addresses.toSocket(ip(to), 179), 1500))
          .as("a connection without signature")
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Connection.class)
  void theSameKeyOnBothSidesComesUp(Connection connection) {
    router(toNode(key("secret")).withEndpoint(endpoint -> endpoint.withConnection(connection)));
    Connection other =
        switch (connection) {
          case ACTIVE -> Connection.PASSIVE;
          case PASSIVE -> Connection.ACTIVE;
          case BOTH -> Connection.BOTH;
        };
    pair.node
        .apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(),
                    toRouter(key("secret"))
                        .withEndpoint(endpoint -> endpoint.withConnection(other)))))
        .join();

    awaitUp(pair.node, "to-" + ROUTER);
    awaitUp(pair.router, "to-" + NODE);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACTIVE", "BOTH"})
  void overIpv6Too(Connection connection) {
    pair.close();
    pair = SpeakerPair.direct();
    InetAddress host = ip("::1");
    PortBlock ports = PortBlock.claim();
    int nodePort = ports.port(0);
    int routerPort = ports.port(1);
    pair.router
        .apply(
            speaker(
                new DesiredInstance(
                    "router",
                    65000,
                    (Inet4Address) ip(ROUTER),
                    new Listen.On(host, routerPort),
                    List.of(
                        DesiredPeer.of("node", host, 65001)
                            .withEndpoint(endpoint ->
                                endpoint
                                    .withPort(nodePort)
                                    .withConnection(
                                        connection == Connection.BOTH
                                            ? Connection.BOTH
                                            : Connection.PASSIVE)
                                    .withAuthentication(key("sechs")))),
                    PrefixSet.EMPTY)))
        .join();
    pair.node
        .apply(
            speaker(
                new DesiredInstance(
                    "node",
                    65001,
                    (Inet4Address) ip(NODE),
                    new Listen.On(host, nodePort),
                    List.of(
                        DesiredPeer.of("router", host, 65000)
                            .withEndpoint(endpoint ->
                                endpoint
                                    .withPort(routerPort)
                                    .withConnection(connection)
                                    .withAuthentication(key("sechs")))),
                    PrefixSet.EMPTY)))
        .join();

    awaitUp(pair.node, "router");
    awaitUp(pair.router, "node");
    try (Socket unsigned = new Socket()) {
      assertThatThrownBy(() -> unsigned.connect(new InetSocketAddress(host, routerPort), 1500))
          .isInstanceOf(SocketTimeoutException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWrongKeyNeverReachesOpenSentAndBothSidesSayWhatToCheck() {
    router(toNode(key("right")));
    node(toRouter(key("wrong")));

    PeerState node = await(pair.node, "to-" + ROUTER, peer -> !peer.lastError().isEmpty());
    PeerState router = await(pair.router, "to-" + NODE, peer -> !peer.lastError().isEmpty());

    assertThat(node.error()).isInstanceOf(SessionError.Tcp.class);
    assertThat(node.lastError()).contains("no answer", "check the password on both sides");
    assertThat(router.lastError()).contains("wrong TCP MD5 signature", "check the password");
    for (PeerState each : List.of(node, router)) {
      assertThat(each.sent().opens()).isZero();
      assertThat(each.received().opens()).isZero();
      assertThat(each.lastError()).doesNotContain("right", "\"wrong\"");
    }
  }

  @Test
  void whoMustSignIsNotHeardWithout() throws IOException {
    router(
        toNode(key("secret")),
        passive(peer(ROUTER, OTHER, 65003))
            .withEndpoint(endpoint -> endpoint.withAuthentication(NONE)));

    refusesUnsigned(NODE, ROUTER);
    try (RawPeer other =
        RawPeer.dial(
            pair.addresses.toSocket(ip(OTHER), 0), pair.addresses.toSocket(ip(ROUTER), 179))) {
      other.establish(RawPeer.open(65003, OTHER, 90));
    }
  }

  @Test
  void aKeyChangeResetsOneSessionOnceAndNoOther() throws IOException {
    DesiredPeer bystander =
        peer(NODE, OTHER, 65003)
            .withEndpoint(
                endpoint -> endpoint.withConnection(Connection.PASSIVE).withAuthentication(NONE));
    pair.node
        .apply(speaker(listening(NODE, 65001, routes(), toRouter(key("old")), bystander)))
        .join();
    pair.awaitNodeListens();
    router(toNode(key("old")));
    try (RawPeer other =
        RawPeer.dial(
            pair.addresses.toSocket(ip(OTHER), 0), pair.addresses.toSocket(ip(NODE), 179))) {
      other.establish(RawPeer.open(65003, OTHER, 90));
      awaitUp(pair.node, "to-" + ROUTER);
      awaitUp(pair.node, "to-" + OTHER);

      int resets = 0;
      for (Authentication next : List.of(key("new"), NONE, key("again"))) {
        resets++;
        pair.node
            .apply(speaker(listening(NODE, 65001, routes(), toRouter(next), bystander)))
            .join();
        router(toNode(next));
        awaitUp(pair.node, "to-" + ROUTER);
        awaitUp(pair.router, "to-" + NODE);
        assertThat(pair.downs("to-" + ROUTER)).isEqualTo(resets);
      }
      refusesUnsigned(ROUTER, NODE);
      assertThat(pair.downs("to-" + OTHER)).as("resets of the other session").isZero();
    }
  }

  @Test
  void eightyOctetsAreEnough() {
    router(toNode(key("8".repeat(80))));
    node(toRouter(key("8".repeat(80))));

    awaitUp(pair.node, "to-" + ROUTER);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACTIVE", "PASSIVE"})
  void aKeyTooLongIsAnErrorOfThatPeerAlone(Connection connection) {
    // 54 characters, 108 octets.
    DesiredPeer tooLong =
        toRouter(key("é".repeat(54))).withEndpoint(endpoint -> endpoint.withConnection(connection));
    pair.node
        .apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(),
                    tooLong,
                    peer(NODE, OTHER, 65003)
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("good"))))))
        .join();
    pair.router
        .apply(
            speaker(
                listening(
                    OTHER,
                    65003,
                    routes(),
                    passive(peer(OTHER, NODE, 65001))
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("good"))))))
        .join();

    PeerState bad = await(pair.node, "to-" + ROUTER, peer -> !peer.lastError().isEmpty());

    assertThat(bad.error()).isInstanceOf(SessionError.Configuration.class);
    assertThat(bad.lastError()).isEqualTo("the password has 108 octets, TCP MD5 takes 80 at most");
    awaitUp(pair.node, "to-" + OTHER);
    assertThat(pair.downs("to-" + OTHER)).isZero();

    // It recovers with the configuration.
    DesiredPeer mended =
        toRouter(key("fits")).withEndpoint(endpoint -> endpoint.withConnection(connection));
    pair.node.apply(speaker(listening(NODE, 65001, routes(), mended))).join();
    pair.router
        .apply(
            speaker(
                listening(
                    ROUTER,
                    65000,
                    routes(),
                    peer(ROUTER, NODE, 65001)
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("fits"))))))
        .join();
    awaitUp(pair.node, "to-" + ROUTER);
  }

  @Test
  void instancesHaveKeysOfTheirOwnForOneAddress() {
    pair.node
        .apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(),
                    passive(toRouter(key("one"))).withEndpoint(endpoint -> endpoint.withPort(1))),
                listening(
                    OTHER,
                    65003,
                    routes(),
                    passive(peer(OTHER, ROUTER, 65000))
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("two"))))))
        .join();
    pair.router
        .apply(
            speaker(
                dialing(
                    ROUTER,
                    65000,
                    routes(),
                    peer(ROUTER, NODE, 65001)
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("one"))),
                    peer(ROUTER, OTHER, 65003)
                        .withEndpoint(endpoint -> endpoint.withAuthentication(key("two"))))))
        .join();

    awaitUp(pair.router, "to-" + NODE);
    awaitUp(pair.router, "to-" + OTHER);
  }

  @Test
  void twoKeysForOneAddressAtOneListenerAreAnErrorOfTheSecondPeer() {
    DesiredPeer second =
        DesiredPeer.of("second", ip(NODE), 65002)
            .withEndpoint(endpoint ->
                endpoint.withConnection(Connection.PASSIVE).withAuthentication(key("two")));
    router(toNode(key("one")), second);
    node(toRouter(key("one")));

    awaitUp(pair.router, "to-" + NODE);
    PeerState state = await(pair.router, "second", peer -> !peer.lastError().isEmpty());
    assertThat(state.error()).isInstanceOf(SessionError.Configuration.class);
    assertThat(state.lastError()).contains("same address and another password");
    assertThat(state.phase()).isInstanceOf(Phase.Down.class);
  }

  @Test
  void theKeyIsInNoStateAndNoDescription() {
    router(toNode(key("sesame")));
    node(toRouter(key("sesame")));
    awaitUp(pair.node, "to-" + ROUTER);

    assertThat(pair.node.state().toString()).doesNotContain("sesame");
    assertThat(toRouter(key("sesame")).toString()).doesNotContain("sesame");
  }
}

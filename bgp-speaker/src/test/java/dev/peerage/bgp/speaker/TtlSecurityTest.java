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
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.testing.PortBlock;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5082 on real sockets. A socket without options sends with TTL 64. */
class TtlSecurityTest {
  private static final String OTHER = "10.0.0.3";

  private SpeakerPair pair = SpeakerPair.ipv4();

  @AfterEach
  void close() {
    pair.close();
  }

  private static DesiredPeer toRouter(Hops hops) {
    return peer(NODE, ROUTER, 65000)
        .withSession(session -> session.withTimers(new Timers(1, 90, 30)))
        .withEndpoint(endpoint -> endpoint.withHops(hops));
  }

  private static DesiredPeer toNode(Hops hops) {
    return passive(peer(ROUTER, NODE, 65001)).withEndpoint(endpoint -> endpoint.withHops(hops));
  }

  private void node(DesiredPeer... peers) {
    pair.node.apply(speaker(dialing(NODE, 65001, routes(), peers))).join();
  }

  private void router(DesiredPeer... peers) {
    pair.router.apply(speaker(listening(ROUTER, 65000, routes(), peers))).join();
    pair.awaitRouterListens();
  }

  private RawPeer dialRouter(String from) throws IOException {
    return RawPeer.dial(
        pair.addresses.toSocket(ip(from), 0), pair.addresses.toSocket(ip(ROUTER), 179));
  }

  @Test
  void twoNeighboursThatBothWantItComeUp() {
    router(toNode(new Hops.Gtsm(1)));
    node(toRouter(new Hops.Gtsm(1)));

    awaitUp(pair.node, "to-" + ROUTER);
    awaitUp(pair.router, "to-" + NODE);
  }

  @Test
  void alsoWhenOtherPeersOfTheListenerDoWithout() {
    router(toNode(new Hops.Gtsm(1)), passive(peer(ROUTER, OTHER, 65003)));
    node(toRouter(new Hops.Gtsm(1)));

    awaitUp(pair.node, "to-" + ROUTER);
    awaitUp(pair.router, "to-" + NODE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 254})
  void whoDialsWithLessIsNotHeard(int ttl) {
    router(toNode(new Hops.Gtsm(1)));
    node(toRouter(new Hops.Ttl(ttl)));

    PeerState node = await(pair.node, "to-" + ROUTER, peer -> !peer.lastError().isEmpty());

    assertThat(node.lastError()).contains("no answer");
    assertThat(node.sent().opens()).isZero();
    assertThat(SpeakerPair.peer(pair.router, "to-" + NODE).sent().opens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 254})
  void whoAnswersWithLessIsNotHeard(int ttl) {
    router(toNode(new Hops.Ttl(ttl)));
    node(toRouter(new Hops.Gtsm(1)));

    PeerState node = await(pair.node, "to-" + ROUTER, peer -> !peer.lastError().isEmpty());

    assertThat(node.lastError()).contains("no answer", "TTL 255", "at most 1 hop away");
    assertThat(node.sent().opens()).isZero();
  }

  @Test
  void aPlainSocketGetsNoAnswerWhenAllPeersWantIt() throws IOException {
    router(toNode(new Hops.Gtsm(1)));

    try (Socket plain = new Socket()) {
      plain.bind(pair.addresses.toSocket(ip(NODE), 0));
      assertThatThrownBy(() -> plain.connect(pair.addresses.toSocket(ip(ROUTER), 179), 1500))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aPlainSocketIsClosedUnheardWhenOnlyThisPeerWantsIt() throws IOException {
    router(toNode(new Hops.Gtsm(1)), passive(peer(ROUTER, OTHER, 65003)));

    RawPeer.assertUnheard(
        pair.addresses.toSocket(ip(NODE), 0), pair.addresses.toSocket(ip(ROUTER), 179));
    assertThat(SpeakerPair.peer(pair.router, "to-" + NODE).sent().opens()).isZero();
    try (RawPeer other = dialRouter(OTHER)) {
      other.establish(RawPeer.open(65003, OTHER, 90));
    }
  }

  @Test
  void theDistanceIsCounted() throws IOException {
    // 256 − 200 = 56: TTL 64 may have come so far.
    router(toNode(new Hops.Gtsm(200)));
    try (RawPeer plain = dialRouter(NODE)) {
      plain.establish(RawPeer.open(65001, NODE, 90));
    }
    // 256 − 192 = 64 is just enough, 256 − 191 = 65 not.
    router(toNode(new Hops.Gtsm(192)));
    try (RawPeer plain = dialRouter(NODE)) {
      plain.establish(RawPeer.open(65001, NODE, 90));
    }
    router(toNode(new Hops.Gtsm(191)));
    try (Socket plain = new Socket()) {
      plain.bind(pair.addresses.toSocket(ip(NODE), 0));
      assertThatThrownBy(() -> plain.connect(pair.addresses.toSocket(ip(ROUTER), 179), 1500))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void overIpv6Too(boolean bothWantIt) {
    pair.close();
    pair = SpeakerPair.direct();
    InetAddress host = ip("::1");
    int port = PortBlock.claim().port(0);
    pair.router
        .apply(
            speaker(
                new DesiredInstance(
                    "router",
                    65000,
                    (Inet4Address) ip(ROUTER),
                    new Listen.On(host, port),
                    List.of(
                        DesiredPeer.of("node", host, 65001)
                            .withEndpoint(endpoint ->
                                endpoint
                                    .withConnection(Connection.PASSIVE)
                                    .withHops(new Hops.Gtsm(1)))),
                    PrefixSet.EMPTY)))
        .join();
    pair.awaitRouterListens();
    pair.node
        .apply(
            speaker(
                new DesiredInstance(
                    "node",
                    65001,
                    (Inet4Address) ip(NODE),
                    new Listen.Off(),
                    List.of(
                        DesiredPeer.of("router", host, 65000)
                            .withEndpoint(endpoint ->
                                endpoint
                                    .withPort(port)
                                    .withHops(bothWantIt ? new Hops.Gtsm(1) : new Hops.Ttl(64)))
                            .withSession(session -> session.withTimers(new Timers(1, 90, 30)))),
                    PrefixSet.EMPTY)))
        .join();

    if (bothWantIt) {
      awaitUp(pair.node, "router");
    } else {
      PeerState state = await(pair.node, "router", peer -> !peer.lastError().isEmpty());
      assertThat(state.lastError()).contains("no answer");
      assertThat(state.sent().opens()).isZero();
    }
  }
}

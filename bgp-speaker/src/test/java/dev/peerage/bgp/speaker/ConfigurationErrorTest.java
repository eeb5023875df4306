package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.SpeakerPair.LIMIT;
import static dev.peerage.bgp.speaker.SpeakerPair.NODE;
import static dev.peerage.bgp.speaker.SpeakerPair.ROUTER;
import static dev.peerage.bgp.speaker.SpeakerPair.await;
import static dev.peerage.bgp.speaker.SpeakerPair.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.wire.Keepalive;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot work on this host is an error of that peer or instance alone, and is tried again. */
class ConfigurationErrorTest {
  private static final String OTHER = "10.0.0.3";

  private SpeakerPair pair = SpeakerPair.ipv4();

  @AfterEach
  void close() {
    pair.close();
  }

  private void otherComesUp() {
    pair.router
        .apply(speaker(listening(OTHER, 65003, routes(), passive(peer(OTHER, NODE, 65001)))))
        .join();
    awaitUp(pair.node, "to-" + OTHER);
  }

  @Test
  void aSourceAddressThatIsNotHere() {
    pair.close();
    pair = SpeakerPair.direct();
    InetAddress absent = ip("192.0.2.77");
    DesiredPeer bad =
        DesiredPeer.of("bad", ip("127.0.0.1"), 65000)
            .withEndpoint(endpoint -> endpoint.withSource(new Source.Address(absent)));
    DesiredPeer wrongFamily =
        DesiredPeer.of("six", ip("::1"), 65000)
            .withEndpoint(endpoint -> endpoint.withSource(bad.endpoint().source()));
    pair.node.apply(speaker(dialing(NODE, 65001, routes(), bad, wrongFamily))).join();

    PeerState state = await(pair.node, "bad", peer -> !peer.lastError().isEmpty());
    assertThat(state.error()).isInstanceOf(SessionError.Configuration.class);
    assertThat(state.lastError())
        .isEqualTo("the source address 192.0.2.77 cannot be used: cannot assign requested address");
    PeerState six = await(pair.node, "six", peer -> !peer.lastError().isEmpty());
    assertThat(six.error()).isInstanceOf(SessionError.Configuration.class);
    assertThat(six.lastError()).contains("another family");
  }

  @Test
  void anInterfaceThatIsNotHere() {
    pair.node
        .apply(
            speaker(
                dialing(
                    NODE,
                    65001,
                    routes(),
                    peer(NODE, ROUTER, 65000)
                        .withEndpoint(
                            endpoint -> endpoint.withSource(new Source.Interface("nosuch0"))),
                    peer(NODE, OTHER, 65003))))
        .join();

    PeerState state = await(pair.node, "to-" + ROUTER, peer -> !peer.lastError().isEmpty());
    assertThat(state.error()).isInstanceOf(SessionError.Configuration.class);
    assertThat(state.lastError()).isEqualTo("there is no interface nosuch0 for the source address");
    otherComesUp();
  }

  @Test
  void anInterfaceWithoutAnAddressOfTheFamily() {
    pair.close();
    pair = SpeakerPair.direct();
    DesiredPeer bad =
        DesiredPeer.of("bad", ip("fe80::1"), 65000)
            .withEndpoint(endpoint -> endpoint.withSource(new Source.Interface("lo")));
    pair.node.apply(speaker(dialing(NODE, 65001, routes(), bad))).join();

    PeerState state = await(pair.node, "bad", peer -> !peer.lastError().isEmpty());
    assertThat(state.lastError())
        .isEqualTo("interface lo has no link-local IPv6 address for the session");
  }

  @Test
  void anInterfaceGivesItsAddressToTheSession() throws IOException {
    try (ServerSocket server = RawPeer.listen(pair.addresses.toSocket(ip(ROUTER), 179))) {
      pair.node
          .apply(
              speaker(
                  dialing(
                      NODE,
                      65001,
                      routes(),
                      peer(NODE, ROUTER, 65000)
                          .withEndpoint(
                              endpoint -> endpoint.withSource(new Source.Interface("lo"))))))
          .join();
      try (Socket accepted = server.accept()) {
        assertThat(accepted.getInetAddress()).isEqualTo(ip("127.0.0.1"));
      }
    }
  }

  @Test
  void aPortInUseIsShownAndTakenOnceItIsFree() throws IOException {
    InetSocketAddress taken = pair.addresses.toSocket(ip(NODE), 179);
    DesiredPeer signed =
        passive(peer(NODE, ROUTER, 65000))
            .withEndpoint(endpoint -> endpoint.withAuthentication(new Authentication.TcpMd5("k")));
    try (ServerSocket squatter = RawPeer.listen(taken)) {
      pair.node
          .apply(
              speaker(
                  listening(NODE, 65001, routes(), signed),
                  dialing(OTHER, 65009, routes(), peer(OTHER, "10.0.0.4", 65004))))
          .join();
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(listenProblem("as65001")).isNotEmpty());
      assertThat(listenProblem("as65001"))
          .isEqualTo(
              "cannot listen on "
                  + taken.getAddress().getHostAddress()
                  + ":1790: address already in use");
      assertThat(squatter.isBound()).isTrue();
      // The other instance does not mind.
      pair.router
          .apply(
              speaker(
                  listening("10.0.0.4", 65004, routes(), passive(peer("10.0.0.4", OTHER, 65009)))))
          .join();
      awaitUp(pair.node, "to-10.0.0.4");
    }

    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(listenProblem("as65001")).isEmpty());
    assertThat(pair.events)
        .contains(new SpeakerEvent.ListenerUp("as65001"))
        .anyMatch(SpeakerEvent.ListenerDown.class::isInstance);
    // The new socket has the keys too.
    try (Socket unsigned = new Socket()) {
      unsigned.bind(pair.addresses.toSocket(ip(ROUTER), 0));
      assertThatThrownBy(() -> unsigned.connect(taken, 1500))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private String listenProblem(String instance) {
    return pair.node.state().instances().stream()
        .filter(each -> each.name().equals(instance))
        .map(InstanceState::listenProblem)
        .findFirst()
        .orElse("");
  }

  @Test
  void aListenAddressThatIsNotHere() {
    pair.close();
    pair = SpeakerPair.direct();
    pair.node
        .apply(
            speaker(
                new DesiredInstance(
                    "absent",
                    65001,
                    (Inet4Address) ip(NODE),
                    new Listen.On(ip("192.0.2.77"), 1790),
                    List.of(),
                    PrefixSet.EMPTY)))
        .join();

    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(listenProblem("absent"))
                .isEqualTo("cannot listen on 192.0.2.77:1790: cannot assign requested address"));
  }

  @Test
  void strangersAreClosedUnheardAndDoNotKeepPeersOut() throws IOException {
    pair.node
        .apply(speaker(listening(NODE, 65001, routes(), passive(peer(NODE, ROUTER, 65000)))))
        .join();
    pair.awaitNodeListens();
    InetSocketAddress listener = pair.addresses.toSocket(ip(NODE), 179);
    for (int i = 0; i < 200; i++) {
      RawPeer.assertUnheard(pair.addresses.toSocket(ip("10.0.0.77"), 0), listener);
    }
    try (RawPeer router = RawPeer.dial(pair.addresses.toSocket(ip(ROUTER), 0), listener)) {
      router.establish(RawPeer.open(65000, ROUTER, 90));
      awaitUp(pair.node, "to-" + ROUTER);
    }
  }

  @Test
  void aPeerHasOneConnectionAtATimeThatHasSaidNothing() throws IOException {
    pair.node
        .apply(speaker(listening(NODE, 65001, routes(), passive(peer(NODE, ROUTER, 65000)))))
        .join();
    pair.awaitNodeListens();
    InetSocketAddress listener = pair.addresses.toSocket(ip(NODE), 179);
    try (RawPeer first = RawPeer.dial(pair.addresses.toSocket(ip(ROUTER), 0), listener)) {
      first.next(); // Its OPEN is there: the connection is taken.
      for (int i = 0; i < 100; i++) {
        RawPeer.assertUnheard(pair.addresses.toSocket(ip(ROUTER), 0), listener);
      }
      first.send(RawPeer.open(65000, ROUTER, 90));
      first.send(Keepalive.KEEPALIVE);
      awaitUp(pair.node, "to-" + ROUTER);
    }
  }
}

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
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

/**
 * A node that says what a speaker says, and a router that is nothing but a socket and the codec.
 */
abstract class WireScenario {
  static final String NODE = "10.0.0.1";
  static final String ROUTER = "10.0.0.9";
  static final Open ROUTER_OPEN = RawPeer.open(65000, ROUTER, 180);
  static final Prefix A = Prefix.parse("172.20.0.0/24");
  static final Prefix B = Prefix.parse("172.20.1.0/24");
  static final Prefix C = Prefix.parse("172.20.2.0/24");

  final Loopback loopback = new Loopback();
  final List<AutoCloseable> open = new ArrayList<>();
  Speaker node = start(false);
  ServerSocket server = new ServerSocket();

  WireScenario() throws IOException {}

  final Speaker start(boolean restarting) {
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

  final RawPeer accept() throws IOException {
    RawPeer peer = RawPeer.accept(server);
    open.add(peer);
    return peer;
  }

  final RawPeer dial(String from) throws IOException {
    RawPeer peer = RawPeer.dial(loopback.toSocket(ip(from), 0), nodeSocket());
    open.add(peer);
    return peer;
  }

  final InetSocketAddress nodeSocket() {
    return loopback.toSocket(ip(NODE), 179);
  }

  final RawPeer established() throws IOException {
    RawPeer peer = accept();
    peer.establish(ROUTER_OPEN);
    return peer;
  }

  final void apply(Set<Prefix> routes, DesiredPeer... peers) {
    node.apply(speaker(dialing(NODE, 65001, routes, peers))).join();
  }

  static DesiredPeer router() {
    return exporting(peer(NODE, ROUTER, 65000), only(A.toString(), B.toString(), C.toString()));
  }

  final PeerState onlyPeer() {
    return node.state().instances().getFirst().peers().getFirst();
  }

  final RawPeer dialWhenListening(String from) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> dial(from), _ -> true);
  }
}

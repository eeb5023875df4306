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
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.wire.AddressFamily;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Speakers against speakers, over loopback addresses. */
class SpeakerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String NODE = "10.0.0.1";
  private static final String ROUTER = "10.0.0.2";

  private final Loopback loopback = new Loopback();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<Speaker> speakers = new ArrayList<>();
  private final Speaker node = start();
  private final Speaker router = start();

  private Speaker start() {
    Speaker speaker =
        Speaker.start(new SpeakerSettings(loopback, InstantSource.system(), metrics, false));
    speakers.add(speaker);
    return speaker;
  }

  @AfterEach
  void close() {
    speakers.forEach(speaker -> speaker.close(Shutdown.CEASE).join());
  }

  @Test
  void twoSpeakersExchangeRoutes() {
    router.apply(
        speaker(
            listening(ROUTER, 65000, routes("10.9.0.0/24"), passive(peer(ROUTER, NODE, 65001)))));
    node.apply(
        speaker(
            dialing(
                NODE,
                65001,
                routes("172.20.0.0/24", "172.20.1.0/24"),
                timers(
                    exporting(peer(NODE, ROUTER, 65000), only("172.20.0.0/24", "172.20.1.0/24")),
                    5,
                    60,
                    6))));

    awaitEstablished(node);
    awaitEstablished(router);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(counts(node).received()).isEqualTo(1 + 2);
          assertThat(counts(node).advertised()).isEqualTo(2);
          assertThat(counts(router).received()).isEqualTo(2);
        });
    PeerState seen = peerOf(router);
    assertThat(seen.address()).isEqualTo(ip(NODE));
    assertThat(seen.asn()).isEqualTo(65001);
    assertThat(((Phase.Up) seen.phase()).session().local().getAddress()).isEqualTo(ip(ROUTER));
    assertThat(((Phase.Up) seen.phase()).holdSeconds()).isEqualTo(60);
    assertThat(((Phase.Up) seen.phase()).keepAliveSeconds()).isEqualTo(20);
  }

  @Test
  void importPolicyChangesWithinTheSession() {
    router.apply(
        speaker(
            listening(ROUTER, 65000, routes("10.9.0.0/24"), passive(peer(ROUTER, NODE, 65001)))));
    DesiredPeer accepting = peer(NODE, ROUTER, 65000);
    node.apply(speaker(dialing(NODE, 65001, Set.of(), accepting)));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(counts(node).accepted()).isEqualTo(1));
    Instant since = ((Phase.Up) peerOf(node).phase()).since();

    DesiredPeer rejecting = accepting.withImportPolicy(DesiredPeer.ImportPolicy.REJECT);
    node.apply(speaker(dialing(NODE, 65001, Set.of(), rejecting))).join();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(counts(node).accepted()).isZero());
    assertThat(counts(node).received()).isEqualTo(1);
    assertThat(node.routes("as65001", new RouteTable.LocRib(), AddressFamily.IPV4_UNICAST).join())
        .isEmpty();

    node.apply(speaker(dialing(NODE, 65001, Set.of(), accepting))).join();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(counts(node).accepted()).isEqualTo(1));
    assertThat(((Phase.Up) peerOf(node).phase()).since()).isEqualTo(since);
  }

  @Test
  void aTableIsHandedOutInPieces() {
    String[] many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "172.20." + i / 256 + "." + i % 256 + "/32")
            .toArray(String[]::new);
    node.apply(speaker(dialing(NODE, 65001, routes(many), peer(NODE, ROUTER, 65000)))).join();
    RoutePieces pieces = node.read("as65001", new RouteTable.LocRib(), AddressFamily.IPV4_UNICAST);
    List<RouteView> all = new ArrayList<>();
    for (List<RouteView> piece = pieces.next().join();
        !piece.isEmpty();
        piece = pieces.next().join()) {
      assertThat(piece).hasSizeLessThanOrEqualTo(1_024);
      all.addAll(piece);
    }
    assertThat(all).extracting(RouteView::prefix).isSorted().hasSize(3_000);
    assertThat(pieces.next().join()).isEmpty();

    RoutePieces cut = node.read("as65001", new RouteTable.LocRib(), AddressFamily.IPV4_UNICAST);
    assertThat(cut.next().join()).hasSize(1_024);
    node.apply(new DesiredSpeaker(List.of())).join();
    assertThatThrownBy(() -> cut.next().join())
        .hasRootCauseMessage("instance as65001 has ended while its routes were read");
  }

  @Test
  void bothSidesDialAndOneConnectionSurvives() {
    router.apply(speaker(listening(ROUTER, 65000, Set.of(), peer(ROUTER, NODE, 65001))));
    node.apply(speaker(listening(NODE, 65001, Set.of(), peer(NODE, ROUTER, 65000))));

    await().atMost(LIMIT).until(() -> overOneConnection(node, router));
    assertThat(peerOf(node).address()).isEqualTo(ip(ROUTER));
  }

  @Test
  void gaugesFollowTheSession() {
    router.apply(speaker(listening(ROUTER, 65000, Set.of(), passive(peer(ROUTER, NODE, 65001)))));
    node.apply(speaker(dialing(NODE, 65001, routes("172.20.0.0/24"), peer(NODE, ROUTER, 65000))));
    Tags tags =
        Tags.of(
            "instance_name", "as65001",
            "local_asn", "65001",
            "neighbor", "10.0.0.2:179",
            "neighbor_asn", "65000");

    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> {
          assertThat(gauge("session.state", tags)).isEqualTo(1);
          assertThat(gauge("advertised.routes", tags.and("afi", "ipv4", "safi", "unicast")))
              .isEqualTo(1);
        });
    node.apply(speaker(dialing(NODE, 65001, routes("172.20.0.0/24")))).join();

    assertThat(metrics.find("cilium.bgp.control.plane.session.state").tags(tags).gauge()).isNull();
    assertThat(metrics.find("cilium.bgp.control.plane.advertised.routes").tags(tags).gauge())
        .isNull();
  }

  @Test
  void metersCountMessagesAndTransitions() {
    router.apply(speaker(listening(ROUTER, 65000, Set.of(), passive(peer(ROUTER, NODE, 65001)))));
    node.apply(speaker(listening(NODE, 65001, routes("172.20.0.0/24"), peer(NODE, ROUTER, 65000))));
    Tags peer =
        Tags.of("instance_name", "as65001", "local_asn", "65001", "neighbor", "10.0.0.2:179");

    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> {
          assertThat(count("messages", peer.and("direction", "out", "type", "open"))).isPositive();
          assertThat(count("messages", peer.and("direction", "out", "type", "update")))
              .as("the route and End-of-RIB")
              .isEqualTo(2);
          assertThat(count("messages", peer.and("direction", "in", "type", "keepalive")))
              .isPositive();
          assertThat(count("message.bytes", peer.and("direction", "in"))).isGreaterThan(29 + 19);
          assertThat(
                  metrics
                      .get("peerage.bgp.session.transitions")
                      .tags(peer.and("to", "established"))
                      .counter()
                      .count())
              .isPositive();
          assertThat(
                  metrics
                      .get("peerage.bgp.listener.up")
                      .tags("instance_name", "as65001")
                      .gauge()
                      .value())
              .isEqualTo(1);
        });
    node.apply(speaker()).join();

    assertThat(metrics.getMeters())
        .noneMatch(each -> "as65001".equals(each.getId().getTag("instance_name")));
  }

  private double count(String name, Tags tags) {
    return metrics.get("peerage.bgp." + name).tags(tags).functionCounter().count();
  }

  @Test
  void tellsListenersAboutChanges() {
    List<SpeakerState> seen = new CopyOnWriteArrayList<>();
    node.onChange(() -> seen.add(node.state()));
    router.apply(speaker(listening(ROUTER, 65000, Set.of(), passive(peer(ROUTER, NODE, 65001)))));
    node.apply(speaker(dialing(NODE, 65001, Set.of(), peer(NODE, ROUTER, 65000))));

    await()
        .atMost(LIMIT)
        .until(() ->
            seen.stream()
                .flatMap(state -> state.instances().stream())
                .flatMap(instance -> instance.peers().stream())
                .anyMatch(peer -> peer.phase() instanceof Phase.Up));
  }

  private double gauge(String name, Tags tags) {
    return metrics.get("cilium.bgp.control.plane." + name).tags(tags).gauge().value();
  }

  private static void awaitEstablished(Speaker speaker) {
    await().atMost(LIMIT).until(() -> peerOf(speaker).phase() instanceof Phase.Up);
  }

  /** Both are Established, and it is the same connection. */
  private static boolean overOneConnection(Speaker one, Speaker other) {
    return peerOf(one).phase() instanceof Phase.Up up
        && peerOf(other).phase() instanceof Phase.Up down
        && up.session().local().equals(down.session().remote())
        && up.session().remote().equals(down.session().local());
  }

  private static PeerState peerOf(Speaker speaker) {
    SpeakerState state = speaker.state();
    return state.instances().isEmpty()
        ? SpeakerPair.nobody()
        : state.instances().getFirst().peers().getFirst();
  }

  private static PeerState.FamilyCount counts(Speaker speaker) {
    return peerOf(speaker).families().stream()
        .filter(count -> count.family() == AddressFamily.IPV4_UNICAST)
        .findFirst()
        .orElse(new PeerState.FamilyCount(AddressFamily.IPV4_UNICAST, 0, 0, 0));
  }
}

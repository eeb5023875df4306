package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that sends more than it may, over real sockets. */
class RouteLimitsTest {
  private static final String NODE = "10.0.0.1";
  private static final String BAD = "10.0.0.2";
  private static final String GOOD = "10.0.0.3";
  private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
  private static final long MIB = 1 << 20;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Loopback loopback = new Loopback();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Speaker node = Speaker.start(SpeakerSettings.defaults());

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
  }

  private void start(RouteLimits limits, UnaryOperator<DesiredPeer> change) {
    node.close(Shutdown.CEASE).join();
    node =
        Speaker.start(
            new SpeakerSettings(loopback, InstantSource.system(), metrics, false)
                .withRoutes(limits));
    List<SpeakerEvent> events = new CopyOnWriteArrayList<>();
    node.onEvent(events::add);
    apply(change);
    Awaitility.await()
        .until(() -> events.stream().anyMatch(SpeakerEvent.ListenerUp.class::isInstance));
  }

  private void apply(UnaryOperator<DesiredPeer> change) {
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes(),
                    change.apply(passive(peer(NODE, BAD, 65002))),
                    passive(peer(NODE, GOOD, 65003)))))
        .join();
  }

  @Test
  void tooManyPrefixesEndTheSessionAndThePeerIsRefusedForAWhile() throws IOException {
    start(new RouteLimits(64 * MIB, 0, PAUSE), peer -> peer.withLimits(new ReceiveLimits(10, 0)));
    try (RawPeer good = established(GOOD, 65003)) {
      try (RawPeer bad = established(BAD, 65002)) {
        bad.send(announce(65002, 0, 8, PathAttributes.NONE));
        SpeakerPair.await(node, "to-" + BAD, peer -> received(peer) == 8);
        assertThat(SpeakerPair.peer(node, "to-" + BAD).warning()).isEmpty();
        bad.send(announce(65002, 8, 1, PathAttributes.NONE));
        SpeakerPair.await(node, "to-" + BAD, peer -> peer.warning().contains("80 %"));
        bad.send(announce(65002, 9, 2, PathAttributes.NONE));

        expectTooMany(bad);
      }
      PeerState refused =
          SpeakerPair.await(node, "to-" + BAD, peer -> peer.phase() instanceof Phase.Down);
      assertThat(refused.phase().text()).isEqualTo("idle");
      assertThat(refused.lastError()).contains("more than 10 prefixes", "refused for 1 s", "(6/1)");
      assertThat(refused.exceeded()).isPresent();
      assertThat(metrics.get("peerage.bgp.limit.exceeded").counters())
          .anyMatch(counter -> counter.count() == 1);
      assertThat(node.routes("as65001", new RouteTable.LocRib(), IPV4).join()).isEmpty();

      // Refused at first, and heard again when the pause is over.
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> {
            try (RawPeer again = dial(BAD)) {
              again.establish(RawPeer.open(65002, BAD, 90));
              return true;
            }
          });
      assertThat(SpeakerPair.peer(node, "to-" + GOOD).phase()).isInstanceOf(Phase.Up.class);
      good.send(announce(65003, 100, 1, PathAttributes.NONE));
      SpeakerPair.await(node, "to-" + GOOD, peer -> received(peer) == 1);
    }
  }

  @Test
  void duringThePauseNoConnectionIsTaken() throws IOException {
    start(new RouteLimits(64 * MIB, 10, Duration.ofHours(1)), UnaryOperator.identity());
    try (RawPeer bad = established(BAD, 65002)) {
      bad.send(announce(65002, 0, 11, PathAttributes.NONE));
      expectTooMany(bad);
    }
    RawPeer.assertUnheard(loopback.toSocket(ip(BAD), 0), loopback.toSocket(ip(NODE), 179));

    // A changed limit ends the pause.
    apply(peer -> peer.withLimits(new ReceiveLimits(20, 0)));
    try (RawPeer again = established(BAD, 65002)) {
      again.send(announce(65002, 0, 11, PathAttributes.NONE));
      SpeakerPair.await(node, "to-" + BAD, peer -> received(peer) == 11);
    }
  }

  @Test
  void aPeerThatCouldRestartIsResetHardAndNothingOfItStays() throws IOException {
    start(
        new RouteLimits(64 * MIB, 10, Duration.ofHours(1)),
        peer -> Desired.gracefulRestart(peer, 60));
    try (RawPeer bad = dial(BAD)) {
      Capability.Family ipv4 = Capability.Family.of(IPV4);
      bad.establish(
          RawPeer.open(
              65002,
              BAD,
              90,
              new Capability.GracefulRestart(
                  false,
                  true,
                  120,
                  List.of(new Capability.GracefulRestart.FamilyState(ipv4, true)))));
      bad.send(announce(65002, 0, 11, PathAttributes.NONE));

      Notification reset = bad.expectIgnoringUpdates(Notification.class);
      assertThat(reset.is(NotificationCode.HARD_RESET)).isTrue();
      assertThat(reset.reason().is(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)).isTrue();
    }
    SpeakerPair.await(node, "to-" + BAD, peer -> peer.exceeded().isPresent());
    assertThat(node.routes("as65001", new RouteTable.LocRib(), IPV4).join()).isEmpty();
    assertThat(node.routes("as65001", new RouteTable.AdjRibIn("to-" + BAD), IPV4).join()).isEmpty();
  }

  @Test
  void ofSeveralPeersTheOneWithMostEndsWhenAllTogetherTakeTooMuch() throws IOException {
    start(new RouteLimits(2 * MIB, 0, Duration.ofHours(1)), UnaryOperator.identity());
    try (RawPeer good = established(GOOD, 65003);
        RawPeer bad = established(BAD, 65002)) {
      good.send(announce(65003, 100_000, 50, PathAttributes.NONE));
      SpeakerPair.await(node, "to-" + GOOD, peer -> received(peer) == 50);
      try {
        for (int i = 0; i < 1000; i++) {
          bad.send(announce(65002, i, 1, communities(i)));
        }
      } catch (java.io.UncheckedIOException e) {
        // It ends while this goes on.
      }
      SpeakerPair.await(node, "to-" + BAD, peer -> peer.exceeded().isPresent());
      assertThat(SpeakerPair.peer(node, "to-" + BAD).lastError())
          .contains("the routes of all peers take more than 2 MiB");
      assertThat(SpeakerPair.peer(node, "to-" + GOOD).phase()).isInstanceOf(Phase.Up.class);
      good.send(announce(65003, 200_000, 1, PathAttributes.NONE));
      SpeakerPair.await(node, "to-" + GOOD, peer -> received(peer) == 51);
    }
  }

  @Test
  void aPeersBytesAreLimitedToo() throws IOException {
    start(
        new RouteLimits(64 * MIB, 0, Duration.ofHours(1)),
        peer -> peer.withLimits(new ReceiveLimits(0, MIB)));
    try (RawPeer bad = established(BAD, 65002)) {
      for (int i = 0; i < 100; i++) {
        bad.send(announce(65002, i, 1, communities(i)));
      }
      expectTooMany(bad);
    }
    SpeakerPair.await(
        node, "to-" + BAD, peer -> peer.lastError().contains("more than 1 MiB of memory"));
  }

  @Test
  void routesThatAreNotUsedNeverEndASessionForTheirMemory() throws IOException {
    start(
        new RouteLimits(4 * MIB, 0, Duration.ofHours(1)),
        peer -> peer.withImportPolicy(ImportPolicy.REJECT));
    int updates = 9_300;
    try (RawPeer bad = established(BAD, 65002)) {
      for (int i = 0; i < updates; i++) {
        bad.send(announce(65002, i, 1, communities(i)));
      }
      PeerState state = SpeakerPair.await(node, "to-" + BAD, peer -> received(peer) == updates);
      assertThat(state.phase()).isInstanceOf(Phase.Up.class);
      assertThat(state.warning()).contains("path attributes");
      assertThat(metrics.get("peerage.bgp.rib.bytes").gauges())
          .allMatch(gauge -> gauge.value() < 2 * MIB)
          .anyMatch(gauge -> gauge.value() > MIB / 2.0);
      assertThat(node.routes("as65001", new RouteTable.AdjRibIn("to-" + BAD), IPV4).join())
          .hasSize(updates)
          .anyMatch(route -> route.selection() == RouteView.Selection.NOT_KEPT)
          .anyMatch(route -> route.communities().size() == 900);

      // Used from now on: what was not kept is asked for again.
      apply(peer -> peer.withLimits(new ReceiveLimits(0, 32 * MIB)));
      RouteRefresh request = bad.expectIgnoringUpdates(RouteRefresh.class);
      assertThat(request.subtype()).isEqualTo(RouteRefresh.REQUEST);
      assertThat(request.family()).contains(IPV4);
    }
  }

  private static void expectTooMany(RawPeer peer) {
    assertThat(
            peer.expectIgnoringUpdates(Notification.class)
                .is(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED))
        .isTrue();
    peer.expectEnd();
  }

  private RawPeer established(String address, long asn) throws IOException {
    RawPeer peer = dial(address);
    peer.establish(RawPeer.open(asn, address, 90));
    SpeakerPair.awaitUp(node, "to-" + address);
    return peer;
  }

  private RawPeer dial(String from) throws IOException {
    return RawPeer.dial(loopback.toSocket(ip(from), 0), loopback.toSocket(ip(NODE), 179));
  }

  private static int received(PeerState peer) {
    return peer.families().stream()
        .filter(count -> count.family() == IPV4)
        .mapToInt(PeerState.FamilyCount::received)
        .sum();
  }

  /** 3.6 kB of them, different ones for each number. */
  private static PathAttributes communities(int number) {
    List<Community> communities = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      communities.add(new Community((long) number << 12 | i));
    }
    return PathAttributes.of(new PathAttribute.Communities(communities));
  }

  private static Update announce(long asn, int first, int count, PathAttributes more) {
    PathAttributes attributes =
        PathAttributes.of(
            Origin.IGP,
            AsPath.of(asn),
            new PathAttribute.NextHop(InetAddress.ofLiteral("10.0.0.9")));
    for (PathAttribute each : more.asList()) {
      attributes = attributes.with(each);
    }
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      prefixes.add(
          Prefix.parse("%d.%d.%d.0/24".formatted(20 + (i >> 16), i >> 8 & 0xff, i & 0xff)));
    }
    return new Update(PrefixList.empty(IPV4), attributes, PrefixList.of(IPV4, prefixes));
  }
}

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.UpdateCase.From;
import dev.peerage.bgp.speaker.UpdateCase.Outcome;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** A node, a scripted peer that sends it the updates of a table, and one that looks on. */
final class UpdateCaseSession implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final String NODE = "10.0.0.1";
  private static final String OBSERVER = "10.0.0.2";
  private static final String BAD = "10.0.0.3";

  /** A well-formed case; what it announces arrives after everything else. */
  private static final UpdateCase SENTINEL =
      new UpdateCase(9999, "", "", "", "", Set.of(), new Outcome.Keep(-1, ""), "base", "P4", "-");

  private final Loopback loopback = new Loopback();
  private final From from;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Speaker node =
      Speaker.start(new SpeakerSettings(loopback, InstantSource.system(), metrics, false));

  UpdateCaseSession(From from) {
    this.from = from;
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    Set.of(),
                    bothFamilies(peer(NODE, OBSERVER, 65099)),
                    bothFamilies(exporting(peer(NODE, BAD, from.asn), only())))))
        .join();
  }

  private static DesiredPeer bothFamilies(DesiredPeer peer) {
    return passive(peer)
        .withSession(session -> session.withFamilies(Set.of(AddressFamily.values())));
  }

  /**
   * What a table led to.
   *
   * @param in the peer's adj-rib-in
   * @param out the routes that a router behind the node has, as they were on the wire
   */
  record Result(Map<Prefix, RouteView> in, Map<Prefix, PathAttributes> out) {}

  /** Sends all of it in one session, which must last. */
  Result send(List<UpdateCase> cases) throws IOException {
    try (RawPeer bad = establish()) {
      List<UpdateCase> withdrawing =
          cases.stream().filter(each -> each.outcome() instanceof Outcome.Withdraw).toList();
      withdrawing.forEach(each -> each.sound(from).forEach(bad::sendBytes));
      Set<Prefix> before =
          withdrawing.stream().flatMap(each -> each.routes().stream()).collect(toSet());
      await()
          .pollInterval(POLL)
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(received().keySet()).isEqualTo(before));
      PeerState.Phase phase = phase();

      cases.forEach(each -> bad.sendBytes(each.message(from)));
      bad.sendBytes(SENTINEL.message(from));
      await().pollInterval(POLL).atMost(LIMIT).until(() -> received().containsKey(SENTINEL.ipv4()));

      assertThat(phase()).as("the session, 'since' included").isEqualTo(phase);
      return new Result(received(), observed());
    }
  }

  /** Announces a route, sends the case, and returns the answer; the route must be gone. */
  Notification reset(UpdateCase sent) throws IOException {
    try (RawPeer bad = establish()) {
      bad.sendBytes(SENTINEL.message(from));
      bad.sendBytes(sent.message(from));
      // Garbage behind it must not swallow the answer.
      bad.sendBytes(new byte[100]);
      Notification notification = bad.expectIgnoringUpdates(Notification.class);
      bad.expectEnd();
      await().pollInterval(POLL).atMost(LIMIT).until(() -> received().isEmpty());
      return notification;
    }
  }

  /** How many errors had this consequence, by the metric. */
  double count(String consequence) {
    return metrics
        .get("peerage.bgp.update.errors")
        .tag("consequence", consequence)
        .counter()
        .count();
  }

  private RawPeer establish() {
    RawPeer peer = dial(BAD);
    peer.establish(from.open());
    await().pollInterval(POLL).atMost(LIMIT).until(() -> phase() instanceof PeerState.Phase.Up);
    return peer;
  }

  private RawPeer dial(String address) {
    return await()
        .pollInterval(POLL)
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> RawPeer.dial(loopback.toSocket(ip(address), 0), loopback.toSocket(ip(NODE), 179)),
            _ -> true);
  }

  private PeerState.Phase phase() {
    return node.state().instances().getFirst().peers().stream()
        .filter(peer -> peer.name().equals("to-" + BAD))
        .findFirst()
        .orElseThrow()
        .phase();
  }

  private Map<Prefix, RouteView> received() {
    return Stream.of(AddressFamily.values())
        .flatMap(family ->
            node.routes("as65001", new RouteTable.AdjRibIn("to-" + BAD), family).join().stream())
        .collect(toMap(RouteView::prefix, Function.identity()));
  }

  /** A router that connects now gets the whole table, then End-of-RIB. */
  private Map<Prefix, PathAttributes> observed() throws IOException {
    Map<Prefix, PathAttributes> routes = new HashMap<>();
    try (RawPeer observer = dial(OBSERVER)) {
      observer.establish(RawPeer.open(65099, OBSERVER, 0));
      for (Update update : observer.updatesUntilEndOfRibs(AddressFamily.values())) {
        for (Update.Announcement announcement : update.announcements()) {
          announcement
              .prefixes()
              .asList()
              .forEach(prefix -> routes.put(prefix, announcement.attributes()));
        }
      }
    }
    return routes;
  }

  @Override
  public void close() {
    node.close(Shutdown.CEASE).join();
  }
}

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;

import dev.peerage.bgp.speaker.PeerState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Two speakers on real sockets, and what happened to them. */
final class SpeakerPair implements AutoCloseable {
  static final String NODE = "10.0.0.1";
  static final String ROUTER = "10.0.0.9";
  static final Duration LIMIT = Duration.ofSeconds(30);

  final AddressMap addresses;
  final Speaker node;
  final Speaker router;
  final List<SpeakerEvent> events = new CopyOnWriteArrayList<>();
  final List<SpeakerEvent> routerEvents = new CopyOnWriteArrayList<>();

  private SpeakerPair(AddressMap addresses) {
    this.addresses = addresses;
    node = Speaker.start(Desired.settings(addresses));
    router = Speaker.start(Desired.settings(addresses));
    node.onEvent(events::add);
    router.onEvent(routerEvents::add);
  }

  /** On IPv4 loopback addresses of their own. */
  static SpeakerPair ipv4() {
    return new SpeakerPair(new Loopback());
  }

  /** With addresses as they are. */
  static SpeakerPair direct() {
    return new SpeakerPair(AddressMap.DIRECT);
  }

  /** The first instance's peer with this name. */
  static PeerState peer(Speaker speaker, String name) {
    return speaker.state().instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .filter(peer -> peer.name().equals(name))
        .findFirst()
        .orElseGet(SpeakerPair::nobody);
  }

  /** In place of a peer that is not there. */
  static PeerState nobody() {
    return new PeerState(
        "",
        ip("0.0.0.0"),
        0,
        0,
        new Phase.Down("none"),
        List.of(),
        new SessionError.None(),
        Instant.EPOCH,
        SessionTerms.Timers.DEFAULT,
        MessageCounts.NONE,
        MessageCounts.NONE);
  }

  static PeerState await(Speaker speaker, String name, Predicate<PeerState> wanted) {
    return Awaitility.await().atMost(LIMIT).until(() -> peer(speaker, name), wanted);
  }

  static PeerState awaitUp(Speaker speaker, String name) {
    return await(speaker, name, peer -> peer.phase() instanceof Phase.Up);
  }

  /** Waits until the first speaker accepts connections. */
  void awaitNodeListens() {
    awaitListens(events);
  }

  /** Waits until the second speaker accepts connections. */
  void awaitRouterListens() {
    awaitListens(routerEvents);
  }

  private static void awaitListens(List<SpeakerEvent> events) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> events.stream().anyMatch(SpeakerEvent.ListenerUp.class::isInstance));
  }

  /** How often a session of the first speaker went down. */
  long downs(String name) {
    return events.stream()
        .filter(event -> event instanceof SpeakerEvent.SessionDown down && down.peer().equals(name))
        .count();
  }

  @Override
  public void close() {
    node.close(Shutdown.CEASE).join();
    router.close(Shutdown.CEASE).join();
  }
}

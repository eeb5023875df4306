package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.State;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.transport.Traffic;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * What is shown of a peer. The state is made on the event loop; the counts for meters are read by
 * any thread, as of the last state.
 */
final class PeerSnapshot {
  private volatile Optional<Up> up = Optional.empty();
  private volatile List<FamilyCount> counts = List.of();
  private volatile long bytes;
  private volatile MessageCounts received = MessageCounts.NONE;
  private volatile MessageCounts sent = MessageCounts.NONE;

  private record Up(Negotiated negotiated, Instant since, PeerState.Session session) {}

  void up(Negotiated negotiated, Instant since, PeerState.Session session) {
    up = Optional.of(new Up(negotiated, since, session));
  }

  void down() {
    up = Optional.empty();
  }

  /** 1 while the session is Established, else 0. */
  int established() {
    return up.isPresent() ? 1 : 0;
  }

  MessageCounts received() {
    return received;
  }

  MessageCounts sent() {
    return sent;
  }

  /** What the peer's routes take of memory. */
  long bytes() {
    return bytes;
  }

  int advertisedRoutes(AddressFamily family) {
    return counted(family, FamilyCount::advertised);
  }

  int receivedRoutes(AddressFamily family) {
    return counted(family, FamilyCount::received);
  }

  private int counted(AddressFamily family, ToIntFunction<FamilyCount> count) {
    return counts.stream()
        .filter(each -> each.family() == family)
        .mapToInt(count)
        .findFirst()
        .orElse(0);
  }

  PeerState take(DesiredPeer desired, SessionDriver session, Rib rib, String warning) {
    bytes = rib.received(desired.name()).bytes();
    PeerState.Phase phase =
        up.<PeerState.Phase>map(link ->
                new PeerState.Phase.Up(
                    link.since(),
                    link.negotiated().holdSeconds(),
                    link.negotiated().keepAliveSeconds(),
                    link.session()))
            .orElseGet(() -> new PeerState.Phase.Down(session.state().text()));
    Set<AddressFamily> negotiated = up.map(link -> link.negotiated().families()).orElse(Set.of());
    counts =
        desired.session().families().stream()
            .sorted()
            .map(family ->
                negotiated.contains(family)
                    ? count(desired.name(), family, rib)
                    : new FamilyCount(family, 0, 0, 0))
            .toList();
    received = messages(session.inbound());
    sent = messages(session.outbound());
    return new PeerState(
        desired.name(),
        desired.address(),
        desired.endpoint().port(),
        learnedAsn(session.state(), desired.asn()),
        phase,
        counts,
        session.error(),
        session.since(),
        desired.session().timers(),
        received,
        sent,
        warning);
  }

  /** The state of a peer of which nothing runs. */
  static PeerState ofNone(DesiredPeer desired, SessionError why, Instant since) {
    return new PeerState(
        desired.name(),
        desired.address(),
        desired.endpoint().port(),
        desired.asn(),
        new PeerState.Phase.Down(State.Idle.STOPPED.text()),
        desired.session().families().stream()
            .sorted()
            .map(family -> new FamilyCount(family, 0, 0, 0))
            .toList(),
        why,
        since,
        desired.session().timers(),
        MessageCounts.NONE,
        MessageCounts.NONE);
  }

  private static long learnedAsn(State state, long configured) {
    return switch (state) {
      case State.OpenConfirm(_, var negotiated) -> negotiated.peerAsn();
      case State.Established(_, var negotiated) -> negotiated.peerAsn();
      case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> configured;
    };
  }

  private static FamilyCount count(String peer, AddressFamily family, Rib rib) {
    return new FamilyCount(
        family,
        rib.receivedCount(peer, family),
        rib.acceptedCount(peer, family),
        rib.advertisedCount(peer, family));
  }

  private static MessageCounts messages(Traffic traffic) {
    return new MessageCounts(
        traffic.messages(MessageType.OPEN),
        traffic.messages(MessageType.UPDATE),
        traffic.messages(MessageType.NOTIFICATION),
        traffic.messages(MessageType.KEEPALIVE),
        traffic.messages(MessageType.ROUTE_REFRESH),
        traffic.bytes());
  }
}

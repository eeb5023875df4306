package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.settings;
import static dev.peerage.bgp.speaker.SessionChanges.A;
import static dev.peerage.bgp.speaker.SessionChanges.B;
import static dev.peerage.bgp.speaker.SessionChanges.MARKER;
import static dev.peerage.bgp.speaker.SessionChanges.NODE;
import static dev.peerage.bgp.speaker.SessionChanges.NOTHING;
import static dev.peerage.bgp.speaker.SessionChanges.OWN;
import static dev.peerage.bgp.speaker.SessionChanges.REMOVED;
import static dev.peerage.bgp.speaker.SessionChanges.THEIRS;
import static dev.peerage.bgp.speaker.SessionChanges.exporting;
import static dev.peerage.bgp.speaker.SessionChanges.restart;
import static dev.peerage.bgp.speaker.SessionChanges.routes;
import static dev.peerage.bgp.speaker.SessionChanges.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.SessionChanges.Row;
import dev.peerage.bgp.speaker.SessionChanges.Seen;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.net.Inet4Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds each row of docs/sessions.md on real sessions: a speaker with the peers {@code a}, which is
 * changed, and {@code b}, which is not, and what both of them see.
 */
class SessionChangesTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Loopback loopback = new Loopback();
  private final Speaker node = Speaker.start(settings(loopback));
  private final Speaker routers = Speaker.start(settings(loopback));

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
    routers.close(Shutdown.CEASE).join();
  }

  private DesiredInstance before() {
    return Desired.listening(NODE, 65001, Set.of(OWN), exporting(A), exporting(B));
  }

  private static DesiredInstance router(String address) {
    DesiredPeer peer =
        passive(peer(address, NODE, 0))
            .withSession(session -> session.withFamilies(Set.of(AddressFamily.values())))
            .withExportPolicy(exporting(Attributes.DEFAULT, THEIRS));
    return new DesiredInstance(
        address,
        65000,
        (Inet4Address) ip(address),
        new Listen.On(ip(address), 179),
        List.of(peer),
        PrefixSet.of(THEIRS));
  }

  private PeerState at(String router) {
    return routers.state().instances().stream()
        .filter(instance -> instance.name().equals(router))
        .findFirst()
        .orElseThrow()
        .peers()
        .getFirst();
  }

  private int routesAt(String router) {
    return at(router).families().stream().mapToInt(PeerState.FamilyCount::received).sum();
  }

  private void apply(DesiredInstance... instances) {
    node.apply(Desired.speaker(instances)).join();
  }

  private void establish(DesiredInstance first) {
    routers.apply(Desired.speaker(router(A), router(B))).join();
    apply(first);
    // A route, and an End-of-RIB. The state follows what was applied a moment later.
    await()
        .atMost(LIMIT)
        .ignoreException(NoSuchElementException.class)
        .until(() -> at(A).received().updates() == 2 && at(B).received().updates() == 2);
    await()
        .atMost(LIMIT)
        .ignoreException(NoSuchElementException.class)
        .until(() ->
            node.state().instances().getFirst().peers().stream()
                .allMatch(peer -> peer.received().updates() == 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.peerage.bgp.speaker.SessionChanges#rows")
  void holds(Row row) {
    DesiredInstance first = row.before().apply(before());
    establish(first);
    PeerState a = at(A);
    PeerState b = at(B);
    DesiredInstance second = row.change().apply(first);

    apply(second);

    // Changes at once may share an UPDATE with the marker.
    awaitUpdates(row.a(), A, a);
    awaitUpdates(row.b(), B, b);
    // What is sent later arrives later: with the marker, all that the change sends is there too.
    apply(routes(second, second.routes().with(MARKER)));
    check(row.a(), A, a);
    check(row.b(), B, b);
  }

  private void awaitUpdates(Seen expected, String router, PeerState before) {
    if (expected instanceof Seen.Updates(int count)) {
      await()
          .atMost(LIMIT)
          .until(() -> at(router).received().updates() >= before.received().updates() + count);
    }
  }

  private void check(Seen expected, String router, PeerState before) {
    switch (expected) {
      case Seen.Updates(int count) -> {
        long updates = before.received().updates() + count + 1;
        await().atMost(LIMIT).until(() -> at(router).received().updates() >= updates);
        assertThat(at(router).received().updates()).isEqualTo(updates);
        assertThat(at(router).received().refreshes()).isZero();
        assertThat(at(router).received().opens()).isOne();
        assertThat(since(at(router))).isEqualTo(since(before));
      }
      case Seen.Ends(NotificationCode code) -> {
        await().atMost(LIMIT).until(() -> at(router).error() instanceof SessionError.Received);
        Notification notification = ((SessionError.Received) at(router).error()).notification();
        assertThat(notification.text()).startsWith(Notification.of(code).text());
        assertThat(at(router).received().notifications()).isOne();
      }
      case Seen.Closed _ -> {
        await().atMost(LIMIT).until(() -> at(router).phase() instanceof PeerState.Phase.Down);
        assertThat(at(router).received().notifications()).isZero();
      }
    }
  }

  private static Instant since(PeerState peer) {
    return ((PeerState.Phase.Up) peer.phase()).since();
  }

  @Test
  void importPolicyIsAppliedToWhatIsThere() {
    DesiredInstance first = before();
    establish(first);
    assertThat(acceptedFrom(0)).isOne();

    apply(with(p -> p.withImportPolicy(ImportPolicy.REJECT)).apply(first));
    await().atMost(LIMIT).until(() -> acceptedFrom(0) == 0);
    apply(first);

    await().atMost(LIMIT).until(() -> acceptedFrom(0) == 1);
    assertThat(acceptedFrom(1)).isOne();
    assertThat(routesAt(A)).isOne();
  }

  private int acceptedFrom(int peer) {
    return node.state().instances().getFirst().peers().get(peer).families().stream()
        .mapToInt(PeerState.FamilyCount::accepted)
        .sum();
  }

  @Test
  void anotherInstanceIsNothingToTheOnesThere() {
    DesiredInstance first = before();
    establish(first);
    PeerState a = at(A);
    DesiredInstance other =
        new DesiredInstance(
            "other",
            65002,
            (Inet4Address) ip("10.0.0.2"),
            new Listen.Off(),
            List.of(),
            first.routes());

    apply(first, other);
    apply(other, first);
    apply(routes(first, first.routes().with(MARKER)));

    check(NOTHING, A, a);
  }

  @Test
  void anInstanceRemovedDeconfiguresItsPeers() {
    establish(before());
    PeerState a = at(A);

    apply();

    check(REMOVED, A, a);
    check(REMOVED, B, a);
  }

  @Test
  void theSpeakerCloses() {
    establish(with(restart(15, new LongLived.Off())).apply(before()));
    PeerState a = at(A);

    node.close(Shutdown.GRACEFUL_RESTART).join();

    check(new Seen.Closed(), A, a);
    check(new Seen.Ends(NotificationCode.ADMINISTRATIVE_SHUTDOWN), B, a);
  }
}

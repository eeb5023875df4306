package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
  private static final String NODE = "10.0.0.1";
  private static final String A = "10.0.0.8";
  private static final String B = "10.0.0.9";
  private static final Prefix OWN = Prefix.parse("172.20.0.0/24");
  private static final Prefix MORE = Prefix.parse("172.20.1.0/24");
  private static final Prefix THEIRS = Prefix.parse("10.9.0.0/24");
  private static final Prefix MARKER = Prefix.parse("192.0.2.0/24");

  private final Loopback loopback = new Loopback();
  private final Speaker node = Speaker.start(settings(loopback));
  private final Speaker routers = Speaker.start(settings(loopback));

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
    routers.close(Shutdown.CEASE).join();
  }

  /** What a peer sees of a change. */
  private sealed interface Seen {
    /** The session stays, and so many UPDATEs come. */
    record Updates(int count) implements Seen {}

    /** The session ends with this NOTIFICATION. */
    record Ends(NotificationCode code) implements Seen {}

    /** The session ends without a word. */
    record Closed() implements Seen {}
  }

  private static final Seen NOTHING = new Seen.Updates(0);
  private static final Seen UPDATE = new Seen.Updates(1);
  private static final Seen RESET = new Seen.Ends(NotificationCode.OTHER_CONFIGURATION_CHANGE);
  private static final Seen REMOVED = new Seen.Ends(NotificationCode.PEER_DE_CONFIGURED);

  /**
   * A row of the table.
   *
   * @param field what is changed
   * @param before prepares the first state
   * @param change makes the second from the first
   */
  private record Row(
      String field,
      UnaryOperator<DesiredInstance> before,
      UnaryOperator<DesiredInstance> change,
      Seen a,
      Seen b) {
    static Row instance(String field, UnaryOperator<DesiredInstance> change, Seen a, Seen b) {
      return new Row(field, UnaryOperator.identity(), change, a, b);
    }

    static Row peer(String field, UnaryOperator<DesiredPeer> change, Seen a) {
      return peer(field, UnaryOperator.identity(), change, a);
    }

    static Row endpoint(String field, UnaryOperator<Endpoint> change, Seen a) {
      return peer(field, peer -> peer.withEndpoint(change), a);
    }

    static Row session(String field, UnaryOperator<SessionTerms> change, Seen a) {
      return peer(field, peer -> peer.withSession(change), a);
    }

    static Row peer(
        String field,
        UnaryOperator<DesiredPeer> before,
        UnaryOperator<DesiredPeer> change,
        Seen a) {
      return new Row(field, with(before), with(change), a, NOTHING);
    }

    @Override
    public String toString() {
      return field;
    }
  }

  private static UnaryOperator<DesiredInstance> with(UnaryOperator<DesiredPeer> change) {
    return instance -> {
      List<DesiredPeer> peers = new ArrayList<>(instance.peers());
      peers.set(0, change.apply(peers.getFirst()));
      return peers(instance, peers);
    };
  }

  private static DesiredInstance peers(DesiredInstance of, List<DesiredPeer> peers) {
    return new DesiredInstance(
        of.name(), of.localAsn(), of.routerId(), of.listen(), peers, of.routes());
  }

  private static DesiredInstance routes(DesiredInstance of, PrefixSet routes) {
    return new DesiredInstance(
        of.name(), of.localAsn(), of.routerId(), of.listen(), of.peers(), routes);
  }

  private static DesiredInstance router(
      DesiredInstance of, long asn, String routerId, Listen listen) {
    return new DesiredInstance(
        of.name(), asn, (Inet4Address) ip(routerId), listen, of.peers(), of.routes());
  }

  private static DesiredPeer named(DesiredPeer of, String name, String address, long asn) {
    return DesiredPeer.of(name, ip(address), asn)
        .withEndpoint(endpoint -> endpoint.withSource(of.endpoint().source()))
        .withSession(session -> session.withTimers(of.session().timers()))
        .withExportPolicy(of.exportPolicy());
  }

  private static ExportPolicy exporting(Attributes attributes, Prefix... prefixes) {
    return new ExportPolicy.Statements(
        "policy", List.of(new ExportStatement("all", PrefixSet.of(prefixes), attributes)));
  }

  /** What the routers announce is not told on. */
  private static DesiredPeer exporting(String router) {
    return peer(NODE, router, 65000)
        .withExportPolicy(exporting(Attributes.DEFAULT, OWN, MORE, MARKER));
  }

  private static UnaryOperator<DesiredPeer> restart(int seconds, LongLived longLived) {
    return peer ->
        peer.withSession(
            session -> session.withGracefulRestart(new GracefulRestart.On(seconds, longLived)));
  }

  static Stream<Row> rows() {
    Attributes colored = new Attributes(100, List.of(new Community(1)), List.of());
    return Stream.of(
        // Nothing.
        Row.instance("nothing", UnaryOperator.identity(), NOTHING, NOTHING),
        Row.session(
            "connectRetryTimeSeconds", session -> session.withTimers(new Timers(7, 9, 3)), NOTHING),
        Row.endpoint(
            "connection: active", endpoint -> endpoint.withConnection(Connection.ACTIVE), NOTHING),
        Row.endpoint(
            "connection: passive",
            endpoint -> endpoint.withConnection(Connection.PASSIVE),
            NOTHING),
        Row.peer(
            "restartTimeSeconds",
            restart(15, new LongLived.Off()),
            restart(30, new LongLived.Off()),
            NOTHING),
        Row.peer(
            "stalePathTimeSeconds",
            restart(15, new LongLived.Off()),
            p ->
                p.withSession(session ->
                    session.withGracefulRestart(
                        new GracefulRestart.On(15, 30, new LongLived.Off()))),
            NOTHING),
        Row.peer(
            "longLivedStaleTimeSeconds",
            restart(15, new LongLived.On(60)),
            restart(15, new LongLived.On(90)),
            NOTHING),
        Row.peer("importPolicy", p -> p.withImportPolicy(ImportPolicy.REJECT), NOTHING),
        Row.instance(
            "another peer",
            i ->
                peers(
                    i,
                    Stream.concat(i.peers().stream(), Stream.of(peer(NODE, "10.0.0.7", 65000)))
                        .toList()),
            NOTHING,
            NOTHING),
        Row.instance(
            "the order of the peers", i -> peers(i, i.peers().reversed()), NOTHING, NOTHING),
        // Re-advertised: the differences only.
        Row.instance("a route more", i -> routes(i, i.routes().with(MORE)), UPDATE, UPDATE),
        Row.instance("a route less", i -> routes(i, PrefixSet.EMPTY), UPDATE, UPDATE),
        Row.peer(
            "a route's attributes",
            p -> p.withExportPolicy(exporting(Attributes.DEFAULT, OWN, MARKER)),
            p -> p.withExportPolicy(exporting(colored, OWN, MARKER)),
            UPDATE),
        Row.peer(
            "a route's prefix in the policy",
            p -> p.withExportPolicy(exporting(Attributes.DEFAULT, OWN, MARKER)),
            p -> p.withExportPolicy(exporting(Attributes.DEFAULT, MARKER)),
            UPDATE),
        Row.peer(
            "exportPolicy with the same outcome",
            p -> p.withExportPolicy(exporting(Attributes.DEFAULT, OWN, MARKER)),
            NOTHING),
        // Session reset.
        Row.session("holdTimeSeconds", session -> session.withTimers(new Timers(5, 30, 3)), RESET),
        Row.session(
            "keepAliveTimeSeconds", session -> session.withTimers(new Timers(5, 9, 2)), RESET),
        Row.session(
            "families", session -> session.withFamilies(Set.of(AddressFamily.values())), RESET),
        Row.peer("gracefulRestart: on", restart(15, new LongLived.Off()), RESET),
        Row.peer(
            "gracefulRestart: off",
            restart(15, new LongLived.Off()),
            p -> p.withSession(session -> session.withGracefulRestart(new GracefulRestart.Off())),
            RESET),
        Row.peer(
            "long-lived graceful restart: on",
            restart(15, new LongLived.Off()),
            restart(15, new LongLived.On(60)),
            RESET),
        Row.endpoint("ebgpMultihop", endpoint -> endpoint.withHops(new Hops.Ttl(2)), RESET),
        Row.endpoint("ttlSecurity", endpoint -> endpoint.withHops(new Hops.Gtsm(1)), RESET),
        Row.endpoint(
            "password",
            endpoint -> endpoint.withAuthentication(new Authentication.TcpMd5("secret")),
            RESET),
        Row.endpoint("peerPort", endpoint -> endpoint.withPort(1799), RESET),
        Row.endpoint(
            "localAddress",
            endpoint -> endpoint.withSource(new Source.Address(ip("10.0.0.2"))),
            RESET),
        Row.endpoint(
            "sourceInterface", endpoint -> endpoint.withSource(new Source.Interface("lo")), RESET),
        Row.peer(
            "several at once",
            p ->
                p.withSession(session -> session.withTimers(new Timers(7, 30, 10)))
                    .withEndpoint(endpoint -> endpoint.withHops(new Hops.Ttl(2))),
            RESET),
        // Another peer.
        Row.peer("peerASN", p -> named(p, p.name(), A, 0), REMOVED),
        Row.peer("peerAddress", p -> named(p, p.name(), "10.0.0.7", 65000), REMOVED),
        Row.peer("a peer's name", p -> named(p, "other", A, 65000), REMOVED),
        Row.instance("a peer removed", i -> peers(i, i.peers().subList(1, 2)), REMOVED, NOTHING),
        // Another instance.
        Row.instance(
            "listenPort", i -> router(i, 65001, NODE, new Listen.On(ip(NODE), 1791)), RESET, RESET),
        Row.instance("no listenPort", i -> router(i, 65001, NODE, new Listen.Off()), RESET, RESET),
        Row.instance("localASN", i -> router(i, 65009, NODE, i.listen()), RESET, RESET),
        Row.instance("routerID", i -> router(i, 65001, "10.0.0.5", i.listen()), RESET, RESET),
        Row.instance(
            "an instance's name",
            i ->
                new DesiredInstance(
                    "other", i.localAsn(), i.routerId(), i.listen(), i.peers(), i.routes()),
            REMOVED,
            REMOVED));
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
    // A route, and an End-of-RIB.
    await()
        .atMost(LIMIT)
        .until(() -> at(A).received().updates() == 2 && at(B).received().updates() == 2);
    await()
        .atMost(LIMIT)
        .until(() ->
            node.state().instances().getFirst().peers().stream()
                .allMatch(peer -> peer.received().updates() == 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
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

package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.peer;

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
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The rows of docs/sessions.md: what the peers {@code a}, which is changed, and {@code b}, which is
 * not, see of each change.
 */
final class SessionChanges {
  static final String NODE = "10.0.0.1";
  static final String A = "10.0.0.8";
  static final String B = "10.0.0.9";
  static final Prefix OWN = Prefix.parse("172.20.0.0/24");
  static final Prefix MORE = Prefix.parse("172.20.1.0/24");
  static final Prefix THEIRS = Prefix.parse("10.9.0.0/24");
  static final Prefix MARKER = Prefix.parse("192.0.2.0/24");

  private SessionChanges() {}

  /** What a peer sees of a change. */
  sealed interface Seen {
    /** The session stays, and so many UPDATEs come. */
    record Updates(int count) implements Seen {}

    /** The session ends with this NOTIFICATION. */
    record Ends(NotificationCode code) implements Seen {}

    /** The session ends without a word. */
    record Closed() implements Seen {}
  }

  static final Seen NOTHING = new Seen.Updates(0);
  static final Seen UPDATE = new Seen.Updates(1);
  static final Seen RESET = new Seen.Ends(NotificationCode.OTHER_CONFIGURATION_CHANGE);
  static final Seen REMOVED = new Seen.Ends(NotificationCode.PEER_DE_CONFIGURED);

  /**
   * A row of the table.
   *
   * @param field what is changed
   * @param before prepares the first state
   * @param change makes the second from the first
   */
  record Row(
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

  static UnaryOperator<DesiredInstance> with(UnaryOperator<DesiredPeer> change) {
    return instance -> {
      List<DesiredPeer> peers = new ArrayList<>(instance.peers());
      peers.set(0, change.apply(peers.getFirst()));
      return peers(instance, peers);
    };
  }

  static DesiredInstance peers(DesiredInstance of, List<DesiredPeer> peers) {
    return new DesiredInstance(
        of.name(), of.localAsn(), of.routerId(), of.listen(), peers, of.routes());
  }

  static DesiredInstance routes(DesiredInstance of, PrefixSet routes) {
    return new DesiredInstance(
        of.name(), of.localAsn(), of.routerId(), of.listen(), of.peers(), routes);
  }

  static DesiredInstance router(DesiredInstance of, long asn, String routerId, Listen listen) {
    return new DesiredInstance(
        of.name(), asn, (Inet4Address) ip(routerId), listen, of.peers(), of.routes());
  }

  static DesiredPeer named(DesiredPeer of, String name, String address, long asn) {
    return DesiredPeer.of(name, ip(address), asn)
        .withEndpoint(endpoint -> endpoint.withSource(of.endpoint().source()))
        .withSession(session -> session.withTimers(of.session().timers()))
        .withExportPolicy(of.exportPolicy());
  }

  static ExportPolicy exporting(Attributes attributes, Prefix... prefixes) {
    return new ExportPolicy.Statements(
        "policy", List.of(new ExportStatement("all", PrefixSet.of(prefixes), attributes)));
  }

  /** What the routers announce is not told on. */
  static DesiredPeer exporting(String router) {
    return peer(NODE, router, 65000)
        .withExportPolicy(exporting(Attributes.DEFAULT, OWN, MORE, MARKER));
  }

  static UnaryOperator<DesiredPeer> restart(int seconds, LongLived longLived) {
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
            "connectRetryTimeSeconds",
            session -> session.withTimers(new Timers(7, 90, 30)),
            NOTHING),
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
        Row.peer("ownAddresses", p -> p.withOwnAddresses(List.of(ip("10.0.0.3"))), NOTHING),
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
        Row.session("holdTimeSeconds", session -> session.withTimers(new Timers(5, 60, 30)), RESET),
        Row.session(
            "keepAliveTimeSeconds", session -> session.withTimers(new Timers(5, 90, 20)), RESET),
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
            "listenPort",
            i -> router(i, 65001, NODE, new Listen.On(ip(NODE), 1791)),
            NOTHING,
            NOTHING),
        Row.instance(
            "no listenPort", i -> router(i, 65001, NODE, new Listen.Off()), NOTHING, NOTHING),
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
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.State;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.Traffic;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.MessageType;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer of a running instance: its session, and its part of the RIB. */
final class Peer implements SessionListener {
  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

  private static final String CHECK_PASSWORD = "; check the password on both sides (TCP MD5)";

  private final Surroundings around;
  private final DesiredInstance instance;
  private final Rib rib;
  private final SessionDriver session;
  private final SpeakerMetrics metrics;
  private final UpdateErrors errors;
  private final RefreshRequests refreshes;
  private DesiredPeer desired;
  private final StaleRoutes stale;
  private String hint = "";
  private boolean restarting;
  private boolean forwarding;
  private volatile Link link = new Link.Down();
  private volatile List<FamilyCount> counts = List.of();
  private volatile MessageCounts received = MessageCounts.NONE;
  private volatile MessageCounts sent = MessageCounts.NONE;

  /** What exists only while the session is Established. */
  private sealed interface Link {
    record Down() implements Link {}

    record Up(Negotiated negotiated, Instant since, PeerState.Session session, RouteSender sender)
        implements Link {}
  }

  Peer(
      Surroundings around,
      DesiredInstance instance,
      DesiredPeer desired,
      Rib rib,
      boolean restarting) {
    this.around = around;
    this.instance = instance;
    this.desired = desired;
    this.rib = rib;
    this.restarting = restarting;
    this.forwarding = restarting;
    this.stale =
        new StaleRoutes(
            rib,
            desired.name(),
            title(),
            around.network().loop(),
            this::now,
            around.routesChanged());
    this.session =
        new SessionDriver(
            around.network(),
            around.jitter(),
            config(),
            () -> sockets().target(),
            this,
            around.settings().clock(),
            title());
    this.metrics = new SpeakerMetrics(around.settings().metrics(), instance, desired);
    this.refreshes = new RefreshRequests(around.network().loop(), this::answerRefresh);
    this.errors = new UpdateErrors(title(), metrics::error);
    metrics.session(
        desired.asn(), () -> link instanceof Link.Up ? 1 : 0, () -> received, () -> sent);
  }

  void start() {
    String problem = sockets().problem();
    if (!problem.isEmpty() && !dials()) {
      misconfigured(problem);
    }
    session.start();
  }

  DesiredPeer desired() {
    return desired;
  }

  SessionDriver session() {
    return session;
  }

  /** Takes a new desired state of the same peer. */
  void update(DesiredPeer next) {
    PeerEffect effect = PeerEffect.of(desired, next);
    desired = next;
    switch (effect) {
      case NONE -> session.use(config());
      case ROUTES -> {
        session.use(config());
        policyChanged();
      }
      case NEXT -> {
        session.use(config());
        policyChanged();
        if (link instanceof Link.Down) {
          session.stop(StopReason.RECONFIGURED, "");
          session.start();
        }
      }
      case RESET -> {
        session.stop(StopReason.RECONFIGURED, "");
        session.use(config());
        hint = "";
        start();
      }
      case REPLACE -> throw new IllegalArgumentException(title() + " is not the same peer");
    }
  }

  /** Ends the session for good. */
  void remove(StopReason reason, String words) {
    session.stop(reason, words);
    stale.forget();
    metrics.remove();
  }

  /** Who hears a stopping peer: with graceful restart it shall keep the routes. */
  StopReason stopReason(Shutdown how) {
    return switch (how) {
      case CEASE -> StopReason.SHUTDOWN;
      case DECONFIGURE -> StopReason.DECONFIGURED;
      case GRACEFUL_RESTART ->
          switch (desired.gracefulRestart()) {
            case DesiredPeer.GracefulRestart.On _ -> StopReason.SILENT;
            case DesiredPeer.GracefulRestart.Off _ -> StopReason.SHUTDOWN;
          };
    };
  }

  /** The RIB may have something new for this peer. */
  void wake() {
    if (link instanceof Link.Up up) {
      up.sender().wake();
    }
  }

  /** What the desired state means for sockets. */
  PeerSockets sockets() {
    return new PeerSockets(
        around.network(),
        around.settings().addresses(),
        desired,
        desired.asn() == instance.localAsn());
  }

  /** Whether the peer may open connections. */
  boolean accepts() {
    return desired.connection() != DesiredPeer.Connection.ACTIVE
        && instance.listen() instanceof DesiredInstance.Listen.On;
  }

  private boolean dials() {
    return desired.connection() != DesiredPeer.Connection.PASSIVE;
  }

  /** Notes that the configuration cannot work. */
  void misconfigured(String problem) {
    session.noted(new SessionError.Configuration(problem, now()));
  }

  /** Whether it has a password and no session. */
  boolean waitsForSignature() {
    return link instanceof Link.Down
        && desired.authentication() instanceof DesiredPeer.Authentication.TcpMd5
        && sockets().problem().isEmpty();
  }

  /** Takes note of what the kernel dropped while this peer was waited for. */
  void signaturesDropped(String what) {
    hint = "; this host drops " + what;
    if (!dials()) {
      session.noted(
          new SessionError.Tcp("the peer does not get through" + hint + CHECK_PASSWORD, now()));
    }
  }

  @Override
  public String explained(SessionEvent event, String words) {
    boolean unanswered =
        event instanceof SessionEvent.TimerExpired(var timer) && timer == Timer.CONNECT_RETRY
            || event instanceof SessionEvent.TcpFailed && words.contains("timed out");
    if (!unanswered) {
      return words;
    }
    StringBuilder text = new StringBuilder(words);
    if (desired.authentication() instanceof DesiredPeer.Authentication.TcpMd5) {
      text.append(hint).append(CHECK_PASSWORD);
    }
    if (desired.hops() instanceof DesiredPeer.Hops.Gtsm(var hops)) {
      text.append("; TTL security: the peer must send with TTL 255 and be at most ")
          .append(hops)
          .append(hops == 1 ? " hop away" : " hops away");
    }
    return text.toString();
  }

  @Override
  public void up(Negotiated negotiated, Connection connection) {
    InetAddress local = around.settings().addresses().toLogical(connection.local().getAddress());
    RouteSender sender =
        new RouteSender(
            connection,
            around.network().loop(),
            () -> rib.outbox(desired.name()).next(now()),
            around.changed());
    hint = "";
    link = new Link.Up(negotiated, now(), session(negotiated, connection), sender);
    around.events().accept(new SpeakerEvent.SessionUp(instance.name(), desired.name(), now()));
    session
        .lines()
        .log(more ->
            LOG.info(
                "{}: session up, AS {}, hold {} s, keepalive {} s, {}{}",
                title(),
                negotiated.peerAsn(),
                negotiated.holdSeconds(),
                negotiated.keepAliveSeconds(),
                negotiated.families().stream().sorted().toList(),
                more));
    if (local instanceof Inet6Address
        && negotiated.families().contains(AddressFamily.IPV4_UNICAST)
        && !SessionDriver.context(negotiated).extendedNextHop()) {
      LOG.warn(
          "{}: IPv4 routes are not announced: the session runs over IPv6 and the peer takes no"
              + " IPv4 routes with an IPv6 next hop (RFC 8950)",
          title());
    }
    metrics.up(
        negotiated.peerAsn(),
        negotiated.families(),
        family -> counted(family, FamilyCount::advertised),
        family -> counted(family, FamilyCount::received));
    rib.peerUp(ribPeer(negotiated, connection, local), now());
    stale.up(negotiated, longestStale());
    sender.wake();
    // The peer knows of the restart now. From here on it may keep what it is told, and this side
    // forwards it whatever becomes of the session (RFC 8538 section 3).
    restarting = false;
    forwarding = true;
    session.use(config());
    around.changed().run();
  }

  private PeerState.Session session(Negotiated negotiated, Connection connection) {
    return new PeerState.Session(
        logical(connection.local()),
        logical(connection.remote()),
        connection.dialed(),
        negotiated.peerId(),
        connection.sentOpen().map(Open::capabilities).orElse(List.of()),
        connection.receivedOpen().map(Open::capabilities).orElse(List.of()));
  }

  private InetSocketAddress logical(InetSocketAddress socket) {
    return new InetSocketAddress(
        around.settings().addresses().toLogical(socket.getAddress()), socket.getPort());
  }

  @Override
  public void received(Update update) {
    errors.note(update, session::message);
    rib.received(desired.name(), update, now());
    around.routesChanged().run();
    update.endOfRib().ifPresent(stale::endOfRib);
  }

  @Override
  public void updateError(Notification answer, String reason, String message) {
    errors.note(answer, reason, () -> message);
  }

  @Override
  public void refresh(RouteRefresh request) {
    if (!(link instanceof Link.Up up)) {
      return;
    }
    switch (request.subtype()) {
      case RouteRefresh.REQUEST ->
          request
              .family()
              .filter(up.negotiated().families()::contains)
              .ifPresent(refreshes::request);
      case RouteRefresh.BEGIN, RouteRefresh.END ->
          stale.refresh(request, up.negotiated(), around.settings().limits().refresh());
      default ->
          session
              .lines()
              .log(more ->
                  LOG.warn(
                      "{}: ROUTE-REFRESH of the unknown subtype {} ignored{}",
                      title(),
                      request.subtype(),
                      more));
    }
  }

  private void answerRefresh(AddressFamily family) {
    rib.refresh(desired.name(), family);
    wake();
  }

  private void policyChanged() {
    rib.importPolicyChanged(desired.name(), imports(), routeServer(), now());
    around.routesChanged().run();
    if (link instanceof Link.Up) {
      rib.exportPolicyChanged(desired.name(), desired.exportPolicy());
      wake();
    }
  }

  @Override
  public void writable() {
    wake();
  }

  @Override
  public void down(String reason, Set<AddressFamily> kept) {
    if (link instanceof Link.Up up) {
      up.sender().stop();
      refreshes.stop();
      link = new Link.Down();
      metrics.down();
      around
          .events()
          .accept(new SpeakerEvent.SessionDown(instance.name(), desired.name(), session.error()));
      stale.down(up.negotiated(), kept, longestStale());
    }
  }

  private Duration longestStale() {
    return switch (desired.gracefulRestart()) {
      case DesiredPeer.GracefulRestart.Off _ -> Duration.ZERO;
      case DesiredPeer.GracefulRestart.On on -> Duration.ofSeconds(on.longestStale());
    };
  }

  @Override
  public void counted() {
    around.counted().run();
  }

  @Override
  public void changed() {
    around.changed().run();
  }

  PeerState state() {
    PeerState.Phase phase =
        switch (link) {
          case Link.Up(var negotiated, var since, var over, _) ->
              new PeerState.Phase.Up(
                  since,
                  negotiated.holdSeconds(),
                  negotiated.keepAliveSeconds(),
                  over.local().getAddress(),
                  over);
          case Link.Down _ -> new PeerState.Phase.Down(session.state().text());
        };
    List<FamilyCount> families =
        switch (link) {
          case Link.Up up -> up.negotiated().families().stream().sorted().map(this::count).toList();
          case Link.Down _ ->
              desired.families().stream()
                  .sorted()
                  .map(family -> new FamilyCount(family, 0, 0, 0))
                  .toList();
        };
    counts = families;
    received = counts(session.inbound());
    sent = counts(session.outbound());
    return new PeerState(
        desired.name(),
        desired.address(),
        desired.port(),
        learnedAsn(),
        phase,
        families,
        session.error().text(),
        session.error(),
        session.since(),
        desired.timers(),
        received,
        sent);
  }

  private static MessageCounts counts(Traffic traffic) {
    return new MessageCounts(
        traffic.messages(MessageType.OPEN),
        traffic.messages(MessageType.UPDATE),
        traffic.messages(MessageType.NOTIFICATION),
        traffic.messages(MessageType.KEEPALIVE),
        traffic.messages(MessageType.ROUTE_REFRESH),
        traffic.bytes());
  }

  private FamilyCount count(AddressFamily family) {
    return new FamilyCount(
        family,
        rib.receivedCount(desired.name(), family),
        rib.acceptedCount(desired.name(), family),
        rib.advertisedCount(desired.name(), family));
  }

  /** For other threads: as of the last state. */
  private int counted(AddressFamily family, ToIntFunction<FamilyCount> count) {
    return counts.stream()
        .filter(each -> each.family() == family)
        .mapToInt(count)
        .findFirst()
        .orElse(0);
  }

  private Instant now() {
    return around.settings().clock().instant();
  }

  private long learnedAsn() {
    return switch (session.state()) {
      case State.OpenConfirm(_, var negotiated) -> negotiated.peerAsn();
      case State.Established(_, var negotiated) -> negotiated.peerAsn();
      case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> desired.asn();
    };
  }

  private String title() {
    return instance.name() + "/" + desired.name() + " " + desired.address().getHostAddress();
  }

  private RibPeer ribPeer(Negotiated negotiated, Connection connection, InetAddress local) {
    return new RibPeer(
        desired.name(),
        desired.address(),
        negotiated.peerAsn(),
        negotiated.peerId(),
        local,
        negotiated.families(),
        SessionDriver.context(negotiated),
        negotiated.enhancedRefresh(),
        connection
            .receivedOpen()
            .filter(open -> open.announces(Capability.LongLivedGracefulRestart.class))
            .isPresent(),
        imports(),
        routeServer(),
        desired.exportPolicy());
  }

  private boolean imports() {
    return desired.importPolicy() != DesiredPeer.ImportPolicy.REJECT;
  }

  private boolean routeServer() {
    return desired.importPolicy() == DesiredPeer.ImportPolicy.ACCEPT_FROM_ROUTE_SERVER;
  }

  private SessionConfig config() {
    return new SessionConfig(
        instance.localAsn(),
        instance.routerId(),
        desired.asn(),
        dials(),
        accepts(),
        Duration.ofSeconds(desired.timers().connectRetry()),
        desired.timers().hold(),
        desired.timers().keepAlive(),
        desired.families(),
        desired.address() instanceof Inet6Address,
        switch (desired.gracefulRestart()) {
          case DesiredPeer.GracefulRestart.Off _ -> new Restart.Off();
          case DesiredPeer.GracefulRestart.On on ->
              new Restart.On(on.restartTime(), restarting, forwarding, longLived(on));
        },
        around.settings().limits().sendHold(),
        around.hostName());
  }

  private static int longLived(DesiredPeer.GracefulRestart.On on) {
    return switch (on.longLived()) {
      case DesiredPeer.LongLived.Off _ -> 0;
      case DesiredPeer.LongLived.On(var staleTime) -> staleTime;
    };
  }
}

package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.ReceivedRoutes;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer of a running instance: its session, and its part of the RIB. */
final class Peer implements SessionListener {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  private final Environment environment;
  private final Tasks tasks;
  private final PeerListener listener;
  private final Rib rib;
  private final SessionDriver session;
  private final SpeakerMetrics metrics;
  private final PeerSnapshot snapshot = new PeerSnapshot();
  private final UpdateErrors errors;
  private final RefreshRequests refreshes;
  private final StaleRoutes stale;
  private final PeerNextHops nextHops;
  private PeerTerms terms;
  private final LimitWatch limits;
  private String drops = "";
  private boolean restarting;
  private boolean forwarding;
  private Optional<Established> established = Optional.empty();

  /** What exists only while the session is Established. */
  private record Established(Negotiated negotiated, Connection connection, RouteSender sender) {}

  /**
   * A stopped peer.
   *
   * @param larger the tasks of the instance
   * @param restarting whether the peer may still keep what the process before this one told it
   * @param forwarded whether the peer may still keep what this process told it
   */
  Peer(
      Environment environment,
      Tasks larger,
      DesiredInstance instance,
      DesiredPeer desired,
      Rib rib,
      boolean restarting,
      boolean forwarded,
      PeerListener listener) {
    this.environment = environment;
    this.listener = listener;
    this.rib = rib;
    this.restarting = restarting;
    this.forwarding = restarting || forwarded;
    this.terms =
        new PeerTerms(instance, desired, environment.settings().limits(), environment.hostName());
    // A fault at ending the session is the instance's.
    this.tasks = larger.of(Tasks.Part.SESSION, terms.title(), fault -> session().broke(fault));
    // Stale routes may outlive the session: a fault with them is the instance's too.
    this.stale =
        new StaleRoutes(
            rib, desired.name(), terms.title(), larger, environment::now, listener::routesChanged);
    this.session =
        new SessionDriver(
            environment, tasks, config(), () -> sockets().target(), this, terms.title());
    this.refreshes =
        new RefreshRequests(terms.title(), session.lines(), tasks, this::answerRefresh);
    this.nextHops = new PeerNextHops(rib, session, terms.title(), this::wake);
    this.metrics = new SpeakerMetrics(environment.meters(), instance, desired);
    this.limits = new LimitWatch(terms.title(), environment, session, metrics, listener::changed);
    this.errors = new UpdateErrors(terms.title(), metrics::error);
    measure();
  }

  private void measure() {
    metrics.session(desired().asn(), snapshot::established, snapshot::received, snapshot::sent);
    metrics.limits(snapshot::bytes, () -> terms.maximumPrefixes(environment.settings().routes()));
  }

  private SessionConfig config() {
    return terms
        .session(restarting, forwarding)
        .withLoopback(environment.settings().addresses().loopbackNextHops());
  }

  void start() {
    tasks.run(this::startSession);
  }

  private void startSession() {
    String problem = sockets().problem();
    if (!problem.isEmpty() && !terms.dials()) {
      misconfigured(problem);
    }
    session.start();
  }

  DesiredPeer desired() {
    return terms.peer();
  }

  SessionDriver session() {
    return session;
  }

  /**
   * Whether this side said, or may say, that what the peer keeps of its routes is forwarded. Where
   * both sides keep routes over NOTIFICATIONs, a peer that is to be replaced by one of the same
   * name leaves it to that one.
   */
  boolean forwards() {
    return forwarding;
  }

  /**
   * Takes a new desired state of the same peer.
   *
   * @param around that of its instance, with the same ASN and router ID
   */
  void update(DesiredInstance around, DesiredPeer next) {
    boolean accepted = accepts();
    DesiredPeer before = desired();
    PeerEffect effect = PeerEffect.of(before, next);
    terms = terms.with(around, next);
    if (accepted != accepts() && effect.compareTo(PeerEffect.NEXT) < 0) {
      effect = PeerEffect.NEXT;
    }
    switch (effect) {
      case NONE -> session.use(config());
      case ROUTES -> {
        session.use(config());
        policyChanged();
        nextHops.changed(before, next);
      }
      case NEXT -> {
        session.use(config());
        policyChanged();
        nextHops.changed(before, next);
        if (established.isEmpty()) {
          session.stop(StopReason.RECONFIGURED, "");
          session.start();
        }
        check();
      }
      case RESET -> reset(StopReason.RECONFIGURED);
      case HARD_RESET -> reset(StopReason.REPLACED);
      case REPLACE -> throw new IllegalArgumentException(terms.title() + " is not the same peer");
    }
  }

  private void reset(StopReason reason) {
    session.stop(reason, "");
    session.use(config());
    if (metrics.moved(desired())) {
      measure();
    }
    drops = "";
    start();
  }

  /** Ends the session for good. */
  void remove(StopReason reason, String words) {
    try {
      session.stop(reason, words);
    } finally {
      try {
        stale.forget();
      } finally {
        metrics.remove();
      }
    }
  }

  StopReason stopReason(Shutdown how) {
    return terms.stopReason(how);
  }

  /** The RIB may have something new for this peer. */
  void wake() {
    established.ifPresent(up -> up.sender().wake());
  }

  /** What the desired state means for sockets. */
  PeerSockets sockets() {
    return new PeerSockets(
        environment.network(),
        environment.settings().addresses(),
        desired(),
        desired().asn() == terms.instance().localAsn());
  }

  /** Whether the peer may open connections. */
  boolean accepts() {
    return terms.accepts();
  }

  /** Notes that the configuration cannot work. */
  void misconfigured(String problem) {
    session.noted(new SessionError.Configuration(problem, environment.now()));
  }

  /** Whether it has a password and no session. */
  boolean waitsForSignature() {
    return established.isEmpty() && terms.signed() && sockets().problem().isEmpty();
  }

  /** Takes note of what the kernel dropped while this peer was waited for. */
  void signaturesDropped(String what) {
    drops = "; this host drops " + what;
    if (!terms.dials()) {
      session.noted(
          new SessionError.Tcp(
              "the peer does not get through" + drops + PeerTerms.CHECK_PASSWORD,
              environment.now()));
    }
  }

  @Override
  public String explained(SessionEvent event, String words) {
    return terms.explained(event, words, drops);
  }

  @Override
  public void up(Negotiated negotiated, Connection connection) {
    var up = new SessionUp(environment.settings().addresses(), negotiated, connection);
    var sender =
        new RouteSender(
            connection,
            tasks,
            () -> rib.outbox(desired().name()).next(environment.now()),
            listener::changed);
    drops = "";
    established = Optional.of(new Established(negotiated, connection, sender));
    limits.up();
    snapshot.up(negotiated, environment.now(), up.facts());
    listener.happened(
        new SpeakerEvent.SessionUp(terms.instance().name(), desired().name(), environment.now()));
    if (environment.settings().told()) {
      up.log(terms.title(), session.lines());
    }
    metrics.up(
        negotiated.peerAsn(),
        negotiated.families(),
        snapshot::advertisedRoutes,
        snapshot::receivedRoutes);
    boolean longLived =
        connection
            .receivedOpen()
            .filter(open -> open.announces(Capability.LongLivedGracefulRestart.class))
            .isPresent();
    rib.peerUp(
        terms.rib(negotiated, up.local(), up.ownAddresses(), longLived),
        nextHops.up(up.nextHops(), desired()),
        environment.now());
    stale.up(negotiated, terms.longestStale());
    sender.wake();
    // The peer knows of the restart now. From here on it may keep what it is told, and this side
    // forwards it whatever becomes of the session (RFC 8538 section 3).
    restarting = false;
    forwarding = true;
    session.use(config());
    listener.changed();
  }

  @Override
  public void received(Update update) {
    errors.note(update, session::message);
    rib.received(desired().name(), update, environment.now());
    listener.routesChanged();
    update.endOfRib().ifPresent(stale::endOfRib);
    check();
    if (environment.budget().isOver()) {
      listener.overBudget();
    }
  }

  /** Whether the peer's routes are used, so that all of them are kept. */
  boolean isUsed() {
    return terms.importsRoutes();
  }

  /** What is kept of what it sent. */
  ReceivedRoutes received() {
    return rib.received(desired().name());
  }

  /** Of all peers' routes, which take too much memory, its take most. */
  void overBudget() {
    if (established.isPresent()) {
      limits.overBudget();
    } else {
      log.warn("{}: what was kept while it is away goes: it takes too much memory", terms.title());
      stale.forget();
    }
  }

  private void check() {
    if (established.isPresent()) {
      limits.check(received(), terms);
    }
  }

  @Override
  public void updateError(Notification answer, String reason, String message) {
    errors.note(answer, reason, () -> message);
  }

  @Override
  public void refresh(RouteRefresh request) {
    Duration longest = environment.settings().limits().refresh();
    established.ifPresent(up -> refreshes.received(request, up.negotiated(), stale, longest));
  }

  private void answerRefresh(AddressFamily family) {
    rib.refresh(desired().name(), family);
    wake();
  }

  private void policyChanged() {
    rib.importPolicyChanged(
        desired().name(), terms.importsRoutes(), terms.routeServer(), environment.now());
    listener.routesChanged();
    established.ifPresent(up -> {
      rib.exportPolicyChanged(desired().name(), desired().exportPolicy());
      wake();
      if (terms.importsRoutes() && !received().complete()) {
        askAgain(up);
      }
    });
  }

  /** What was not kept because nobody used it is needed now. */
  private void askAgain(Established up) {
    boolean refreshes =
        up.connection()
            .receivedOpen()
            .filter(open -> open.announces(Capability.RouteRefresh.class))
            .isPresent();
    if (!refreshes) {
      session.stop(StopReason.RECONFIGURED, "");
      session.start();
      return;
    }
    log.info("{}: asks for all routes again: some were not kept", terms.title());
    rib.askedAgain(desired().name());
    up.negotiated().families().stream()
        .sorted()
        .forEach(family -> up.connection().send(RouteRefresh.of(family, RouteRefresh.REQUEST)));
  }

  @Override
  public void writable() {
    wake();
  }

  @Override
  public void down(String reason, Set<AddressFamily> kept) {
    established.ifPresent(up -> {
      up.sender().stop();
      refreshes.stop();
      established = Optional.empty();
      limits.down();
      nextHops.down();
      snapshot.down();
      metrics.down();
      listener.happened(
          new SpeakerEvent.SessionDown(terms.instance().name(), desired().name(), session.error()));
      stale.down(up.negotiated(), kept, terms.longestStale());
    });
  }

  @Override
  public void counted() {
    listener.counted();
  }

  @Override
  public void changed() {
    listener.changed();
  }

  PeerState state() {
    return snapshot.take(desired(), session, rib, nextHops.warning(desired(), limits.warning()));
  }
}

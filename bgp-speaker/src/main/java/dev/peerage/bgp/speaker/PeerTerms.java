package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.wire.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;

/**
 * What the desired state of a peer means for its session and for the RIB. Pure.
 *
 * @param instance the instance that the peer belongs to; its peers and routes do not matter here
 * @param peer the desired state
 * @param limits how long to wait for the peer
 * @param hostName for the FQDN capability; empty = not announced
 */
record PeerTerms(
    DesiredInstance instance, DesiredPeer peer, SessionLimits limits, String hostName) {
  static final String CHECK_PASSWORD = "; check the password on both sides (TCP MD5)";

  /** The same peer with another desired state, of it and of its instance. */
  PeerTerms with(DesiredInstance around, DesiredPeer next) {
    return new PeerTerms(around, next, limits, hostName);
  }

  /** The session for logs. */
  String title() {
    return instance.name() + "/" + peer.name() + " " + IpText.of(peer.address());
  }

  /** Whether this side opens connections. */
  boolean dials() {
    return peer.endpoint().connection() != Connection.PASSIVE;
  }

  /** Whether the peer may open connections. */
  boolean accepts() {
    return peer.endpoint().connection() != Connection.ACTIVE
        && instance.listen() instanceof DesiredInstance.Listen.On;
  }

  boolean signed() {
    return peer.endpoint().authentication() instanceof Authentication.TcpMd5;
  }

  /** Whether received routes may be used. */
  boolean importsRoutes() {
    return peer.importPolicy() != ImportPolicy.REJECT;
  }

  /** How many prefixes the peer may send; 0 = any number. */
  int maximumPrefixes(RouteLimits all) {
    return peer.limits().prefixes() > 0 ? peer.limits().prefixes() : all.prefixes();
  }

  /** Whether the peer is a route server (RFC 7947). */
  boolean routeServer() {
    return peer.importPolicy() == ImportPolicy.ACCEPT_FROM_ROUTE_SERVER;
  }

  /** This side's limit of the time that stale routes stay. */
  Duration longestStale() {
    return switch (peer.session().gracefulRestart()) {
      case GracefulRestart.Off _ -> Duration.ZERO;
      case GracefulRestart.On on -> Duration.ofSeconds(on.longestStale());
    };
  }

  /** Why the session stops when the speaker does: with graceful restart the peer keeps routes. */
  StopReason stopReason(Shutdown how) {
    return switch (how) {
      case CEASE -> StopReason.SHUTDOWN;
      case DECONFIGURE -> StopReason.DECONFIGURED;
      case GRACEFUL_RESTART ->
          switch (peer.session().gracefulRestart()) {
            case GracefulRestart.On _ -> StopReason.SILENT;
            case GracefulRestart.Off _ -> StopReason.SHUTDOWN;
          };
    };
  }

  /**
   * What the FSM works with.
   *
   * @param restarting the Restart State bit
   * @param forwarding the Forwarding State bits
   */
  SessionConfig session(boolean restarting, boolean forwarding) {
    return new SessionConfig(
        instance.localAsn(),
        instance.routerId(),
        peer.asn(),
        dials(),
        accepts(),
        Duration.ofSeconds(peer.session().timers().connectRetry()),
        peer.session().timers().hold(),
        peer.session().timers().keepAlive(),
        peer.session().families(),
        peer.address() instanceof Inet6Address,
        switch (peer.session().gracefulRestart()) {
          case GracefulRestart.Off _ -> new Restart.Off();
          case GracefulRestart.On on ->
              new Restart.On(on.restartTime(), restarting, forwarding, longLived(on));
        },
        limits.sendHold(),
        hostName);
  }

  private static int longLived(GracefulRestart.On on) {
    return switch (on.longLived()) {
      case LongLived.Off _ -> 0;
      case LongLived.On(var staleTime) -> staleTime;
    };
  }

  /**
   * What the RIB works with.
   *
   * @param local this side's logical address of the session
   * @param own all logical addresses of this host
   * @param longLived whether the peer announced long-lived graceful restart
   */
  RibPeer rib(Negotiated negotiated, InetAddress local, Set<InetAddress> own, boolean longLived) {
    return new RibPeer(
        peer.name(),
        peer.address(),
        negotiated.peerAsn(),
        negotiated.peerId(),
        local,
        own,
        negotiated.families(),
        negotiated.codec(),
        negotiated.enhancedRefresh(),
        longLived,
        importsRoutes(),
        routeServer(),
        peer.exportPolicy());
  }

  /**
   * What a person should know of a failed attempt: the words, and what to check when nobody
   * answered.
   *
   * @param drops what this host drops of the peer's segments, as {@code "; this host drops …"};
   *     empty = nothing
   */
  String explained(SessionEvent event, String words, String drops) {
    boolean unanswered =
        event instanceof SessionEvent.TimerExpired(var timer) && timer == Timer.CONNECT_RETRY
            || event instanceof SessionEvent.TcpFailed && words.contains("timed out");
    if (!unanswered) {
      return words;
    }
    var text = new StringBuilder(words);
    if (signed()) {
      text.append(drops).append(CHECK_PASSWORD);
    }
    if (peer.endpoint().hops() instanceof Hops.Gtsm(var hops)) {
      text.append("; TTL security: the peer must send with TTL 255 and be at most ")
          .append(hops)
          .append(hops == 1 ? " hop away" : " hops away");
    }
    return text.toString();
  }
}

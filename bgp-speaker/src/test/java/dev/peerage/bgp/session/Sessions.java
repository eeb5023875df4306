package dev.peerage.bgp.session;

import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The values that the tests of this package speak about: AS 65001 beside AS 65000. */
final class Sessions {
  static final Inet4Address LOW_ID = id("10.0.0.1");
  static final Inet4Address HIGH_ID = id("10.0.0.254");

  static final SessionConfig CONFIG =
      new SessionConfig(
          65001,
          LOW_ID,
          65000,
          true,
          true,
          Duration.ofSeconds(120),
          9,
          3,
          Set.of(AddressFamily.IPV4_UNICAST),
          false,
          new Restart.On(15, false, false, 0),
          Duration.ofMinutes(8),
          "k8s-ctr");

  static final Open OWN_OPEN =
      new Open(
          65001,
          9,
          LOW_ID,
          List.of(
              Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
              new Capability.RouteRefresh(),
              new Capability.EnhancedRouteRefresh(),
              new Capability.ExtendedMessage(),
              new Capability.GracefulRestart(
                  false,
                  true,
                  15,
                  List.of(
                      new Capability.GracefulRestart.FamilyState(
                          Capability.Family.of(AddressFamily.IPV4_UNICAST), false))),
              new Capability.FourOctetAsn(65001),
              new Capability.Fqdn("k8s-ctr", "")));

  static final Open PEER_OPEN =
      new Open(
          65000,
          180,
          HIGH_ID,
          List.of(
              Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
              new Capability.RouteRefresh(),
              new Capability.FourOctetAsn(65000)));

  static final Open WRONG_ASN = new Open(65009, 180, HIGH_ID, PEER_OPEN.capabilities());

  /** An OPEN that no state refuses for its content. */
  static final Open OPEN = PEER_OPEN;

  static final Negotiated NEGOTIATED = negotiated(PEER_OPEN);

  /** What this side and a peer with this OPEN agree on. */
  static Negotiated negotiated(Open peer) {
    return agreed(CONFIG, OptionalParameters.ALL, peer);
  }

  static Negotiated agreed(SessionConfig config, OptionalParameters parameters, Open peer) {
    return ((Negotiation.Agreed) Negotiation.of(config, parameters, peer)).negotiated();
  }

  /** An OPEN with graceful restart of IPv4 unicast: 120 s. */
  static Open restarting(boolean restarting, boolean notifications, boolean forwarding) {
    return with(
        PEER_OPEN,
        new Capability.GracefulRestart(
            restarting,
            notifications,
            120,
            List.of(
                new Capability.GracefulRestart.FamilyState(
                    Capability.Family.of(AddressFamily.IPV4_UNICAST), forwarding))));
  }

  static SessionConfig withHold(SessionConfig config, int seconds) {
    return new SessionConfig(
        config.localAsn(),
        config.routerId(),
        config.peerAsn(),
        config.dials(),
        config.accepts(),
        config.connectRetry(),
        seconds,
        config.keepAliveSeconds(),
        config.families(),
        config.extendedNextHop(),
        config.restart(),
        config.sendHold(),
        config.hostName());
  }

  static SessionConfig withFamilies(SessionConfig config, Set<AddressFamily> families) {
    return new SessionConfig(
        config.localAsn(),
        config.routerId(),
        config.peerAsn(),
        config.dials(),
        config.accepts(),
        config.connectRetry(),
        config.holdSeconds(),
        config.keepAliveSeconds(),
        families,
        true,
        config.restart(),
        config.sendHold(),
        config.hostName());
  }

  static SessionConfig withRestart(SessionConfig config, Restart restart) {
    return new SessionConfig(
        config.localAsn(),
        config.routerId(),
        config.peerAsn(),
        config.dials(),
        config.accepts(),
        config.connectRetry(),
        config.holdSeconds(),
        config.keepAliveSeconds(),
        config.families(),
        config.extendedNextHop(),
        restart,
        config.sendHold(),
        config.hostName());
  }

  static Open with(Open open, Capability... more) {
    return new Open(
        open.asn(),
        open.holdTime(),
        open.bgpIdentifier(),
        Stream.concat(open.capabilities().stream(), Stream.of(more)).toList());
  }

  /** With a peer that restarts gracefully, and keeps routes over a NOTIFICATION or not. */
  static Negotiated negotiatedRestart(boolean notifications) {
    return negotiated(restarting(false, notifications, true));
  }

  static final Update UPDATE = Update.endOfRib(AddressFamily.IPV4_UNICAST);
  static final RouteRefresh REFRESH =
      RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST);
  static final Notification CEASE = notification(NotificationCode.ADMINISTRATIVE_SHUTDOWN);

  private Sessions() {}

  static Notification notification(NotificationCode code) {
    return Notification.of(code);
  }

  static Notification badPeerAs(int asn) {
    return Notification.of(NotificationCode.BAD_PEER_AS, Bytes.of((byte) (asn >>> 8), (byte) asn));
  }

  static Inet4Address id(String text) {
    return Inet4Address.ofLiteral(text);
  }
}

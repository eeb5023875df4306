package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.OptionalParameters;
import dev.peerage.bgp.session.SessionConfig;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.session.Timer;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a desired state means, without sockets. */
class PeerTermsTest {
  private static final Inet4Address ROUTER_ID = (Inet4Address) ip("10.0.0.1");
  private static final DesiredPeer PEER = DesiredPeer.of("tor", ip("10.0.0.9"), 65000);
  private static final SessionEvent NO_ANSWER = new SessionEvent.TimerExpired(Timer.CONNECT_RETRY);
  private static final String DROPS = "; this host drops segments";

  private static PeerTerms terms(DesiredPeer peer) {
    return terms(peer, new Listen.On(ip("10.0.0.1"), 179));
  }

  private static PeerTerms terms(DesiredPeer peer, Listen listen) {
    return new PeerTerms(
        new DesiredInstance("k8s", 65001, ROUTER_ID, listen, List.of(), PrefixSet.EMPTY),
        peer,
        SessionLimits.DEFAULTS,
        "worker-1");
  }

  private static PeerTerms endpoint(UnaryOperator<Endpoint> change) {
    return terms(PEER.withEndpoint(change));
  }

  private static PeerTerms session(UnaryOperator<SessionTerms> change) {
    return terms(PEER.withSession(change));
  }

  @Test
  void namesTheSession() {
    assertThat(terms(PEER).title()).isEqualTo("k8s/tor 10.0.0.9");
  }

  @Test
  void everythingThatTheStateMachineNeeds() {
    PeerTerms terms =
        session(_ ->
            new SessionTerms(
                new Timers(5, 90, 30),
                new GracefulRestart.Off(),
                Set.of(AddressFamily.IPV6_UNICAST)));

    assertThat(terms.session(false, false))
        .isEqualTo(
            new SessionConfig(
                65001,
                ROUTER_ID,
                65000,
                true,
                true,
                Duration.ofSeconds(5),
                90,
                30,
                Set.of(AddressFamily.IPV6_UNICAST),
                false,
                new Restart.Off(),
                Duration.ofMinutes(8),
                "worker-1"));
  }

  @Test
  void ipv6NextHopsAreOfferedOverIpv6() {
    assertThat(terms(DesiredPeer.of("six", ip("fd00::9"), 65000)).session(false, false))
        .returns(true, SessionConfig::extendedNextHop);
  }

  static Stream<Arguments> restarts() {
    return Stream.of(
        arguments(new GracefulRestart.Off(), new Restart.Off(), Duration.ZERO),
        arguments(
            new GracefulRestart.On(120),
            new Restart.On(120, true, false, 0),
            Duration.ofSeconds(360)),
        arguments(
            new GracefulRestart.On(120, 30, new LongLived.On(3600)),
            new Restart.On(120, true, false, 3600),
            Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @MethodSource
  void restarts(GracefulRestart desired, Restart announced, Duration longestStale) {
    PeerTerms terms = session(it -> it.withGracefulRestart(desired));

    assertThat(terms.session(true, false).restart()).isEqualTo(announced);
    assertThat(terms.longestStale()).isEqualTo(longestStale);
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE, true, true, false",
    "ACTIVE, false, true, false",
    "PASSIVE, true, false, true",
    "PASSIVE, false, false, false",
    "BOTH, true, true, true",
    "BOTH, false, true, false"
  })
  void whoDials(Connection connection, boolean listens, boolean dials, boolean accepts) {
    Listen listen = listens ? new Listen.On(ip("10.0.0.1"), 179) : new Listen.Off();
    PeerTerms terms = terms(PEER.withEndpoint(it -> it.withConnection(connection)), listen);

    assertThat(terms.dials()).isEqualTo(dials);
    assertThat(terms.accepts()).isEqualTo(accepts);
    assertThat(terms.session(false, false))
        .returns(dials, SessionConfig::dials)
        .returns(accepts, SessionConfig::accepts);
  }

  @ParameterizedTest
  @EnumSource(Shutdown.class)
  void onlyARestartIsSilentAndOnlyWithGracefulRestart(Shutdown how) {
    PeerTerms with = session(it -> it.withGracefulRestart(new GracefulRestart.On(15)));

    switch (how) {
      case CEASE -> {
        assertThat(terms(PEER).stopReason(how)).isEqualTo(StopReason.SHUTDOWN);
        assertThat(with.stopReason(how)).isEqualTo(StopReason.SHUTDOWN);
      }
      case DECONFIGURE -> {
        assertThat(terms(PEER).stopReason(how)).isEqualTo(StopReason.DECONFIGURED);
        assertThat(with.stopReason(how)).isEqualTo(StopReason.DECONFIGURED);
      }
      case GRACEFUL_RESTART -> {
        assertThat(terms(PEER).stopReason(how)).isEqualTo(StopReason.SHUTDOWN);
        assertThat(with.stopReason(how)).isEqualTo(StopReason.SILENT);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "REJECT, false, false",
    "ACCEPT, true, false",
    "ACCEPT_FROM_ROUTE_SERVER, true, true"
  })
  void everythingThatTheRibNeeds(ImportPolicy policy, boolean imports, boolean routeServer) {
    DesiredPeer peer = PEER.withImportPolicy(policy).withExportPolicy(only("10.1.0.0/24"));
    var negotiated =
        new Negotiated(
            65009,
            (Inet4Address) ip("10.0.0.8"),
            false,
            90,
            30,
            Set.of(AddressFamily.IPV4_UNICAST),
            true,
            false,
            false,
            true,
            true,
            new Negotiated.PeerRestart.Off(),
            Negotiated.Helping.NONE,
            OptionalParameters.ALL);

    assertThat(terms(peer).rib(negotiated, ip("10.0.0.1"), Set.of(ip("10.0.0.1")), true))
        .isEqualTo(
            new RibPeer(
                "tor",
                ip("10.0.0.9"),
                65009,
                (Inet4Address) ip("10.0.0.8"),
                ip("10.0.0.1"),
                Set.of(AddressFamily.IPV4_UNICAST),
                negotiated.codec(),
                true,
                true,
                imports,
                routeServer,
                only("10.1.0.0/24")));
  }

  @Test
  void aFailureThatSaysAllIsLeftAlone() {
    PeerTerms signed = endpoint(it -> it.withAuthentication(new Authentication.TcpMd5("k")));

    assertThat(signed.explained(new SessionEvent.TcpFailed("refused"), "connection refused", DROPS))
        .isEqualTo("connection refused");
    assertThat(terms(PEER).explained(NO_ANSWER, "no answer", DROPS)).isEqualTo("no answer");
  }

  @Test
  void nobodyAnswersASessionWithPassword() {
    PeerTerms signed = endpoint(it -> it.withAuthentication(new Authentication.TcpMd5("k")));

    assertThat(signed.explained(NO_ANSWER, "no answer", DROPS))
        .isEqualTo(
            "no answer; this host drops segments; check the password on both sides (TCP MD5)");
    assertThat(signed.explained(new SessionEvent.TcpFailed("x"), "connection timed out", ""))
        .isEqualTo("connection timed out; check the password on both sides (TCP MD5)");
  }

  @ParameterizedTest
  @CsvSource({"1, 1 hop away", "2, 2 hops away"})
  void nobodyAnswersASessionWithTtlSecurity(int hops, String distance) {
    assertThat(endpoint(it -> it.withHops(new Hops.Gtsm(hops))).explained(NO_ANSWER, "none", ""))
        .isEqualTo(
            "none; TTL security: the peer must send with TTL 255 and be at most " + distance);
  }
}

package dev.peerage.bgp.session;

import static dev.peerage.bgp.session.Sessions.CONFIG;
import static dev.peerage.bgp.session.Sessions.HIGH_ID;
import static dev.peerage.bgp.session.Sessions.PEER_OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.session.Negotiated.Helping;
import dev.peerage.bgp.session.Negotiated.PeerRestart;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 4271 sections 4.2 and 6.2, RFC 4724 section 3, RFC 4760 section 8, RFC 5492 section 5. */
class NegotiationTest {
  static Stream<Arguments> timers() {
    return Stream.of(
        // own hold, own keepalive, peer's hold -> hold, keepalive
        arguments(9, 3, 180, 9, 3),
        arguments(90, 30, 9, 9, 3),
        arguments(90, 10, 90, 90, 10),
        arguments(9, 9, 9, 9, 3),
        arguments(3, 1, 3, 3, 1),
        arguments(0, 0, 180, 0, 0),
        arguments(90, 30, 0, 0, 0));
  }

  @ParameterizedTest(name = "hold {0}, keepalive {1}, peer {2}: hold {3}, keepalive {4}")
  @MethodSource
  void timers(int ownHold, int ownKeepAlive, int peerHold, int hold, int keepAlive) {
    Negotiated negotiated =
        agreed(
            config(ownHold, ownKeepAlive, Set.of(AddressFamily.IPV4_UNICAST)),
            new Open(65000, peerHold, HIGH_ID, PEER_OPEN.capabilities()));

    assertThat(negotiated.holdSeconds()).isEqualTo(hold);
    assertThat(negotiated.keepAliveSeconds()).isEqualTo(keepAlive);
  }

  @Test
  void agreesOnTheFamiliesInCommon() {
    Negotiated negotiated =
        agreed(
            config(9, 3, Set.of(AddressFamily.values())),
            open(
                Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST),
                new Capability.Multiprotocol(new Capability.Family(25, 70))));

    assertThat(negotiated.families()).containsExactly(AddressFamily.IPV6_UNICAST);
  }

  @Test
  void aPeerWithoutMultiprotocolSpeaksIpv4() {
    Negotiated negotiated = agreed(config(9, 3, Set.of(AddressFamily.values())), open());

    assertThat(negotiated.families()).containsExactly(AddressFamily.IPV4_UNICAST);
    assertThat(negotiated.fourOctetAsn()).isFalse();
    assertThat(negotiated.routeRefresh()).isFalse();
  }

  @Test
  void refusesAPeerWithoutACommonFamilyAndSaysWhatIsMissing() {
    Negotiation outcome =
        Negotiation.of(
            config(9, 3, Set.of(AddressFamily.IPV6_UNICAST)),
            OptionalParameters.ALL,
            open(Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST)));

    assertThat(outcome)
        .asInstanceOf(type(Negotiation.Refused.class))
        .extracting(Negotiation.Refused::answer)
        .isEqualTo(
            Notification.of(
                NotificationCode.UNSUPPORTED_CAPABILITY,
                Bytes.of(HexFormat.of().parseHex("010400020001"))));
  }

  @Test
  void readsThePeersGracefulRestart() {
    Negotiated negotiated =
        agreed(
            config(9, 3, Set.of(AddressFamily.values())),
            open(
                new Capability.GracefulRestart(
                    true,
                    true,
                    120,
                    List.of(
                        state(AddressFamily.IPV4_UNICAST, true),
                        state(AddressFamily.IPV6_UNICAST, false)))));

    assertThat(negotiated.peerRestart())
        .isEqualTo(
            new PeerRestart.On(
                120,
                true,
                true,
                Set.of(AddressFamily.values()),
                Set.of(AddressFamily.IPV4_UNICAST)));
  }

  @Test
  void keepsThePeersRoutesOfNegotiatedFamiliesOnly() {
    // RFC 4724 section 4.2: a family that the session does not carry is no reason to wait.
    Negotiated negotiated =
        agreed(
            config(9, 3, Set.of(AddressFamily.IPV4_UNICAST)),
            open(
                Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
                new Capability.GracefulRestart(
                    false,
                    true,
                    120,
                    List.of(
                        state(AddressFamily.IPV4_UNICAST, true),
                        state(AddressFamily.IPV6_UNICAST, true)))));

    assertThat(negotiated.helping())
        .isEqualTo(
            new Helping(
                Duration.ofSeconds(120),
                true,
                Set.of(AddressFamily.IPV4_UNICAST),
                Set.of(AddressFamily.IPV4_UNICAST),
                Map.of()));
  }

  @Test
  void keepsNothingWhenEitherSideDoesNotWantIt() {
    Open willing = Sessions.restarting(false, true, true);
    SessionConfig unwilling = Sessions.withRestart(CONFIG, new Restart.Off());

    assertThat(Sessions.agreed(unwilling, OptionalParameters.ALL, willing).helping())
        .isEqualTo(Helping.NONE);
    assertThat(Sessions.agreed(CONFIG, OptionalParameters.ALL, PEER_OPEN).helping())
        .isEqualTo(Helping.NONE);
  }

  static Stream<Arguments> longLived() {
    return Stream.of(
        arguments("§4.2: the shorter time counts", 3600, 86400, true, 3600),
        arguments("§4.2: the shorter time counts", 86400, 3600, true, 3600),
        arguments("§4.2: 0 means no", 86400, 0, true, 0),
        arguments("§5: not by default", 0, 86400, true, 0),
        arguments("§4.5: beside graceful restart only", 3600, 86400, false, 0));
  }

  @ParameterizedTest(name = "RFC 9494 {0}: own {1} s, peer {2} s, graceful restart {3}: {4} s")
  @MethodSource
  void longLived(String clause, int own, int peer, boolean restart, int seconds) {
    Capability longLived =
        new Capability.LongLivedGracefulRestart(
            List.of(
                new Capability.LongLivedGracefulRestart.FamilyTime(
                    Capability.Family.of(AddressFamily.IPV4_UNICAST), true, peer)));
    Negotiated negotiated =
        Sessions.agreed(
            Sessions.withRestart(CONFIG, new Restart.On(15, false, false, own)),
            OptionalParameters.ALL,
            Sessions.with(restart ? Sessions.restarting(false, true, true) : PEER_OPEN, longLived));

    assertThat(negotiated.helping().longLived())
        .as(clause)
        .isEqualTo(
            seconds == 0
                ? Map.of()
                : Map.of(
                    AddressFamily.IPV4_UNICAST,
                    new Helping.LongLived(Duration.ofSeconds(seconds), true)));
  }

  @Test
  void offersToKeepThePeersRoutesForLongAndAsksForNothing() {
    Open open =
        OwnOpen.of(
            Sessions.withRestart(CONFIG, new Restart.On(15, true, true, 3600)),
            OptionalParameters.ALL);

    assertThat(open.capability(Capability.LongLivedGracefulRestart.class))
        .contains(
            new Capability.LongLivedGracefulRestart(
                List.of(
                    new Capability.LongLivedGracefulRestart.FamilyTime(
                        Capability.Family.of(AddressFamily.IPV4_UNICAST), true, 0))));
  }

  @Test
  void agreesOnIpv6NextHopsWhenBothSidesOfferThem() {
    SessionConfig overIpv6 = Sessions.withFamilies(CONFIG, Set.of(AddressFamily.values()));
    Capability offer =
        new Capability.ExtendedNextHop(
            List.of(
                new Capability.ExtendedNextHop.Encoding(
                    Capability.Family.of(AddressFamily.IPV4_UNICAST), 2)));

    assertThat(OwnOpen.of(overIpv6, OptionalParameters.ALL).capabilities()).contains(offer);
    assertThat(OwnOpen.of(CONFIG, OptionalParameters.ALL).capabilities()).doesNotContain(offer);
    Open peer = Sessions.with(PEER_OPEN, offer);
    assertThat(Sessions.agreed(overIpv6, OptionalParameters.ALL, peer).extendedNextHop()).isTrue();
    assertThat(Sessions.agreed(overIpv6, OptionalParameters.ALL, PEER_OPEN).extendedNextHop())
        .isFalse();
    assertThat(Sessions.agreed(CONFIG, OptionalParameters.ALL, peer).extendedNextHop()).isFalse();
  }

  @Test
  void agreesOnEnhancedRefresh() {
    Open peer = Sessions.with(PEER_OPEN, new Capability.EnhancedRouteRefresh());

    assertThat(Sessions.negotiated(peer).enhancedRefresh()).isTrue();
    assertThat(Sessions.negotiated(PEER_OPEN).enhancedRefresh()).isFalse();
  }

  @Test
  void anyAsnIsTakenAsAnnounced() {
    SessionConfig any =
        new SessionConfig(
            65001,
            CONFIG.routerId(),
            0,
            true,
            true,
            CONFIG.connectRetry(),
            9,
            3,
            CONFIG.families(),
            false,
            CONFIG.restart(),
            CONFIG.sendHold(),
            "");

    assertThat(Sessions.agreed(any, OptionalParameters.ALL, Sessions.WRONG_ASN).peerAsn())
        .isEqualTo(65009);
    Open same = new Open(65001, 9, HIGH_ID, PEER_OPEN.capabilities());
    assertThat(Sessions.agreed(any, OptionalParameters.ALL, same).internal()).isTrue();
  }

  @Test
  void offersWhatIsConfigured() {
    assertThat(OwnOpen.of(CONFIG, OptionalParameters.ALL)).isEqualTo(Sessions.OWN_OPEN);
  }

  private static Capability.GracefulRestart.FamilyState state(
      AddressFamily family, boolean forwarding) {
    return new Capability.GracefulRestart.FamilyState(Capability.Family.of(family), forwarding);
  }

  private static Open open(Capability... capabilities) {
    return new Open(65000, 180, HIGH_ID, List.of(capabilities));
  }

  private static Negotiated agreed(SessionConfig config, Open open) {
    Negotiation outcome = Negotiation.of(config, OptionalParameters.ALL, open);
    assertThat(outcome).isInstanceOf(Negotiation.Agreed.class);
    return ((Negotiation.Agreed) outcome).negotiated();
  }

  private static SessionConfig config(int hold, int keepAlive, Set<AddressFamily> families) {
    return new SessionConfig(
        65001,
        CONFIG.routerId(),
        65000,
        true,
        true,
        CONFIG.connectRetry(),
        hold,
        keepAlive,
        families,
        false,
        CONFIG.restart(),
        CONFIG.sendHold(),
        "");
  }
}

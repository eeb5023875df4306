package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.dialing;
import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.gracefulRestart;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DesiredDiffTest {
  private static final DesiredPeer PEER = peer("10.0.0.1", "10.0.0.2", 65000);

  static Stream<Arguments> effects() {
    return Stream.of(
        arguments("nothing", PEER, PeerEffect.NONE),
        arguments("connectRetry", timers(PEER, 60, 90, 30), PeerEffect.NONE),
        arguments("exportPolicy", exporting(PEER, only("10.1.0.0/24")), PeerEffect.ROUTES),
        arguments(
            "importPolicy",
            PEER.withImportPolicy(DesiredPeer.ImportPolicy.REJECT),
            PeerEffect.ROUTES),
        arguments("hold", timers(PEER, 5, 60, 30), PeerEffect.RESET),
        arguments("keepAlive", timers(PEER, 5, 90, 20), PeerEffect.RESET),
        arguments("gracefulRestart", gracefulRestart(PEER, 15), PeerEffect.RESET),
        arguments("connection", passive(PEER), PeerEffect.NEXT),
        arguments(
            "source",
            with(PEER, 179, 1, PEER.session().families(), "10.0.0.3"),
            PeerEffect.HARD_RESET),
        arguments(
            "port", with(PEER, 180, 1, PEER.session().families(), "10.0.0.1"), PeerEffect.RESET),
        arguments(
            "ttl", with(PEER, 179, 2, PEER.session().families(), "10.0.0.1"), PeerEffect.RESET),
        arguments(
            "families",
            with(PEER, 179, 1, Set.of(AddressFamily.values()), "10.0.0.1"),
            PeerEffect.RESET),
        arguments("asn", peer("10.0.0.1", "10.0.0.2", 65009), PeerEffect.REPLACE),
        arguments("address", peer("10.0.0.1", "10.0.0.4", 65000), PeerEffect.REPLACE),
        arguments(
            "hold and address",
            timers(peer("10.0.0.1", "10.0.0.4", 65000), 5, 30, 10),
            PeerEffect.REPLACE),
        arguments(
            "hold and exportPolicy",
            exporting(timers(PEER, 5, 30, 10), only("10.1.0.0/24")),
            PeerEffect.RESET));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource
  void effects(String field, DesiredPeer after, PeerEffect effect) {
    assertThat(PeerEffect.of(PEER, after)).isEqualTo(effect);
  }

  @Test
  void instancesAreComparedByName() {
    DesiredInstance kept = dialing("10.0.0.1", 65001, routes("10.1.0.0/24"));
    DesiredInstance changed = dialing("10.0.0.1", 65001, routes("10.2.0.0/24"), PEER);
    DesiredInstance gone = dialing("10.0.0.1", 65002, Set.of());
    DesiredInstance fresh = dialing("10.0.0.1", 65003, Set.of());

    InstanceDiff diff = InstanceDiff.between(speaker(kept, gone), speaker(changed, fresh));

    assertThat(diff.kept()).containsExactly(changed);
    assertThat(diff.removed()).containsExactly("as65002");
    assertThat(diff.added()).containsExactly(fresh);
    assertThat(diff.recreated()).isEmpty();
  }

  @Test
  void anotherAsnOrRouterIdMakesAnotherInstanceAndAnotherListenerDoesNot() {
    DesiredInstance before = dialing("10.0.0.1", 65001, Set.of());

    assertThat(recreated(before, rebuilt(before, 65009, before.routerId(), before.listen())))
        .isTrue();
    assertThat(
            recreated(
                before, rebuilt(before, 65001, (Inet4Address) ip("10.0.0.8"), before.listen())))
        .isTrue();
    assertThat(
            recreated(
                before,
                rebuilt(
                    before,
                    65001,
                    before.routerId(),
                    listening("10.0.0.1", 65001, Set.of()).listen())))
        .isFalse();
  }

  private static boolean recreated(DesiredInstance before, DesiredInstance after) {
    return InstanceDiff.between(speaker(before), speaker(after))
        .recreated()
        .equals(speaker(after).instances());
  }

  private static DesiredInstance rebuilt(
      DesiredInstance of, long asn, Inet4Address id, DesiredInstance.Listen listen) {
    return new DesiredInstance(of.name(), asn, id, listen, of.peers(), of.routes());
  }

  private static DesiredPeer with(
      DesiredPeer peer, int port, int ttl, Set<AddressFamily> families, String source) {
    return peer.withEndpoint(endpoint ->
            endpoint
                .withPort(port)
                .withHops(new Endpoint.Hops.Ttl(ttl))
                .withSource(new Endpoint.Source.Address(ip(source))))
        .withSession(session -> session.withFamilies(families));
  }
}

package dev.peerage.standalone;

import static dev.peerage.standalone.SpeakerTexts.FULL;
import static dev.peerage.standalone.SpeakerTexts.good;
import static dev.peerage.standalone.SpeakerTexts.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.ReceiveLimits;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpeakerFileTest {
  private static DesiredPeer peer(String keys) {
    return good(instance(
            ", listenPort: 179, peers: [{name: r1, peerAddress: 192.0.2.1" + keys + "}]"))
        .instances()
        .getFirst()
        .peers()
        .getFirst();
  }

  @Test
  void readsEveryKey() {
    DesiredInstance instance = good(FULL).instances().getFirst();

    assertThat(instance.name()).isEqualTo("main");
    assertThat(instance.localAsn()).isEqualTo(65001);
    assertThat(instance.routerId()).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
    assertThat(instance.listen())
        .isEqualTo(new Listen.On(InetAddress.ofLiteral("127.0.0.2"), 1790));
    DesiredPeer peer = instance.peers().getFirst();
    assertThat(peer.withExportPolicy(new ExportPolicy.All()))
        .isEqualTo(
            DesiredPeer.of("r1", InetAddress.ofLiteral("127.0.0.1"), 65000)
                .withEndpoint(endpoint ->
                    endpoint
                        .withSource(new Endpoint.Source.Address(InetAddress.ofLiteral("127.0.0.2")))
                        .withAuthentication(new Endpoint.Authentication.TcpMd5("secret"))
                        .withHops(new Endpoint.Hops.Ttl(2)))
                .withSession(_ ->
                    new SessionTerms(
                        new SessionTerms.Timers(5, 9, 3),
                        new SessionTerms.GracefulRestart.On(15),
                        Set.of(AddressFamily.values())))
                .withExportPolicy(new ExportPolicy.All()));
    assertThat(instance.routes().contains(Prefix.parse("10.1.0.0/24"))).isTrue();
    assertThat(instance.routes().contains(Prefix.parse("10.2.3.231/32"))).isTrue();
    assertThat(instance.routes().contains(Prefix.parse("10.2.3.232/32"))).isFalse();
    assertThat(instance.routes().size()).isEqualTo(1001);
    assertThat(statements(peer).getFirst().attributes())
        .isEqualTo(
            new ExportStatement.Attributes(
                100,
                List.of(new Community(65000L << 16 | 1)),
                List.of(new LargeCommunity(65000, 1, 1))));
    assertThat(statements(peer).getFirst().prefixes().size()).isEqualTo(1);
    assertThat(statements(peer).getLast().prefixes().size()).isEqualTo(1000);
  }

  private static List<ExportStatement> statements(DesiredPeer peer) {
    return ((ExportPolicy.Statements) peer.exportPolicy()).statements();
  }

  @Test
  void whatIsLeftOutHasTheDefaultsOfCilium() {
    DesiredInstance instance =
        good(instance(", peers: [{name: r1, peerAddress: 192.0.2.1}]")).instances().getFirst();

    assertThat(instance.listen()).isEqualTo(new Listen.Off());
    assertThat(instance.peers().getFirst())
        .isEqualTo(
            DesiredPeer.of("r1", InetAddress.ofLiteral("192.0.2.1"), 0)
                .withExportPolicy(new ExportPolicy.Statements("routes", List.of())));
  }

  @Test
  void routesWithEqualAttributesShareAStatement() {
    DesiredInstance instance =
        good(instance(
                """
                , peers: [{name: r1, peerAddress: 192.0.2.1}], routes: [
                  {prefix: 10.0.0.0/24, communities: [no-export]},
                  {prefix: 10.0.2.0/24},
                  {prefix: 10.0.1.0/24, communities: ["65535:65281"]},
                  {prefix: "2001:db8::/32"}]
                """))
            .instances()
            .getFirst();

    assertThat(statements(instance.peers().getFirst()))
        .extracting(each -> each.prefixes().size())
        .containsExactly(2, 2);
  }

  @Test
  void aPrefixInsideARangeHasItsOwnAttributes() {
    DesiredInstance instance =
        good(instance(
                """
                , peers: [{name: r1, peerAddress: 192.0.2.1}], routes: [
                  {prefixes: {base: 10.0.0.0/24, count: 9}},
                  {prefix: 10.0.1.0/24, localPreference: 200}]
                """))
            .instances()
            .getFirst();

    ExportStatement first = statements(instance.peers().getFirst()).getFirst();
    assertThat(first.attributes().localPreference()).isEqualTo(200);
    assertThat(first.prefixes().contains(Prefix.parse("10.0.1.0/24"))).isTrue();
    assertThat(instance.routes().size()).isEqualTo(9);
  }

  @Test
  void rangesCrossWordsOfAnAddress() {
    DesiredInstance instance =
        good(instance(
                ", routes: [{prefixes: {base: \"2001:db8::ffff:ffff:ffff:ffff/128\", count: 2}},"
                    + " {prefixes: {base: \"2001:db8:1:ffff::/64\", count: 2}}]"))
            .instances()
            .getFirst();

    assertThat(instance.routes().contains(Prefix.parse("2001:db8:0:1::/128"))).isTrue();
    assertThat(instance.routes().contains(Prefix.parse("2001:db8:2::/64"))).isTrue();
  }

  @Test
  void readsTheKeysBeyondTheOrdinary() {
    assertThat(peer(", ttlSecurity: 1").endpoint().hops()).isEqualTo(new Endpoint.Hops.Gtsm(1));
    assertThat(peer(", sourceInterface: lo").endpoint().source())
        .isEqualTo(new Endpoint.Source.Interface("lo"));
    assertThat(peer(", connection: active").endpoint().connection())
        .isEqualTo(Endpoint.Connection.ACTIVE);
    assertThat(peer(", passive: true").endpoint().connection())
        .isEqualTo(Endpoint.Connection.PASSIVE);
    assertThat(peer(", gracefulRestart: {enabled: true, longLivedStaleTimeSeconds: 3600}"))
        .extracting(peer -> peer.session().gracefulRestart())
        .isEqualTo(new SessionTerms.GracefulRestart.On(120, new SessionTerms.LongLived.On(3600)));
    assertThat(peer(", exportPolicy: all, importPolicy: accept"))
        .returns(DesiredPeer.ImportPolicy.ACCEPT, DesiredPeer::importPolicy)
        .returns(new ExportPolicy.All(), DesiredPeer::exportPolicy);
    assertThat(peer(", maximumPrefixes: 1200000, maximumMemoryMiB: 256").limits())
        .isEqualTo(new ReceiveLimits(1_200_000, 256L << 20));
    assertThat(peer("").limits()).isEqualTo(ReceiveLimits.NONE);
    assertThat(peer(", importPolicy: accept-from-route-server").importPolicy())
        .isEqualTo(DesiredPeer.ImportPolicy.ACCEPT_FROM_ROUTE_SERVER);
    assertThat(peer(", timers: {holdTimeSeconds: 30}").session().timers())
        .isEqualTo(new SessionTerms.Timers(120, 30, 10));
    assertThat(peer(", timers: {holdTimeSeconds: 0}").session().timers())
        .isEqualTo(new SessionTerms.Timers(120, 0, 0));
    assertThat(peer(", password: 12345").endpoint().authentication())
        .isEqualTo(new Endpoint.Authentication.TcpMd5("12345"));
  }

  /** The speaker shows this as the error of one peer, and the others run. */
  @Test
  void aPasswordThatIsTooLongIsLeftToTheSpeaker() {
    assertThat(peer(", password: " + "x".repeat(81)).endpoint().authentication())
        .isEqualTo(new Endpoint.Authentication.TcpMd5("x".repeat(81)));
  }
}

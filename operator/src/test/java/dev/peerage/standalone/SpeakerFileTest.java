package dev.peerage.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.yaml.FileProblem;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpeakerFileTest {
  private static final String FULL =
      """
      instances:
      - name: main
        localASN: 65001
        routerID: 10.0.0.1
        listenAddress: 127.0.0.2        # optional; no listenPort = do not listen
        listenPort: 1790
        peers:
        - name: r1
          peerAddress: 127.0.0.1
          peerASN: 65000                # 0 = any
          peerPort: 179
          localAddress: 127.0.0.2       # optional
          passive: false
          password: secret              # optional, TCP MD5
          timers: {connectRetryTimeSeconds: 5, holdTimeSeconds: 9, keepAliveTimeSeconds: 3}
          gracefulRestart: {enabled: true, restartTimeSeconds: 15}
          ebgpMultihop: 2
          families: [{afi: ipv4, safi: unicast}, {afi: ipv6, safi: unicast}]
          importPolicy: reject          # or accept
        routes:
        - {prefix: 10.1.0.0/24, communities: ["65000:1"], largeCommunities: ["65000:1:1"], localPreference: 100}
        - prefixes: {base: 10.2.0.0/32, count: 1000}
      """;

  private static DesiredSpeaker good(String text) {
    SpeakerFile.Outcome outcome = SpeakerFile.read("speaker.yaml", text);
    assertThat(outcome).isInstanceOf(SpeakerFile.Outcome.Good.class);
    return ((SpeakerFile.Outcome.Good) outcome).desired();
  }

  private static List<FileProblem> bad(String text) {
    SpeakerFile.Outcome outcome = SpeakerFile.read("speaker.yaml", text);
    assertThat(outcome).isInstanceOf(SpeakerFile.Outcome.Bad.class);
    return ((SpeakerFile.Outcome.Bad) outcome).problems();
  }

  private static String instance(String more) {
    return "instances:\n- {name: main, localASN: 65001, routerID: 10.0.0.1" + more + "}\n";
  }

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

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("", 0, "", "the file is empty", "instances"),
        fault("instances: [\n", 2, "", "not YAML", "indentation"),
        fault("- a\n", 1, "", "found a list", "instances"),
        fault("instances: {}\n", 1, "instances", "expected a list", "'- "),
        fault("{}\n", 1, "instances", "is missing", "instances: []"),
        fault("instances: []\n---\ninstances: []\n", 3, "", "second document", "one document"),
        fault("instances: []\ninstances: []\n", 2, "instances", "twice", "remove"),
        fault("instance: []\n", 1, "instance", "no such key", "did you mean instances?"),
        fault(
            "instances:\n- {name: a, routerID: 1.1.1.1}\n",
            2,
            "instances[0].localASN",
            "missing",
            "65001"),
        fault(
            "instances:\n- {name: a, localASN: 0, routerID: 1.1.1.1}\n",
            2,
            "instances[0].localASN",
            "'0'",
            "range"),
        fault(
            "instances:\n- {name: a, localASN: 1, routerID: 0.0.0.0}\n",
            2,
            "instances[0].routerID",
            "'0.0.0.0'",
            "10.0.0.1"),
        fault(
            "instances:\n- {name: a, localASN: 1, routerID: \"::1\"}\n",
            2,
            "instances[0].routerID",
            "'::1'",
            "10.0.0.1"),
        fault(
            "instances:\n- &a {name: a, localASN: 1, routerID: 1.1.1.1}\n- *a\n",
            2,
            "instances[1].name",
            "'a' too",
            "of its own"),
        fault(instance(", listenPort: 0"), 2, "instances[0].listenPort", "'0'", "range"),
        fault(
            instance(", listenAddress: eth0"),
            2,
            "instances[0].listenAddress",
            "no IP address",
            "leave it out"),
        fault(withPeer(""), 2, PEER + "peerAddress", "is missing", "192.0.2.1"),
        fault(withPeer("peerAddress: 10.1"), 2, PEER + "peerAddress", "'10.1'", "192.0.2.1"),
        fault(
            withPeer("peerAddress: router.example"), 2, PEER + "peerAddress", "no IP", "192.0.2.1"),
        fault(
            withPeer(GOOD + ", peerASN: 4294967296"),
            2,
            PEER + "peerASN",
            "4294967295",
            "default is 0"),
        fault(withPeer(GOOD + ", peerPort: ssh"), 2, PEER + "peerPort", "'ssh'", "default is 179"),
        fault(
            withPeer(GOOD + ", passive: true"),
            2,
            PEER + "passive",
            "listens nowhere",
            "listenPort"),
        fault(
            withPeer(GOOD + ", connection: passive"),
            2,
            PEER + "connection",
            "listens nowhere",
            "listenPort"),
        fault(
            withPeer(GOOD + ", connection: active, passive: true"),
            2,
            PEER + "passive",
            "something else",
            "one of the two"),
        fault(withPeer(GOOD + ", passive: maybe"), 2, PEER + "passive", "'maybe'", "false, true"),
        fault(withPeer(GOOD + ", password: \"\""), 2, PEER + "password", "is empty", "leave"),
        fault(
            withPeer(GOOD + ", localAddress: \"::1\""),
            2,
            PEER + "localAddress",
            "another IP version",
            "IPv4 for both"),
        fault(
            withPeer(GOOD + ", localAddress: 10.0.0.1, sourceInterface: lo"),
            2,
            PEER + "sourceInterface",
            "localAddress",
            "one of the two"),
        fault(
            withPeer(GOOD + ", timers: {holdTimeSeconds: 2}"),
            2,
            PEER + "timers.holdTimeSeconds",
            "RFC 4271",
            "0 or 3"),
        fault(
            withPeer(GOOD + ", timers: {holdTimeSeconds: 3, keepAliveTimeSeconds: 4}"),
            2,
            PEER + "timers.keepAliveTimeSeconds",
            "more than the hold time",
            "third"),
        fault(
            withPeer(GOOD + ", timers: {keepAliveTimeSeconds: 0}"),
            2,
            PEER + "timers.keepAliveTimeSeconds",
            "'0'",
            "holdTimeSeconds: 0"),
        fault(
            withPeer(GOOD + ", timers: {connectRetryTimeSeconds: 0}"),
            2,
            PEER + "timers.connectRetryTimeSeconds",
            "'0'",
            "default is 120"),
        fault(
            withPeer(GOOD + ", timers: {holdTime: 9}"),
            2,
            PEER + "timers.holdTime",
            "no such key",
            "known here"),
        fault(
            withPeer(GOOD + ", gracefulRestart: {enabled: true, restartTimeSeconds: 4096}"),
            2,
            PEER + "gracefulRestart.restartTimeSeconds",
            "4095",
            "default is 120"),
        fault(
            withPeer(GOOD + ", gracefulRestart: true"),
            2,
            PEER + "gracefulRestart",
            "found 'true'",
            "enabled"),
        fault(
            withPeer(GOOD + ", ebgpMultihop: 256"),
            2,
            PEER + "ebgpMultihop",
            "255",
            "default is 1"),
        fault(
            withPeer(GOOD + ", ebgpMultihop: 2, ttlSecurity: 1"),
            2,
            PEER + "ttlSecurity",
            "ebgpMultihop",
            "one of the two"),
        fault(withPeer(GOOD + ", families: []"), 2, PEER + "families", "no family", "leave it out"),
        fault(
            withPeer(GOOD + ", families: [{afi: ipv4, safi: evpn}]"),
            2,
            PEER + "families[0].safi",
            "'evpn'",
            "unicast"),
        fault(
            withPeer(GOOD + ", families: [{safi: unicast}]"),
            2,
            PEER + "families[0].afi",
            "missing",
            "ipv4"),
        fault(
            withPeer(GOOD + ", importPolicy: all"),
            2,
            PEER + "importPolicy",
            "'all'",
            "accept, accept-from-route-server, reject"),
        fault(
            withPeer(GOOD + ", exportPolicy: none"),
            2,
            PEER + "exportPolicy",
            "'none'",
            "all, routes"),
        fault(
            withPeer(GOOD + "}, {name: r1, " + GOOD),
            2,
            "instances[0].peers[1].name",
            "'r1' too",
            "of its own"),
        fault(withRoute(""), 2, ROUTE + "prefix", "is missing", "10.1.0.0/24"),
        fault(withRoute("prefix: 10.0.0.0"), 2, ROUTE + "prefix", "has no length", "10.1.0.0/24"),
        fault(withRoute("prefix: 10.0.0.0/33"), 2, ROUTE + "prefix", "33", "10.1.0.0/24"),
        fault(
            withRoute("prefix: 10.0.0.1/24"),
            2,
            ROUTE + "prefix",
            "the prefix is 10.0.0.0/24",
            "10.1"),
        fault(
            withRoute("prefix: 10.0.0.0/24, prefixes: {base: 10.0.0.0/8, count: 1}"),
            2,
            ROUTE + "prefix",
            "there too",
            "either"),
        fault(
            withRoute("prefix: 10.0.0.0/24}, {prefix: 10.0.0.0/24"),
            2,
            "instances[0].routes[1].prefix",
            "there twice",
            "remove"),
        fault(
            withRoute(
                "prefixes: {base: 10.0.0.0/32, count: 9}}, {prefixes: {base: 10.0.0.8/32, count:"
                    + " 1}"),
            2,
            "instances[0].routes[1].prefixes",
            "overlaps",
            "one"),
        fault(
            withRoute("prefixes: {base: 10.0.0.0/32, count: 0}"),
            2,
            ROUTE + "prefixes.count",
            "'0'",
            "range"),
        fault(
            withRoute("prefixes: {base: 255.255.255.0/24, count: 2}"),
            2,
            ROUTE + "prefixes.count",
            "last address",
            "lower"),
        fault(
            withRoute("prefix: 10.0.0.0/24, communities: [\"65536:1\"]"),
            2,
            ROUTE + "communities[0]",
            "65535",
            "65000:1"),
        fault(
            withRoute("prefix: 10.0.0.0/24, communities: 65000:1"),
            2,
            ROUTE + "communities",
            "expected a list",
            "'- "),
        fault(
            withRoute("prefix: 10.0.0.0/24, largeCommunities: [\"1:2\"]"),
            2,
            ROUTE + "largeCommunities[0]",
            "no large community",
            "three"),
        fault(
            withRoute("prefix: 10.0.0.0/24, localPreference: -1"),
            2,
            ROUTE + "localPreference",
            "'-1'",
            "default is 100"),
        fault(
            withRoute("prefix: 10.0.0.0/24, comunities: []"),
            2,
            ROUTE + "comunities",
            "no such key",
            "did you mean communities?"));
  }

  private static final String PEER = "instances[0].peers[0].";
  private static final String ROUTE = "instances[0].routes[0].";
  private static final String GOOD = "peerAddress: 192.0.2.1";

  private static String withPeer(String keys) {
    return instance(", peers: [{name: r1, " + keys + "}]");
  }

  private static String withRoute(String keys) {
    return instance(", routes: [{" + keys + "}]");
  }

  private static Arguments fault(String text, int line, String field, String what, String remedy) {
    return Arguments.of(text, line, field, what, remedy);
  }

  @ParameterizedTest(name = "{2} {3}: {0}")
  @MethodSource("faults")
  void saysWhereWhatAndHowToMendIt(
      String text, int line, String field, String what, String remedy) {
    assertThat(bad(text))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo("speaker.yaml");
          assertThat(problem.line()).isEqualTo(line);
          assertThat(problem.subject()).isEqualTo(field);
          assertThat(problem.what()).contains(what);
          assertThat(problem.remedy()).contains(remedy);
        });
  }

  @Test
  void listsAllProblemsInTheOrderOfTheLines() {
    assertThat(
            bad(
                """
                instances:
                - name: main
                  localASN: many
                  listenPort: -1
                  peers:
                  - {name: r1, peerAddress: 192.0.2.1, peerAsn: 65000}
                  routerID: none
                """))
        .extracting(FileProblem::line)
        .containsExactly(3, 4, 6, 7);
  }

  @Test
  void listsAHundredProblemsAndCountsTheRest() {
    String routes = "  - {prefix: 10.0.0.1/8}\n".repeat(150);

    assertThat(bad(FULL + routes))
        .hasSize(101)
        .last()
        .extracting(FileProblem::what)
        .isEqualTo("there are 50 more problems");
  }

  @Test
  void neverShowsAPassword() {
    DesiredSpeaker desired = good(FULL);

    assertThat(desired.toString()).doesNotContain("secret");
    assertThat(bad(FULL.replace("secret ", "[secret]")).toString()).doesNotContain("secret");
  }
}

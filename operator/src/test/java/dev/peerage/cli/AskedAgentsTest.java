package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.http.HealthServer;
import dev.peerage.http.SpeakerApi;
import dev.peerage.http.VersionAnswer;
import dev.peerage.testing.PortBlock;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands against the looking glass of a real speaker whose peer is not there. */
class AskedAgentsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Speaker speaker;
  private SpeakerApi glass;

  @BeforeEach
  void start() throws Exception {
    int closedPort = PortBlock.claim().port(0);
    Prefix prefix = Prefix.parse("172.20.0.0/24");
    DesiredPeer peer =
        new DesiredPeer(
            "tor-switch",
            65000,
            Endpoint.of(LOOPBACK).withPort(closedPort),
            SessionTerms.DEFAULT.withTimers(new SessionTerms.Timers(120, 9, 3)),
            DesiredPeer.ImportPolicy.REJECT,
            new ExportPolicy.Statements(
                "peer-tor-switch-export",
                List.of(
                    new ExportStatement(
                        "PodCIDR-ipv4",
                        PrefixSet.of(prefix),
                        ExportStatement.Attributes.DEFAULT))));
    DesiredSpeaker desired =
        new DesiredSpeaker(
            List.of(
                new DesiredInstance(
                    "instance-65001",
                    65001,
                    (Inet4Address) InetAddress.ofLiteral("192.168.10.100"),
                    new DesiredInstance.Listen.Off(),
                    List.of(peer),
                    PrefixSet.of(prefix))));
    speaker = Speaker.start(SpeakerSettings.defaults());
    speaker.apply(desired).get(30, TimeUnit.SECONDS);
    glass = SpeakerApi.start(new InetSocketAddress(LOOPBACK, 0), speaker, () -> desired);
  }

  @AfterEach
  void stop() throws Exception {
    glass.close();
    speaker.close(Shutdown.CEASE).get(30, TimeUnit.SECONDS);
  }

  private int run(String... args) {
    CommandLine line = new CommandLine(new PeerageCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private String[] here(String... args) {
    String[] all = List.of(args).toArray(new String[args.length + 4]);
    all[args.length] = "--api-address";
    all[args.length + 1] = "127.0.0.1:" + glass.address().getPort();
    all[args.length + 2] = "--node";
    all[args.length + 3] = "k8s-ctr";
    return all;
  }

  @Test
  void peersShowsASessionThatIsDown() {
    await("the first attempt")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !peer().lastError().isEmpty());
    assertThat(run(here("peers"))).as(err.toString()).isEqualTo(1);
    assertThat(out.toString().lines().findFirst().orElseThrow()).endsWith("Advertised   Reason");
    assertThat(out.toString().lines().skip(1))
        .singleElement()
        .asString()
        .matches(
            "k8s-ctr   65001 +65000 +127\\.0\\.0\\.1 +(idle|connect|active) +- +ipv4/unicast +0"
                + " +0 +connection refused.*");
  }

  private PeerState peer() {
    return speaker.state().instances().getFirst().peers().getFirst();
  }

  @Test
  void aPeersNameShowsAllThatIsKnownOfIt() {
    assertThat(run(here("peers", "tor-switch"))).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "Node k8s-ctr, instance instance-65001: AS 65001, router ID 192.168.10.100",
            "Peer tor-switch: 127.0.0.1 port",
            "hold 9 s, keepalive 3 s, as configured; connect retry 120 s",
            "ended         0 times");
    assertThat(run(here("peers", "127.0.0.1", "-o", "yaml"))).isEqualTo(1);
    assertThat(out.toString()).contains("name: \"tor-switch\"");
    assertThat(run(here("peers", "nobody"))).isEqualTo(1);
    assertThat(err.toString()).contains("no agent has a peer 'nobody'");
  }

  @Test
  void oneRouteIsAskedForByAnAddressInIt() {
    assertThat(run(here("routes", "available", "172.20.0.9"))).isZero();
    assertThat(out.toString()).contains("172.20.0.0/24");
    assertThat(run(here("routes", "available", "172.20.0.0/25", "-o", "json"))).isZero();
    assertThat(out.toString()).contains("\"routes\" : [ ]");
  }

  @Test
  void theFormsOfOutputHaveNames() {
    assertThat(run(here("peers", "-o", "wide"))).isEqualTo(1);
    assertThat(out.toString()).contains("Peer         Since", "tor-switch");
    assertThat(run(here("peers", "-o", "xml"))).isEqualTo(2);
    assertThat(err.toString()).contains("'xml' is none of table, wide, json, yaml");
  }

  @Test
  void theVersionOfTheAgentIsShownBesideTheProgramsOwn() {
    String version = VersionAnswer.ofProgram().version();
    assertThat(run(here("version"))).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .containsExactly("peerage " + version, "Node      Agent", "k8s-ctr   " + version);
    assertThat(run(here("version", "-o", "json"))).isZero();
    assertThat(out.toString()).contains("\"java\" : \"" + Runtime.version() + "\"");
  }

  @Test
  void theProgramsOwnVersionNeedsNoAgent() {
    int free = PortBlock.claim().port(0);
    assertThat(run("version", "--client", "--api-address", "127.0.0.1:" + free)).isZero();
    assertThat(run("version", "--api-address", "127.0.0.1:" + free)).isEqualTo(1);
    assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("peerage "));
    assertThat(err.toString()).contains("connection refused");
  }

  @Test
  void routesSaysWhatItDefaultsTo() {
    assertThat(run(here("routes"))).as(err.toString()).isZero();
    assertThat(out.toString().replaceAll("\\d+s ", "0s "))
        .isEqualTo(
            """
            (Defaulting to `available ipv4 unicast` routes, please see help for more options)

            Node      VRouter   Prefix          NextHop   Age   Attrs
            k8s-ctr   65001     172.20.0.0/24   0.0.0.0   0s    [{Origin: i} {Nexthop: 0.0.0.0}]
            """);
  }

  @Test
  void routesOfAnotherRouterAreLeftOut() {
    assertThat(run(here("routes", "available", "ipv4", "unicast", "vrouter", "65002"))).isZero();
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void routePoliciesNameThePrefixes() {
    assertThat(run(here("route-policies"))).isZero();
    assertThat(out.toString())
        .contains("peer-tor-switch-export   export   127.0.0.1", "172.20.0.0/24 (24..24)");
  }

  @Test
  void jsonHoldsTheNodeAndTheStateOfItsSpeaker() {
    assertThat(run(here("peers", "-o", "json"))).isEqualTo(1);
    assertThat(out.toString())
        .contains("\"node\" : \"k8s-ctr\"", "\"localASN\" : 65001", "\"peerASN\" : 65000");
  }

  @Test
  void anAgentThatDoesNotAnswerIsNamedAndCostsTheExitCode() {
    int free = PortBlock.claim().port(0);
    assertThat(run("peers", "--api-address", "127.0.0.1:" + free)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "peerage: node 127.0.0.1:%1$d: looking glass at 127.0.0.1:%1$d does not answer: connection refused: nothing listens there"
                .formatted(free));
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nobody.invalid:17901 | no host has that name",
        "127.0.0.1            | '127.0.0.1' is not HOST:PORT",
        "not an address       | 'not an address' is not HOST:PORT",
        "127.0.0.1:99999999   | '127.0.0.1:99999999' is not HOST:PORT",
      })
  void everyCauseIsSaidInWords(String address, String words) {
    assertThat(run("peers", "--api-address", address)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "peerage: node %1$s: looking glass at %1$s does not answer: %2$s"
                .formatted(address, words));
  }

  @Test
  void whoAnswersSomethingElseIsNoLookingGlass() throws Exception {
    try (var other = HealthServer.start(new InetSocketAddress(LOOPBACK, 0), Map::of, Map::of)) {
      assertThat(run("peers", "--api-address", "127.0.0.1:" + other.address().getPort()))
          .isEqualTo(1);
      assertThat(err.toString())
          .contains("does not answer: GET /state answered 404 /state is unknown");
    }
    try (var silent = new ServerSocket(0, 1, LOOPBACK);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> {
        try {
          silent.accept().close();
          silent.accept().close(); // asked a second time
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      assertThat(run("peers", "--api-address", "127.0.0.1:" + silent.getLocalPort())).isEqualTo(1);
      assertThat(err.toString()).contains("before an answer came").doesNotContain("Exception");
      silent.close();
    }
  }

  @Test
  void theLookingGlassIsFoundByThePortsName() {
    var pod =
        new PodBuilder()
            .withNewSpec()
            .addNewContainer()
            .addNewPort()
            .withName("http")
            .withContainerPort(17902)
            .endPort()
            .addNewPort()
            .withName("looking-glass")
            .withContainerPort(18000)
            .endPort()
            .endContainer()
            .endSpec()
            .build();

    assertThat(ClusterAgents.lookingGlass(pod)).hasValue(18000);
  }

  @Test
  void theLookingGlassIsForThisHostOnly() {
    assertThatThrownBy(() ->
            SpeakerApi.start(
                new InetSocketAddress("0.0.0.0", 0), speaker, () -> DesiredSpeaker.NOTHING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loopback addresses only");
  }
}

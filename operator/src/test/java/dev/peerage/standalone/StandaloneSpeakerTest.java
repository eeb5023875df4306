package dev.peerage.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.http.SpeakerApi;
import dev.peerage.testing.PortBlock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two files, two speakers, a real session between them, and the JSON that tells of it. */
class StandaloneSpeakerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Both speakers are on one host and say its loopback address as next hop. */
  private static final SpeakerSettings SETTINGS =
      new SpeakerSettings(
          new AddressMap() {
            @Override
            public InetSocketAddress toSocket(InetAddress address, int port) {
              return new InetSocketAddress(address, port);
            }

            @Override
            public InetAddress toLogical(InetAddress socketAddress) {
              return socketAddress;
            }

            @Override
            public boolean loopbackNextHops() {
              return true;
            }
          },
          InstantSource.system(),
          new SimpleMeterRegistry(),
          false);

  @TempDir private Path folder;

  private final int port = PortBlock.claim().port(0);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    client.close();
  }

  private String router(String importPolicy) {
    return """
    instances:
    - name: router
      localASN: 65000
      routerID: 10.0.0.2
      listenAddress: 127.0.0.1
      listenPort: %d
      peers:
      - {name: node, peerAddress: 127.0.0.1, passive: true, importPolicy: %s,
         families: [{afi: ipv4}, {afi: ipv6}]}
      routes:
      - {prefix: "2001:db8::/32"}
    """
        .formatted(port, importPolicy);
  }

  private String node(String routes) {
    return """
    instances:
    - name: main
      localASN: 65001
      routerID: 10.0.0.1
      peers:
      - {name: r1, peerAddress: 127.0.0.1, peerPort: %d, peerASN: 65000,
         timers: {connectRetryTimeSeconds: 1}, families: [{afi: ipv4}, {afi: ipv6}]}
      routes:
    %s
    """
        .formatted(port, routes.indent(2));
  }

  private SpeakerApi start(Path file, String text) throws Exception {
    Files.writeString(file, text);
    StandaloneSpeaker speaker = StandaloneSpeaker.start(file, SETTINGS);
    open.add(speaker);
    SpeakerApi server = SpeakerApi.start(ANY_PORT, speaker.speaker(), speaker::desired);
    open.add(server);
    return server;
  }

  private HttpResponse<String> get(SpeakerApi server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(SpeakerApi server, String path) throws Exception {
    HttpResponse<String> response = get(server, path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  private List<String> prefixes(SpeakerApi server, String path) throws Exception {
    return json(server, path).get("routes").findValuesAsText("prefix");
  }

  private SpeakerApi routerServer() throws Exception {
    return start(folder.resolve("router.yaml"), router("accept"));
  }

  @Test
  void tellsItsSessionsAndRoutes() throws Exception {
    SpeakerApi router = routerServer();
    SpeakerApi node =
        start(
            folder.resolve("node.yaml"),
            node(
                """
                - {prefix: 10.1.0.0/24, communities: ["65000:1"], largeCommunities: ["65000:1:2"]}
                - {prefix: "2001:db8:1::/48"}
                """));

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          JsonNode families = json(node, "/state").at("/instances/0/peers/0/families");
          assertThat(families.at("/0/advertised").asInt()).isEqualTo(1);
          assertThat(families.at("/1/received").asInt()).isEqualTo(1);
          assertThat(prefixes(router, "/routes/received?instance=router&peer=node")).hasSize(2);
        });
    JsonNode instance = json(node, "/state").at("/instances/0");
    assertThat(instance.get("name").textValue()).isEqualTo("main");
    assertThat(instance.get("localASN").isNumber()).isTrue();
    assertThat(instance.get("routerID").textValue()).isEqualTo("10.0.0.1");
    JsonNode peer = instance.at("/peers/0");
    assertThat(peer.get("name").textValue()).isEqualTo("r1");
    assertThat(peer.get("peerAddress").textValue()).isEqualTo("127.0.0.1");
    assertThat(peer.get("peerASN").longValue()).isEqualTo(65000);
    assertThat(peer.get("state").textValue()).isEqualTo("established");
    assertThat(peer.get("lastError").isTextual()).isTrue();
    assertThat(peer.at("/families/0").toString())
        .isEqualTo(
            "{\"afi\":\"ipv4\",\"safi\":\"unicast\",\"received\":0,\"accepted\":0,\"advertised\":1}");
    assertThat(peer.at("/families/1/accepted").intValue()).as("rejected by default").isZero();

    JsonNode received =
        json(router, "/routes/received?instance=router&peer=node&afi=ipv4").at("/routes/0");
    assertThat(received.get("prefix").textValue()).isEqualTo("10.1.0.0/24");
    assertThat(InetAddress.ofLiteral(received.get("nextHop").textValue()).isLoopbackAddress())
        .as("a next hop that means nothing elsewhere")
        .isFalse();
    assertThat(received.get("asPath").textValue()).isEqualTo("65001");
    assertThat(received.get("origin").textValue()).isEqualTo("i");
    assertThat(received.get("communities").toString()).isEqualTo("[\"65000:1\"]");
    assertThat(received.get("largeCommunities").toString()).isEqualTo("[\"65000:1:2\"]");
    assertThat(received.get("localPreference").isNull()).isTrue();
    assertThat(received.get("med").isNull()).isTrue();
    assertThat(prefixes(node, "/routes/advertised?instance=main&peer=r1"))
        .containsExactly("10.1.0.0/24", "2001:db8:1::/48");
    assertThat(prefixes(node, "/routes/available?instance=main"))
        .containsExactly("10.1.0.0/24", "2001:db8:1::/48");
    assertThat(prefixes(router, "/routes/available?afi=ipv6"))
        .containsExactly("2001:db8::/32", "2001:db8:1::/48");
    assertThat(prefixes(router, "/routes/available?instance=router&peer=node")).hasSize(2);
    assertThat(json(node, "/routes/received?afi=ipv4").toString()).isEqualTo("{\"routes\":[]}");
    assertThat(json(node, "/route-policies").at("/policies").findValuesAsText("name"))
        .startsWith("allow-local", "accept-local")
        .contains("routes", "routes-0", "routes-1");
    assertThat(json(router, "/routes/available?afi=ipv6").at("/routes/0").properties())
        .extracting(Map.Entry::getKey)
        .as("nothing is left out where there is no value")
        .contains("peer", "peerAddress", "med", "localPreference");
  }

  @Test
  void answersWhatDoesNotExistWithWords() throws Exception {
    SpeakerApi node = start(folder.resolve("node.yaml"), node(""));

    for (String path :
        List.of(
            "/", "/routes/received?instance=other", "/routes/available?instance=main&peer=other")) {
      HttpResponse<String> response = get(node, path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(new ObjectMapper().readTree(response.body()).get("error").isTextual()).isTrue();
    }
    assertThat(get(node, "/routes/available?afi=ipx").statusCode()).isEqualTo(400);
    assertThat(get(node, "/routes/available?family=ipv4/unicast"))
        .returns(400, HttpResponse::statusCode)
        .satisfies(answer -> assertThat(answer.body()).contains("no parameter 'family'"));
    assertThat(json(node, "/state").at("/instances/0/peers/0/state").textValue())
        .isIn("idle", "connect", "active", "open_sent", "open_confirm");
  }

  @Test
  void followsAFileThatIsWrittenReplacedOrBehindLinks() throws Exception {
    SpeakerApi router = routerServer();
    // As a mounted ConfigMap: speaker.yaml -> ..data/speaker.yaml, ..data -> a folder.
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Path first = Files.createDirectory(mount.resolve("..1"));
    Files.writeString(first.resolve("speaker.yaml"), node("- {prefix: 10.1.0.0/24}"));
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    Path file =
        Files.createSymbolicLink(mount.resolve("node.yaml"), Path.of("..data/speaker.yaml"));
    SpeakerApi node = start(file, node("- {prefix: 10.1.0.0/24}"));
    awaitRoutes(router, "10.1.0.0/24");

    Path second = Files.createDirectory(mount.resolve("..2"));
    Files.writeString(second.resolve("speaker.yaml"), node("- {prefix: 10.2.0.0/24}"));
    Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2"));
    Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    awaitRoutes(router, "10.2.0.0/24");

    Files.writeString(second.resolve("speaker.yaml"), node("- {prefix: 10.3.0.0/24}"));
    awaitRoutes(router, "10.3.0.0/24");

    Path other = Files.writeString(mount.resolve("new"), node("- {prefix: 10.4.0.0/24}"));
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    awaitRoutes(router, "10.4.0.0/24");
    assertThat(json(node, "/state").at("/instances/0/peers/0/lastError").textValue())
        .as("the session never went down")
        .isEmpty();
  }

  private void awaitRoutes(SpeakerApi router, String... expected) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(prefixes(router, "/routes/received?peer=node")).containsExactly(expected));
  }

  @Test
  void whatABadFileSaidBeforeStaysInForce() throws Exception {
    SpeakerApi router = routerServer();
    Path file = folder.resolve("node.yaml");
    SpeakerApi node = start(file, node("- {prefix: 10.1.0.0/24}"));
    awaitRoutes(router, "10.1.0.0/24");

    Files.writeString(file, node("- {prefix: 10.1.0.0/99}"));
    Files.delete(file);
    Files.writeString(file, node("- {prefix: 10.5.0.0/24}\n- {prefix: 10.1.0.0/24}"));

    awaitRoutes(router, "10.1.0.0/24", "10.5.0.0/24");
    assertThat(json(node, "/state").at("/instances/0/peers/0/lastError").textValue()).isEmpty();
  }

  @Test
  void refusesABadFileAtTheStart() throws Exception {
    Path file = Files.writeString(folder.resolve("node.yaml"), node("- {prefix: 10.1.0.0/99}"));

    assertThatThrownBy(() -> StandaloneSpeaker.start(file, SETTINGS))
        .isInstanceOf(StandaloneSpeaker.BadFileException.class)
        .hasMessageContaining("instances[0].routes[0].prefix")
        .hasMessageContaining("to mend it");
    assertThatThrownBy(
            () -> StandaloneSpeaker.start(folder.resolve("none.yaml"), SpeakerSettings.defaults()))
        .isInstanceOf(StandaloneSpeaker.BadFileException.class)
        .hasMessageContaining("there is no such file");
  }
}

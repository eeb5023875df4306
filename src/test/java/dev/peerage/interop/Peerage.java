package dev.peerage.interop;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.peerage.acceptance.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code bin/peerage speaker} in Peerage's namespace. Its file starts as {@code
 * interop/peerage.yaml}; a change of it is what a user would edit.
 */
final class Peerage {
  private static final String HTTP = "127.0.0.1:8080";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Ground ground;
  private final ObjectNode desired;
  private @Nullable Process process;

  Peerage(Ground ground) {
    this.ground = ground;
    try {
      desired =
          (ObjectNode)
              new ObjectMapper(new YAMLFactory())
                  .readTree(Ground.file("interop/peerage.yaml").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The instance of a session in the file; {@link #apply} makes a change of it count. */
  ObjectNode instance(Session session) {
    for (JsonNode instance : desired.path("instances")) {
      if (instance.path("name").asText().equals(session.instance())) {
        return (ObjectNode) instance;
      }
    }
    throw new AssertionError("no instance for " + session);
  }

  /** The only peer of an instance in the file. */
  ObjectNode peer(Session session) {
    return (ObjectNode) instance(session).path("peers").path(0);
  }

  /** Takes the routes with this prefix out of the instance and returns them. */
  ArrayNode withoutRoutes(Session session, Set<String> prefixes) {
    ArrayNode all = (ArrayNode) instance(session).path("routes");
    ArrayNode left = JSON.createArrayNode();
    for (JsonNode route : all) {
      if (!prefixes.contains(route.path("prefix").asText())) {
        left.add(route);
      }
    }
    instance(session).set("routes", left);
    return all;
  }

  /** Writes the file, as an editor would: whole. */
  void apply() {
    try {
      Path next = ground.folder().resolve("speaker.yaml.new");
      Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(desired));
      Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return ground.folder().resolve("speaker.yaml");
  }

  /** Starts the process and waits until it answers. */
  void start() {
    apply();
    process =
        ground.start(
            Ground.Side.PEERAGE,
            "peerage",
            Map.of("PEERAGE_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid"),
            List.of(
                Ground.file("bin/peerage").toString(),
                "speaker",
                "-f",
                file().toString(),
                "--http",
                HTTP));
    await("the answer of peerage speaker")
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          if (!alive()) {
            throw new IllegalStateException("peerage speaker has ended; see its log");
          }
          return ask("/state").exit() == 0;
        });
  }

  /** Whether the process runs. */
  boolean alive() {
    return process != null && process.isAlive();
  }

  /** {@code kill -9}. */
  void kill() {
    Ground.kill(running());
  }

  /** TERM, as a supervisor would. */
  void stop() {
    running().destroy();
    Ground.end(running(), Duration.ofSeconds(60));
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** The peer of this instance in {@code GET /state}. */
  JsonNode state(Session session) {
    for (JsonNode instance : get("/state").path("instances")) {
      if (instance.path("name").asText().equals(session.instance())) {
        return instance.path("peers").path(0);
      }
    }
    throw new AssertionError("no instance " + session.instance() + " in /state");
  }

  boolean established(Session session) {
    return state(session).path("state").asText().equals("established");
  }

  String lastError(Session session) {
    return state(session).path("lastError").asText("");
  }

  /** How many NOTIFICATIONs it has sent since the peer was configured. */
  long notificationsSent(Session session) {
    return state(session).at("/session/sent/notifications").asLong();
  }

  /** The route of this prefix in {@code GET /routes/received}. */
  Optional<Seen> received(Session session, String prefix) {
    JsonNode routes =
        get("/routes/received?instance=" + session.instance() + "&peer=router").path("routes");
    for (JsonNode route : routes) {
      if (route.path("prefix").asText().equals(prefix)) {
        return Optional.of(seen(route));
      }
    }
    return Optional.empty();
  }

  private static Seen seen(JsonNode route) {
    JsonNode path = route.path("asPath");
    StringBuilder asPath = new StringBuilder(path.isArray() ? "" : path.asText());
    path.forEach(asn -> asPath.append(asPath.isEmpty() ? "" : " ").append(asn.asText()));
    return new Seen(
        route.path("nextHop").asText(),
        asPath.toString(),
        texts(route.path("communities")),
        texts(route.path("largeCommunities")),
        route.path("localPreference").asLong(-1));
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private JsonNode get(String path) {
    return json(ask(path).succeeded());
  }

  private Run ask(String path) {
    return ground.run(
        Ground.Side.PEERAGE, List.of("curl", "-sSf", "--max-time", "10", "http://" + HTTP + path));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}

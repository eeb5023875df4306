package dev.peerage.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * ExaBGP. It keeps no table, but reports each message to a process, {@code interop/exabgp-api}; the
 * table is what those reports add up to.
 */
final class ExaBgp implements Router {
  private static final String MORE = "announce route %s next-hop %s";

  private final Daemon daemon;
  private final String title;

  ExaBgp(Ground ground) {
    daemon = new Daemon(ground, List.of());
    String version = daemon.ask(List.of("/usr/sbin/exabgp", "--version"));
    title =
        version
            .lines()
            .filter(line -> line.startsWith("ExaBGP"))
            .findFirst()
            .orElseThrow()
            .replace(" : ", " ")
            .replaceAll("\\s+", " ");
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Map<Scenario, String> lacks() {
    return Map.of(
        Scenario.ENHANCED_REFRESH,
        "it may use it, but reports a refresh in broken JSON, so nothing is proved",
        Scenario.TEXT_FROM_ROUTER,
        "its API ends a session with a code, without a text",
        Scenario.TEXT_FROM_PEERAGE,
        "fails to decode any shutdown text (TypeError in its notification.py) and answers with an error",
        Scenario.PEERAGE_RESTARTS,
        "keeps no table, so no stale routes either");
  }

  @Override
  public void start(Start how) {
    Path config = daemon.configure("exabgp.conf", List.of());
    try {
      Files.copy(
          Ground.file("interop/exabgp-api"),
          daemon.folder().resolve("exabgp-api"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(daemon.folder().resolve("commands"), "");
      Files.writeString(daemon.folder().resolve("events"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon.start(
        Map.of(
            "exabgp.daemon.user",
            "root",
            "exabgp.log.destination",
            "stdout",
            "exabgp.api.cli",
            "false",
            "exabgp.api.ack",
            "false"),
        List.of("/usr/sbin/exabgp", config.toString()),
        () -> daemon.log().stream().anyMatch(line -> line.contains("loaded new configuration")));
    if (how == Start.FRESH) {
      more(true);
    }
  }

  @Override
  public Daemon daemon() {
    return daemon;
  }

  @Override
  public boolean established(Session session) {
    return replay(session).up;
  }

  @Override
  public String incarnation(Session session) {
    return Integer.toString(replay(session).ups);
  }

  @Override
  public Optional<Seen> received(Session session, String prefix) {
    return Optional.ofNullable(replay(session).routes.get(prefix));
  }

  @Override
  public int received(Session session) {
    return (int)
        replay(session).routes.keySet().stream().filter(prefix -> !prefix.contains(":")).count();
  }

  @Override
  public long updates(Session session) {
    return replay(session).updates;
  }

  @Override
  public void more(boolean announced) {
    String verb = announced ? MORE : MORE.replace("announce", "withdraw");
    command(verb.formatted("10.50.2.0/24", "10.99.0.1"));
    command(verb.formatted("fd50:2::/48", "fd99::1"));
  }

  @Override
  public void askRefresh(Session session) {
    command("neighbor " + session.address() + " announce route-refresh ipv4 unicast");
  }

  @Override
  public boolean enhancedRefresh(Session session) {
    return false;
  }

  @Override
  public void shutDown(Session session, String text) {
    command("neighbor " + session.address() + " teardown 2");
  }

  @Override
  public void enable(Session session) {
    // It comes back by itself.
  }

  @Override
  public String lastError(Session session) {
    return replay(session).lastError;
  }

  @Override
  public int largeTable() {
    return 10_000; // it takes minutes over 100,000
  }

  private void command(String line) {
    try {
      Files.writeString(
          daemon.folder().resolve("commands"), line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the reports about one neighbour add up to. */
  private static final class Table {
    private final Map<String, Seen> routes = new HashMap<>();
    private boolean up;
    private int ups;
    private long updates;
    private String lastError = "";
  }

  private Table replay(Session session) {
    Table table = new Table();
    events(
        session,
        event -> {
          JsonNode neighbor = event.path("neighbor");
          switch (event.path("type").asText()) {
            case "state" -> state(table, neighbor);
            case "notification" -> notification(table, neighbor.path("message"));
            case "update" -> update(table, neighbor.at("/message/update"));
            default -> {}
          }
        });
    return table;
  }

  private static void state(Table table, JsonNode neighbor) {
    table.up = neighbor.path("state").asText().equals("up");
    if (table.up) {
      table.ups++;
    } else {
      table.routes.clear();
      table.lastError += " " + neighbor.path("reason").asText();
    }
  }

  private static void notification(Table table, JsonNode message) {
    JsonNode notification = message.path("notification");
    String data = notification.path("data").asText();
    table.lastError =
        notification.path("code").asText()
            + "/"
            + notification.path("subcode").asText()
            + " "
            + notification.path("message").asText()
            + " "
            + text(data);
  }

  /** The bytes of a notification, which are reported in hexadecimal, as text where they are. */
  private static String text(String hex) {
    String digits = hex.replaceFirst("^0x", "");
    if (!digits.matches("([0-9A-Fa-f]{2})+")) {
      return hex;
    }
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void update(Table table, JsonNode update) {
    if (update.has("announce") || update.has("withdraw")) {
      table.updates++;
    }
    JsonNode attributes = update.path("attribute");
    update
        .path("announce")
        .forEach(family ->
            family
                .properties()
                .forEach(nextHop -> {
                  for (JsonNode nlri : nextHop.getValue()) {
                    if (nlri.has("nlri")) {
                      table.routes.put(
                          nlri.path("nlri").asText(), seen(nextHop.getKey(), attributes));
                    }
                  }
                }));
    update
        .path("withdraw")
        .forEach(family -> family.forEach(nlri -> table.routes.remove(nlri.path("nlri").asText())));
  }

  private static Seen seen(String nextHop, JsonNode attributes) {
    return new Seen(
        nextHop,
        joined(asPath(attributes.path("as-path")), " "),
        communities(attributes.path("community")),
        communities(attributes.path("large-community")),
        attributes.path("local-preference").asLong(-1));
  }

  // {"0": {"element": "as-sequence", "value": [65001]}}, or a plain list before 4.2.
  private static JsonNode asPath(JsonNode asPath) {
    return asPath.isArray() ? asPath : asPath.at("/0/value");
  }

  private static Set<String> communities(JsonNode list) {
    Set<String> communities = new HashSet<>();
    list.forEach(community -> communities.add(joined(community, ":")));
    return communities;
  }

  private static String joined(JsonNode list, String separator) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return String.join(separator, words);
  }

  private void events(Session session, Consumer<JsonNode> consumer) {
    String mine = "\"peer\": \"" + session.address() + "\"";
    try (var lines = Files.lines(daemon.folder().resolve("events"))) {
      // The last line may be half written; a JSON object ends with a brace. What it reports of a
      // route refresh is not JSON: the family stands in two pairs of quotes.
      lines
          .filter(line -> line.contains(mine) && line.endsWith("}"))
          .filter(line -> !line.contains("\"type\": \"refresh\""))
          .map(Peerage::json)
          .forEach(consumer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.peerage.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GoBGP as {@code interop/install} has built it. Its own routes are commanded, not configured. */
final class GoBgp implements Router {
  private static final int ESTABLISHED = 6;

  private final Daemon daemon;
  private final Path programs;

  GoBgp(Ground ground, Path programs) {
    daemon = new Daemon(ground, List.of());
    this.programs = programs;
  }

  @Override
  public String title() {
    // Built as a module, it says "dev" itself; the folder is named by the module's version.
    return "GoBGP " + programs.getFileName().toString().replaceFirst("gobgp-", "");
  }

  @Override
  public Map<Scenario, String> lacks() {
    return Map.of(
        Scenario.REFRESH,
        "answers a route refresh, but sends none: softresetin looks at what it has kept",
        Scenario.ENHANCED_REFRESH,
        "not implemented");
  }

  @Override
  public void start(Start how) {
    Path config = daemon.configure("gobgp.toml", List.of());
    List<String> command =
        new ArrayList<>(
            List.of(
                programs.resolve("gobgpd").toString(),
                "-f",
                config.toString(),
                "--api-hosts",
                "127.0.0.1:50051",
                "--pprof-disable"));
    if (how == Start.AGAIN) {
      command.add("--graceful-restart");
    }
    daemon.start(Map.of(), command, () -> daemon.run(gobgp("neighbor")).exit() == 0);
    String[] attributes = {
      "community", "65000:100,65000:200", "large-community", "65000:1:100", "med", "50"
    };
    rib("ipv4", "add", "10.50.1.0/24", attributes);
    rib("ipv6", "add", "fd50:1::/48", attributes);
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
    return neighbor(session).at("/state/session_state").asInt() == ESTABLISHED;
  }

  @Override
  public String incarnation(Session session) {
    return neighbor(session).at("/timers/state/uptime").toString();
  }

  @Override
  public Optional<Seen> received(Session session, String prefix) {
    String family = prefix.contains(":") ? "ipv6" : "ipv4";
    JsonNode routes =
        Peerage.json(
            daemon.ask(gobgp("neighbor", session.address(), "adj-in", "-a", family, "-j")));
    JsonNode path = routes.path(prefix).path(0);
    return path.isMissingNode() ? Optional.empty() : Optional.of(GoBgpPath.seen(path));
  }

  @Override
  public int received(Session session) {
    for (JsonNode family : neighbor(session).path("afi_safis")) {
      if (family.at("/state/family/afi").asInt() == 1) {
        return family.at("/state/received").asInt();
      }
    }
    return 0;
  }

  @Override
  public long updates(Session session) {
    return neighbor(session).at("/state/messages/received/update").asLong();
  }

  @Override
  public void more(boolean announced) {
    String verb = announced ? "add" : "del";
    rib("ipv4", verb, "10.50.2.0/24");
    rib("ipv6", verb, "fd50:2::/48");
  }

  @Override
  public void askRefresh(Session session) {
    throw new UnsupportedOperationException("GoBGP sends no route refresh");
  }

  @Override
  public boolean enhancedRefresh(Session session) {
    return false;
  }

  @Override
  public void shutDown(Session session, String text) {
    // It calls this deprecated for `disable`, which takes the reason too but does not send it.
    daemon.ask(gobgp("neighbor", session.address(), "shutdown", "--reason", text));
  }

  @Override
  public void enable(Session session) {
    daemon.run(gobgp("neighbor", session.address(), "enable"));
  }

  @Override
  public boolean tellsOfRefusedOpen() {
    return false; // neither its log nor its state has what it receives before Established
  }

  @Override
  public String lastError(Session session) {
    JsonNode state = neighbor(session).path("state");
    return state.path("disconnect_reason").asText()
        + " "
        + state.path("disconnect_message").asText()
        + " "
        + daemon.log().stream()
            .filter(line -> line.contains("\"Key\":\"" + session.address() + "\""))
            .filter(line -> line.contains("notification"))
            .reduce("", String::concat);
  }

  private JsonNode neighbor(Session session) {
    return Peerage.json(daemon.ask(gobgp("neighbor", session.address(), "-j")));
  }

  private void rib(String family, String verb, String prefix, String... attributes) {
    List<String> words = new ArrayList<>(List.of("global", "rib", verb, prefix));
    words.addAll(List.of(attributes));
    words.addAll(List.of("-a", family));
    daemon.ask(gobgp(words.toArray(String[]::new)));
  }

  private List<String> gobgp(String... words) {
    List<String> all = new ArrayList<>(List.of(programs.resolve("gobgp").toString()));
    all.addAll(List.of(words));
    return all;
  }
}

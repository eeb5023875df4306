package dev.peerage.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** OpenBGPD, with {@code fib-update no}: it changes no kernel route. */
final class OpenBgpd implements Router {
  private static final String NO_MD5 =
      "on Linux it takes a password and then does without (PF_KEY not available)";

  private final Daemon daemon;
  private final String title;

  OpenBgpd(Ground ground) {
    daemon = new Daemon(ground, List.of());
    var version = daemon.run(List.of("/usr/sbin/bgpd", "-V"));
    title = (version.out() + version.err()).strip();
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Map<Scenario, String> lacks() {
    return Map.of(
        Scenario.IPV4_OVER_IPV6,
        "no extended next hop (RFC 8950)",
        Scenario.MD5_DIALS,
        NO_MD5,
        Scenario.MD5_LISTENS,
        NO_MD5,
        Scenario.WRONG_PASSWORD,
        NO_MD5,
        Scenario.ROUTER_RESTARTS,
        "restarts without forwarding state: its OPEN promises End-of-RIB only");
  }

  @Override
  public void start(Start how) {
    List<String> without =
        how == Start.AGAIN ? List.of("network 10.50.2.0/24", "network fd50:2::/48") : List.of();
    Path config = daemon.configure("openbgpd.conf", without);
    try {
      // Its own place for the socket is the same for all that run on a machine.
      Files.writeString(config, "socket \"" + socket() + "\"\n" + Files.readString(config));
      // It refuses a file with passwords that others can read.
      Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
      // Its unprivileged processes live here; under systemd the unit makes the folder.
      Files.createDirectories(Path.of("/run/openbgpd"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon.start(
        Map.of(),
        List.of("/usr/sbin/bgpd", "-d", "-f", config.toString()),
        () -> daemon.run(bgpctl("show")).exit() == 0);
  }

  @Override
  public Daemon daemon() {
    return daemon;
  }

  @Override
  public boolean established(Session session) {
    return neighbor(session).path("state").asText().equals("Established");
  }

  @Override
  public String incarnation(Session session) {
    return neighbor(session).at("/stats/message/received/open").asText();
  }

  @Override
  public Optional<Seen> received(Session session, String prefix) {
    JsonNode routes =
        Peerage.json(
            daemon.ask(bgpctl("show", "rib", "in", "neighbor", session.address(), "detail")));
    for (JsonNode route : routes.path("rib")) {
      if (route.path("prefix").asText().equals(prefix)) {
        return Optional.of(
            new Seen(
                route.path("exit_nexthop").asText(),
                route.path("aspath").asText(),
                texts(route.path("communities")),
                texts(route.path("large_communities")),
                route.path("localpref").asLong(-1)));
      }
    }
    return Optional.empty();
  }

  @Override
  public int received(Session session) {
    // Both families; this instance sends as many IPv6 routes as IPv4 ones, or none.
    int all = neighbor(session).at("/stats/prefixes/received").asInt();
    return all == 4 ? 2 : all;
  }

  @Override
  public long updates(Session session) {
    return neighbor(session).at("/stats/update/received/updates").asLong();
  }

  @Override
  public void more(boolean announced) {
    for (String prefix : List.of("10.50.2.0/24", "fd50:2::/48")) {
      daemon.ask(bgpctl("network", announced ? "add" : "delete", prefix));
    }
  }

  @Override
  public void askRefresh(Session session) {
    daemon.ask(bgpctl("neighbor", session.address(), "refresh"));
  }

  @Override
  public boolean enhancedRefresh(Session session) {
    return neighbor(session).at("/session/capabilities/enhanced_refresh").asBoolean();
  }

  @Override
  public void shutDown(Session session, String text) {
    daemon.ask(bgpctl("neighbor", session.address(), "down", text));
  }

  @Override
  public void enable(Session session) {
    daemon.ask(bgpctl("neighbor", session.address(), "up"));
  }

  @Override
  public String lastError(Session session) {
    JsonNode neighbor = neighbor(session);
    return neighbor.path("last_error_sent").asText()
        + " "
        + neighbor.path("last_error_received").asText()
        + " "
        + neighbor.path("last_shutdown_reason").asText();
  }

  private JsonNode neighbor(Session session) {
    return Peerage.json(daemon.ask(bgpctl("show", "neighbor", session.address())))
        .at("/neighbors/0");
  }

  private String socket() {
    return daemon.folder().resolve("bgpd.sock").toString();
  }

  private List<String> bgpctl(String... words) {
    List<String> all = new ArrayList<>(List.of("/usr/sbin/bgpctl", "-j", "-s", socket()));
    all.addAll(List.of(words));
    return all;
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}

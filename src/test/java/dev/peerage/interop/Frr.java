package dev.peerage.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * FRR's bgpd, and zebra for what bgpd knows of interfaces; with {@code --no_kernel} it changes no
 * kernel route. A kill hits bgpd alone: zebra stays, as it does when bgpd crashes.
 */
final class Frr implements Router {
  private final Daemon daemon;
  private final Daemon zebra;
  private final String title;

  Frr(Ground ground, List<String> wrapper) {
    daemon = new Daemon(ground, wrapper);
    zebra = new Daemon(ground, wrapper);
    String version = daemon.ask(List.of("/usr/lib/frr/bgpd", "--version"));
    title = "FRR " + version.lines().findFirst().orElseThrow().replaceAll("^\\D*", "");
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Map<Scenario, String> lacks() {
    return Map.of();
  }

  @Override
  public void start(Start how) {
    List<String> without =
        how == Start.AGAIN ? List.of("network 10.50.2.0/24", "network fd50:2::/48") : List.of();
    String config = daemon.configure("frr.conf", without).toString();
    try {
      // zebra becomes the user frr, and makes its sockets here.
      Files.setPosixFilePermissions(daemon.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.writeString(daemon.folder().resolve("vtysh.conf"), "");
      Files.deleteIfExists(daemon.folder().resolve("bgpd.vty"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String folder = daemon.folder().toString();
    String zserv = daemon.folder().resolve("zserv.api").toString();
    if (!zebra.alive()) {
      zebra.start(
          Map.of(),
          List.of(
              "/usr/lib/frr/zebra",
              "--pid_file",
              daemon.folder().resolve("zebra.pid").toString(),
              "--vty_socket",
              folder,
              "--vty_port",
              "0",
              "--socket",
              zserv,
              "--log",
              "stdout",
              "--log-level",
              "warnings"),
          () -> Files.exists(daemon.folder().resolve("zebra.vty")));
    }
    daemon.start(
        Map.of(),
        List.of(
            "/usr/lib/frr/bgpd",
            "--no_kernel",
            "--socket",
            zserv,
            "--skip_runas",
            "--config_file",
            config,
            "--pid_file",
            daemon.folder().resolve("pid").toString(),
            "--vty_socket",
            folder,
            "--vty_port",
            "0",
            "--log",
            "stdout",
            "--log-level",
            "info"),
        () -> daemon.run(vtysh("show bgp summary json")).exit() == 0);
  }

  @Override
  public Daemon daemon() {
    return daemon;
  }

  @Override
  public boolean established(Session session) {
    return neighbor(session).path("bgpState").asText().equals("Established");
  }

  @Override
  public String incarnation(Session session) {
    return neighbor(session).path("connectionsEstablished").asText();
  }

  @Override
  public Optional<Seen> received(Session session, String prefix) {
    return path(session, prefix)
        .map(path ->
            new Seen(
                path.at("/nexthops/0/ip").asText(),
                path.at("/aspath/string").asText().replace("Local", ""),
                texts(path.at("/community/list")),
                texts(path.at("/largeCommunity/list")),
                path.has("locPrf") ? path.path("locPrf").asLong() : -1));
  }

  /** Whether it keeps the route although the session is gone. */
  boolean stale(Session session, String prefix) {
    return path(session, prefix).filter(path -> path.path("stale").asBoolean()).isPresent();
  }

  private Optional<JsonNode> path(Session session, String prefix) {
    String family = prefix.contains(":") ? "ipv6" : "ipv4";
    JsonNode route =
        Peerage.json(daemon.ask(vtysh("show bgp " + family + " unicast " + prefix + " json")));
    for (JsonNode path : route.path("paths")) {
      if (path.at("/peer/peerId").asText().equals(session.address())) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  @Override
  public int received(Session session) {
    return neighbor(session).at("/addressFamilyInfo/ipv4Unicast/acceptedPrefixCounter").asInt();
  }

  @Override
  public long updates(Session session) {
    return neighbor(session).at("/messageStats/updatesRecv").asLong();
  }

  @Override
  public void more(boolean announced) {
    String no = announced ? "" : "no ";
    configure(
        "address-family ipv4 unicast",
        no + "network 10.50.2.0/24",
        "exit-address-family",
        "address-family ipv6 unicast",
        no + "network fd50:2::/48");
  }

  @Override
  public void askRefresh(Session session) {
    daemon.ask(vtysh("clear bgp ipv4 unicast " + session.address() + " in"));
  }

  @Override
  public boolean enhancedRefresh(Session session) {
    return neighbor(session)
        .at("/neighborCapabilities/enhancedRouteRefresh")
        .asText()
        .equals("advertisedAndReceived");
  }

  @Override
  public void shutDown(Session session, String text) {
    configure("neighbor " + session.address() + " shutdown message " + text);
  }

  @Override
  public void enable(Session session) {
    configure("no neighbor " + session.address() + " shutdown");
    daemon.ask(vtysh("clear bgp " + session.address())); // where it dials it may wait for a minute
  }

  @Override
  public String lastError(Session session) {
    JsonNode neighbor = neighbor(session);
    return neighbor.path("lastResetDueTo").asText()
        + " "
        + neighbor.path("lastNotificationReason").asText()
        + " "
        + neighbor.path("lastShutdownDescription").asText()
        + " "
        // What ends an accepted connection before it is Established is in the log only.
        + daemon.log().stream()
            .filter(line -> line.contains("NOTIFICATION"))
            .filter(line -> line.contains(" " + session.address() + " "))
            .reduce("", (before, line) -> line);
  }

  private JsonNode neighbor(Session session) {
    return Peerage.json(daemon.ask(vtysh("show bgp neighbors " + session.address() + " json")))
        .path(session.address());
  }

  private void configure(String... commands) {
    List<String> all = new ArrayList<>(List.of("configure terminal", "router bgp 65000"));
    all.addAll(List.of(commands));
    daemon.ask(vtysh(all.toArray(String[]::new)));
  }

  private List<String> vtysh(String... commands) {
    String folder = daemon.folder().toString();
    List<String> all =
        new ArrayList<>(List.of("/usr/bin/vtysh", "--vty_socket", folder, "--config_dir", folder));
    for (String command : commands) {
      all.add("-c");
      all.add(command);
    }
    return all;
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}

package dev.peerage.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.interop.GoBgpPath;
import dev.peerage.interop.Programs;
import dev.peerage.interop.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A router with one neighbour, the node: a GoBGP at an address of its own. It waits for the node to
 * dial.
 */
final class RouterPeer {
  static final Duration LONG = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ESTABLISHED = 6;

  /**
   * How a router is configured.
   *
   * @param address one of the routers' addresses of {@code interop/sites}
   * @param node the address of the node that may dial
   * @param asn the router's AS
   * @param nodeAsn the node's AS
   * @param families of {@code ipv4} and {@code ipv6}
   * @param password for TCP MD5
   */
  record Settings(
      String address,
      String node,
      long asn,
      long nodeAsn,
      List<String> families,
      Optional<String> password) {
    Settings {
      families = List.copyOf(families);
    }

    Settings password(String password) {
      return new Settings(address, node, asn, nodeAsn, families, Optional.of(password));
    }

    Settings families(String... families) {
      return new Settings(address, node, asn, nodeAsn, List.of(families), password);
    }

    /** The same, for a node that dials from another address. */
    Settings node(String node) {
      return new Settings(address, node, asn, nodeAsn, families, password);
    }
  }

  private final Sites sites;
  private final int site;
  private final Settings settings;
  private final int port;
  private final Path programs = Programs.gobgp();
  private final Process process;

  RouterPeer(Sites sites, int site, String title, Path folder, Settings settings) {
    this.sites = sites;
    this.site = site;
    this.settings = settings;
    // Of the site's own ports; below those that the kernel gives to whoever asks for any.
    this.port = 20000 + Math.abs(settings.address().hashCode() % 10000);
    Path config = folder.resolve("gobgp-" + settings.address().replace(':', '-') + ".toml");
    try {
      Files.writeString(config, toml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process =
        sites.start(
            site,
            "router",
            title + "." + settings.address().replace(':', '-'),
            Map.of(),
            List.of(
                programs.resolve("gobgpd").toString(),
                "-f",
                config.toString(),
                "--api-hosts",
                "127.0.0.1:" + port,
                "--pprof-disable"));
    await("gobgpd")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(_ -> process.isAlive())
        .until(() -> !gobgp("neighbor").isEmpty());
  }

  private String toml() {
    String families =
        settings.families().stream()
            .map(family ->
                """
                [[neighbors.afi-safis]]
                  [neighbors.afi-safis.config]
                    afi-safi-name = "%s-unicast"
                  [neighbors.afi-safis.mp-graceful-restart.config]
                    enabled = true
                """
                    .formatted(family))
            .collect(Collectors.joining());
    return """
    [global.config]
      as = %d
      router-id = "10.255.0.%s"
      port = 179
      local-address-list = ["%s"]
    [[neighbors]]
      [neighbors.config]
        neighbor-address = "%s"
        peer-as = %d
    %s
      [neighbors.transport.config]
        local-address = "%s"
        passive-mode = true
      [neighbors.timers.config]
        connect-retry = 1
        hold-time = 90
        keepalive-interval = 30
        idle-hold-time-after-reset = 1
      [neighbors.graceful-restart.config]
        enabled = true
        restart-time = 120
        notification-enabled = true
    """
            .formatted(
                settings.asn(),
                settings.address().replaceFirst(".*[.:]", ""),
                settings.address(),
                settings.node(),
                settings.nodeAsn(),
                settings.password().map("    auth-password = \"%s\""::formatted).orElse(""),
                settings.address())
        + families;
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Announces a route of its own. */
  void announce(String prefix) {
    gobgp("global", "rib", "add", prefix, "-a", family(prefix));
  }

  private static String family(String prefix) {
    return prefix.contains(":") ? "ipv6" : "ipv4";
  }

  boolean established() {
    return neighbor().at("/state/session_state").asInt() == ESTABLISHED;
  }

  void awaitEstablished() {
    await("session at " + settings.address())
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(300))
        .until(this::established);
  }

  void awaitDown() {
    await("end of the session at " + settings.address())
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> !established());
  }

  /** What GoBGP says of the node: state, timers, capabilities. */
  JsonNode neighbor() {
    return json(gobgp("neighbor", settings.node(), "-j"));
  }

  /** When the session came up: tells one session from the next. */
  String incarnation() {
    return neighbor().at("/timers/state/uptime").toString();
  }

  /** All routes that it has from the node. */
  Map<String, Seen> routes() {
    Map<String, Seen> routes = new TreeMap<>();
    for (String family : settings.families()) {
      json(gobgp("neighbor", settings.node(), "adj-in", "-a", family, "-j"))
          .properties()
          .forEach(route -> routes.put(route.getKey(), GoBgpPath.seen(route.getValue().path(0))));
    }
    return routes;
  }

  /** All prefixes that it would use, also those that it keeps while the node is away. */
  Set<String> table() {
    Set<String> prefixes = new TreeSet<>();
    for (String family : settings.families()) {
      json(gobgp("global", "rib", "-a", family, "-j")).fieldNames().forEachRemaining(prefixes::add);
    }
    return prefixes;
  }

  /** Waits until these are the routes that it has from the node, no other, with all attributes. */
  void awaitRoutes(Map<String, Seen> expected) {
    await("routes at " + settings.address())
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptionsMatching(failure -> !(failure instanceof AssertionError))
        .untilAsserted(() -> assertThat(routes()).isEqualTo(new TreeMap<>(expected)));
  }

  /** Waits until these are the prefixes that it has from the node, and no other. */
  void awaitPrefixes(String... prefixes) {
    await("prefixes at " + settings.address())
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(routes().keySet()).containsExactlyInAnyOrder(prefixes));
  }

  private String gobgp(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(programs.resolve("gobgp").toString(), "-p", Integer.toString(port)));
    command.addAll(List.of(words));
    return sites.run(site, "router", command);
  }

  static JsonNode json(String text) {
    try {
      // An empty table is a line of text, such as "Network not in table".
      return text.startsWith("{") || text.startsWith("[")
          ? JSON.readTree(text)
          : JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}

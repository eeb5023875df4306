package dev.peerage.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.RouteView.Selection;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lint.ManifestFolder;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.lint.Manifests;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Values of the lab's tests: node {@code n1} in AS 65001 and router 192.0.2.200 in AS 65000. */
final class LabFixtures {
  static final Path SEED_LAB = Path.of("../examples/seed-lab");
  static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
  static final InetAddress ROUTER = address("192.0.2.200");
  static final InetAddress NODE = address("192.0.2.1");
  static final Prefix POD_CIDR = Prefix.parse("10.0.1.0/24");
  static final Prefix VIP = Prefix.parse("198.51.100.1/32");
  static final Prefix NETWORK = Prefix.parse("203.0.113.0/24");

  private LabFixtures() {}

  static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  /** A folder's objects, which must be good. */
  static Manifests manifests(Path folder) {
    Reading reading = ManifestFolder.of(folder).read();
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return ((Reading.Good) reading).manifests();
  }

  /** Copies the example, for changes. */
  static void copySeedLab(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(SEED_LAB)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  /**
   * Replaces a file as a whole, as editors do it: who watches the folder never sees half of it,
   * however slow the writer is.
   */
  static void save(Path file, String text) throws IOException {
    Path other = Files.writeString(file.resolveSibling("." + file.getFileName() + ".swp"), text);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static RouterPlan router() {
    return new RouterPlan(ROUTER, 65000, Set.of(NETWORK), new TreeMap<>(Map.of("n1", NODE)));
  }

  /** The node's session to the router. */
  static DesiredPeer peer(Prefix... exported) {
    return DesiredPeer.of("tor", ROUTER, 65000)
        .withEndpoint(endpoint -> endpoint.withSource(new Source.Address(NODE)))
        .withExportPolicy(export(ExportStatement.Attributes.DEFAULT, exported));
  }

  static ExportPolicy export(ExportStatement.Attributes attributes, Prefix... prefixes) {
    return new ExportPolicy.Statements(
        "peer-tor-export",
        List.of(new ExportStatement("all", PrefixSet.of(Set.of(prefixes)), attributes)));
  }

  static DesiredInstance instance(long asn, DesiredPeer peer, Prefix... routes) {
    return new DesiredInstance(
        "main",
        asn,
        (Inet4Address) NODE,
        new DesiredInstance.Listen.Off(),
        List.of(peer),
        PrefixSet.of(Set.of(routes)));
  }

  static LabPlan plan(DesiredInstance... instances) {
    return new LabPlan(
        Manifests.NONE,
        List.of(),
        new TreeMap<>(),
        new TreeMap<>(Map.of("n1", new DesiredSpeaker(List.of(instances)))),
        List.of(router()),
        List.of());
  }

  static Phase up() {
    return new Phase.Up(
        NOW,
        90,
        30,
        new PeerState.Session(
            new InetSocketAddress(NODE, 40000),
            new InetSocketAddress(ROUTER, 179),
            true,
            (Inet4Address) ROUTER,
            List.of(),
            List.of()));
  }

  static SpeakerState state(Phase phase, String lastError, int received) {
    PeerState peer =
        new PeerState(
            "tor",
            ROUTER,
            179,
            65000,
            phase,
            List.of(new FamilyCount(AddressFamily.IPV4_UNICAST, received, 0, 1)),
            lastError.isEmpty() ? new SessionError.None() : new SessionError.Tcp(lastError, NOW),
            NOW,
            SessionTerms.Timers.DEFAULT,
            MessageCounts.NONE,
            MessageCounts.NONE);
    return new SpeakerState(
        List.of(new InstanceState("main", 65001, (Inet4Address) NODE, List.of(peer), "")));
  }

  /** A router's route: of its own when the next hop is unspecified. */
  static RouteView route(String prefix, String nextHop, String asPath) {
    return new RouteView(
        Prefix.parse(prefix),
        address(nextHop),
        address(nextHop).isAnyLocalAddress() ? "" : nextHop,
        NOW,
        Origin.IGP,
        asPath,
        -1,
        -1,
        List.of(),
        List.of(),
        Selection.BEST);
  }

  static Observed observed(SpeakerState state, RouteView... routes) {
    SortedMap<String, SpeakerState> nodes = new TreeMap<>(Map.of("n1", state));
    return new Observed(nodes, Map.of(ROUTER, List.of(routes)));
  }

  static Set<AddressFamily> both() {
    return EnumSet.allOf(AddressFamily.class);
  }
}

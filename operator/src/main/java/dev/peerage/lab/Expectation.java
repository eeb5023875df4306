package dev.peerage.lab;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.NextHops;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What must be true on the wire when the manifests have come into force. It follows from what the
 * planners told the nodes' speakers, not from any router's table.
 *
 * @param sessions all must be Established
 * @param paths the routers' tables must hold exactly these
 */
record Expectation(Set<Session> sessions, SortedSet<Path> paths) {

  /**
   * A session of a node.
   *
   * @param received routes by family that a router sends, its own and all nodes', also back to who
   *     sent them; no family when the peer is no router of the lab
   */
  record Session(String node, String instance, String peer, Map<AddressFamily, Long> received) {}

  /**
   * A path in a router's table.
   *
   * @param prefix the destination
   * @param nextHop the node, or the unspecified address for the router's own
   * @param asPath as routers print it
   */
  record Path(InetAddress router, Prefix prefix, InetAddress nextHop, String asPath)
      implements Comparable<Path> {
    private static final Comparator<Path> ORDER =
        Comparator.<Path, String>comparing(path -> IpText.of(path.router))
            .thenComparing(Path::prefix)
            .thenComparing(path -> IpText.of(path.nextHop))
            .thenComparing(Path::asPath);

    static Path of(InetAddress router, RouteView view) {
      InetAddress nextHop = view.peer().isEmpty() ? unspecified(view.prefix()) : view.nextHop();
      return new Path(router, view.prefix(), nextHop, view.asPath());
    }

    @Override
    public int compareTo(Path other) {
      return ORDER.compare(this, other);
    }

    /** For example {@code 172.20.0.0/24 via 192.168.10.100, path 65001}. */
    @Override
    public String toString() {
      String destination = IpText.of(prefix.address()) + "/" + prefix.length();
      String way = " via " + RouteView.nextHopText(prefix, nextHop);
      return nextHop.isAnyLocalAddress()
          ? destination + " (its own)"
          : destination + way + (asPath.isEmpty() ? "" : ", path " + asPath);
    }
  }

  private static InetAddress unspecified(Prefix prefix) {
    return InetAddress.ofLiteral(prefix.family() == AddressFamily.IPV4_UNICAST ? "0.0.0.0" : "::");
  }

  static Expectation of(LabPlan plan) {
    Set<Session> sessions = new HashSet<>();
    SortedSet<Path> paths = new TreeSet<>();
    for (RouterPlan router : plan.routers()) {
      router.networks().forEach(n -> paths.add(new Path(router.address(), n, unspecified(n), "")));
    }
    forEachPeer(
        plan,
        (_, instance, peer) ->
            plan.routers().stream()
                .filter(router -> router.address().equals(peer.address()))
                .forEach(router -> paths.addAll(paths(router, instance, peer))));
    forEachPeer(
        plan,
        (node, instance, peer) ->
            sessions.add(
                new Session(node, instance.name(), peer.name(), received(peer, paths, plan))));
    return new Expectation(Set.copyOf(sessions), paths);
  }

  private interface PeerVisitor {
    void visit(String node, DesiredInstance instance, DesiredPeer peer);
  }

  private static void forEachPeer(LabPlan plan, PeerVisitor visitor) {
    plan.nodes()
        .forEach((node, speaker) ->
            speaker
                .instances()
                .forEach(instance ->
                    instance.peers().forEach(peer -> visitor.visit(node, instance, peer))));
  }

  private static Map<AddressFamily, Long> received(
      DesiredPeer peer, SortedSet<Path> paths, LabPlan plan) {
    Map<AddressFamily, Long> received = new EnumMap<>(AddressFamily.class);
    if (plan.routers().stream().anyMatch(r -> r.address().equals(peer.address()))) {
      for (AddressFamily family : peer.session().families()) {
        received.put(
            family,
            paths.stream()
                .filter(path -> path.router().equals(peer.address()))
                .map(Path::prefix)
                .filter(prefix -> prefix.family() == family)
                .distinct()
                .count());
      }
    }
    return received;
  }

  private static List<Path> paths(RouterPlan router, DesiredInstance instance, DesiredPeer peer) {
    InetAddress from =
        switch (peer.endpoint().source()) {
          case Source.Address(InetAddress address) -> address;
          case Source.Any(), Source.Interface(_) ->
              throw new IllegalStateException("peer " + peer.name() + " has no source address");
        };
    // The lab's routers take IPv6 next hops for IPv4 routes on every session over IPv6.
    NextHops nextHops = NextHops.of(from, from instanceof Inet6Address, peer.ownAddresses());
    String asPath = instance.localAsn() == router.asn() ? "" : Long.toString(instance.localAsn());
    return instance.routes().stream()
        .filter(prefix -> peer.session().families().contains(prefix.family()))
        .filter(prefix -> exported(peer.exportPolicy(), prefix))
        .flatMap(prefix ->
            nextHops.of(prefix.family()).stream()
                .map(nextHop -> new Path(router.address(), prefix, nextHop, asPath)))
        .toList();
  }

  private static boolean exported(ExportPolicy policy, Prefix prefix) {
    return switch (policy) {
      case ExportPolicy.All _ -> true;
      case ExportPolicy.Statements(String _, var statements) ->
          statements.stream().anyMatch(statement -> statement.prefixes().contains(prefix));
    };
  }

  /** What is not as it must be, one line each; empty when all is. */
  List<String> differences(Observed observed) {
    List<String> lines = new ArrayList<>();
    sessions.stream()
        .sorted((a, b) -> a.toString().compareTo(b.toString()))
        .forEach(session -> down(session, observed).ifPresent(lines::add));
    SortedSet<Path> real = observed.paths();
    for (Path path : paths) {
      if (!real.contains(path)) {
        lines.add("router " + IpText.of(path.router()) + " lacks " + path);
      }
    }
    for (Path path : real) {
      if (!paths.contains(path)) {
        lines.add(
            "router %s has %s, which the manifests do not imply"
                .formatted(IpText.of(path.router()), path));
      }
    }
    return lines;
  }

  private static Optional<String> down(Session session, Observed observed) {
    SpeakerState state = observed.nodes().getOrDefault(session.node(), SpeakerState.EMPTY);
    for (InstanceState instance : state.instances()) {
      for (PeerState peer : instance.peers()) {
        if (instance.name().equals(session.instance()) && peer.name().equals(session.peer())) {
          return switch (peer.phase()) {
            case PeerState.Phase.Up _ -> incomplete(session, peer);
            case PeerState.Phase.Down _ ->
                Optional.of(
                    WireChanges.session(session.node(), peer) + " is " + WireChanges.state(peer));
          };
        }
      }
    }
    return Optional.of("node " + session.node() + ": no session to " + session.peer());
  }

  private static Optional<String> incomplete(Session session, PeerState peer) {
    for (PeerState.FamilyCount count : peer.families()) {
      Long wanted = session.received().get(count.family());
      if (wanted != null && wanted != count.received()) {
        return Optional.of(
            "node %s: has %d of %d %s routes from %s"
                .formatted(session.node(), count.received(), wanted, count.family(), peer.name()));
      }
    }
    return Optional.empty();
  }
}

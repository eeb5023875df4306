package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one peer sent. Prefixes with equal attributes share one {@link Path}. */
final class AdjRibIn {
  /** A prefix of the {@link PrefixIndex}; each peer that has a route to it is charged for it. */
  private static final int IPV4_PREFIX = 24;

  private static final int IPV6_PREFIX = 36;

  private final RibSettings settings;
  private final RouteBudget budget;
  private final Map<AddressFamily, FamilyRib.Source> routes = new EnumMap<>(AddressFamily.class);
  private final PathSet.Bytes pathBytes = new PathSet.Bytes();

  /** The paths in use. */
  private PathSet paths = new PathSet(pathBytes);

  /** The path of all routes whose attributes are not kept. */
  private @Nullable Path bare;

  private RibPeer facts;
  private long charged;
  private long notKept;

  AdjRibIn(
      RibPeer facts,
      RibSettings settings,
      RouteBudget budget,
      Map<AddressFamily, FamilyRib> families) {
    this.facts = facts;
    this.settings = settings;
    this.budget = budget;
    families.forEach((family, rib) -> routes.put(family, rib.new Source()));
  }

  RibPeer facts() {
    return facts;
  }

  /** The session is a new one. */
  void begin() {
    notKept = 0;
  }

  /** Other facts about the peer count from now on. The sweeps give its routes new paths. */
  List<FamilyRib.Sweep> use(RibPeer next) {
    if (next.equals(facts)) {
      return List.of();
    }
    facts = next;
    paths = new PathSet(pathBytes);
    bare = null;
    return routes.values().stream()
        .map(source ->
            source.replaceAll((path, _) -> path.kept ? path(path.attributes) : barePath()))
        .toList();
  }

  FamilyRib.Source routes(AddressFamily family) {
    return Objects.requireNonNull(routes.get(family));
  }

  boolean isEmpty() {
    return routes.values().stream().allMatch(source -> source.size() == 0);
  }

  void withdraw(PrefixList withdrawn) {
    FamilyRib.Source from = routes(withdrawn.family());
    for (int i = 0; i < withdrawn.size(); i++) {
      from.remove(withdrawn.high(i), withdrawn.low(i), withdrawn.length(i));
    }
  }

  void announce(PathAttributes attributes, PrefixList prefixes, int seconds) {
    FamilyRib.Source to = routes(prefixes.family());
    Path path = path(attributes);
    boolean room = facts.importRoutes() || budget.hasRoomForRoute(bytes());
    for (int i = 0; i < prefixes.size(); i++) {
      if (room || to.holds(prefixes.high(i), prefixes.low(i), prefixes.length(i))) {
        to.put(prefixes.high(i), prefixes.low(i), prefixes.length(i), path, seconds);
      } else {
        notKept++;
      }
    }
    path.release();
  }

  /** The path of an attribute set, to be used at least once or to be released. */
  private Path path(PathAttributes attributes) {
    Path path = paths.get(attributes);
    if (path == null) {
      path = Path.received(facts, attributes, settings, paths);
      if (!facts.importRoutes() && !budget.hasRoomForAttributes(bytes(), path.bytes)) {
        return barePath();
      }
      paths.add(path);
    }
    return path;
  }

  private Path barePath() {
    if (bare == null || bare.references == 0) {
      bare = Path.bare(facts, settings, paths);
    }
    return bare;
  }

  /** Makes the stale routes of a family the least preferred. */
  FamilyRib.Sweep longLived(AddressFamily family) {
    return routes(family)
        .replaceAll((path, stale) ->
            stale && path.kept && !path.longLived ? path(Path.longLived(path.attributes)) : path);
  }

  /** Brings the budget to what is kept now. */
  void settle() {
    long now = bytes();
    budget.charge(now - charged);
    charged = now;
  }

  /** What the routes take of memory. */
  private long bytes() {
    long bytes = pathBytes.sum();
    for (Map.Entry<AddressFamily, FamilyRib.Source> each : routes.entrySet()) {
      bytes += each.getValue().bytes(prefixBytes(each.getKey()));
    }
    return bytes;
  }

  private static int prefixBytes(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> IPV4_PREFIX;
      case IPV6_UNICAST -> IPV6_PREFIX;
    };
  }

  ReceivedRoutes received() {
    int prefixes = 0;
    for (FamilyRib.Source each : routes.values()) {
      prefixes += each.size();
    }
    return new ReceivedRoutes(prefixes, bytes(), notKept, bare != null && bare.references > 0);
  }

  /** The number of attribute sets in use. */
  int distinctPaths() {
    return paths.size();
  }
}

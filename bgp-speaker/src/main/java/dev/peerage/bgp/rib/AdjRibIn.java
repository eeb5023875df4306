package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one peer sent. Prefixes with equal attributes share one {@link Path}. */
final class AdjRibIn {
  private final RibSettings settings;
  private final Map<AddressFamily, FamilyRib.Source> routes = new EnumMap<>(AddressFamily.class);

  /** The paths in use, by what they were made of. */
  private Map<PathAttributes, Path> paths = new HashMap<>();

  private RibPeer facts;

  AdjRibIn(RibPeer facts, RibSettings settings, Map<AddressFamily, FamilyRib> families) {
    this.facts = facts;
    this.settings = settings;
    families.forEach((family, rib) -> routes.put(family, rib.new Source()));
  }

  RibPeer facts() {
    return facts;
  }

  /** Other facts about the peer count from now on. The sweeps give its routes new paths. */
  List<FamilyRib.Sweep> use(RibPeer next) {
    if (next.equals(facts)) {
      return List.of();
    }
    facts = next;
    paths = new HashMap<>();
    return routes.values().stream()
        .map(source -> source.replaceAll((path, _) -> path(path.attributes)))
        .toList();
  }

  FamilyRib.Source routes(AddressFamily family) {
    return Objects.requireNonNull(routes.get(family));
  }

  boolean isEmpty() {
    return routes.values().stream().allMatch(source -> source.size() == 0);
  }

  /** The path of an attribute set, to be used at least once or to be released. */
  Path path(PathAttributes attributes) {
    Path path = paths.get(attributes);
    if (path == null) {
      path = Path.received(facts, attributes, settings, paths);
      paths.put(attributes, path);
    }
    return path;
  }

  /** Makes the stale routes of a family the least preferred. */
  FamilyRib.Sweep longLived(AddressFamily family) {
    return routes(family)
        .replaceAll((path, stale) ->
            stale && !path.longLived ? path(Path.longLived(path.attributes)) : path);
  }

  /** The number of attribute sets in use. */
  int distinctPaths() {
    return paths.size();
  }
}

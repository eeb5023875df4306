package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The routes that one peer sent. Prefixes with equal attributes share one {@link Path}. */
final class AdjRibIn {
  private final RibSettings settings;
  private final Map<PathAttributes, Path> paths = new HashMap<>();
  private final Map<AddressFamily, PrefixTable<Path>> tables = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, Integer> accepted = new EnumMap<>(AddressFamily.class);

  /** The prefixes that were not received again since the family was marked. */
  private final Map<AddressFamily, PrefixTable<Boolean>> stale = new EnumMap<>(AddressFamily.class);

  private RibPeer peer;

  AdjRibIn(RibPeer peer, RibSettings settings) {
    this.peer = peer;
    this.settings = settings;
    for (AddressFamily family : AddressFamily.values()) {
      tables.put(family, new PrefixTable<>(family));
      stale.put(family, new PrefixTable<>(family));
      accepted.put(family, 0);
    }
  }

  RibPeer peer() {
    return peer;
  }

  /** What holds for paths from now on; those in the table stay as they are. */
  void use(RibPeer facts) {
    peer = facts;
    paths.clear();
  }

  PrefixTable<Boolean> stale(AddressFamily family) {
    return Objects.requireNonNull(stale.get(family));
  }

  void markStale(AddressFamily family) {
    table(family)
        .forEach((high, low, length, _, _) -> stale(family).put(high, low, length, true, 0));
  }

  boolean isEmpty() {
    return tables.values().stream().allMatch(table -> table.size() == 0);
  }

  PrefixTable<Path> table(AddressFamily family) {
    return Objects.requireNonNull(tables.get(family));
  }

  int accepted(AddressFamily family) {
    return accepted.getOrDefault(family, 0);
  }

  /** The path of an attribute set, to be used at least once or given to {@link #release}. */
  Path path(PathAttributes attributes) {
    return paths.computeIfAbsent(attributes, each -> Path.received(peer, each, settings));
  }

  /** Whether this changed anything. */
  boolean put(AddressFamily family, long high, long low, int length, Path path, long nowMillis) {
    stale(family).remove(high, low, length);
    Path previous = table(family).put(high, low, length, path, nowMillis);
    if (previous == path) {
      return false;
    }
    path.references++;
    count(family, path, 1);
    if (previous != null) {
      drop(family, previous);
    }
    return true;
  }

  /** Whether this changed anything. */
  boolean remove(AddressFamily family, long high, long low, int length) {
    stale(family).remove(high, low, length);
    @Nullable Path previous = table(family).remove(high, low, length);
    if (previous == null) {
      return false;
    }
    drop(family, previous);
    return true;
  }

  private void drop(AddressFamily family, Path path) {
    path.references--;
    count(family, path, -1);
    release(path);
  }

  /** Forgets a path that no prefix has. */
  void release(Path path) {
    if (path.references == 0) {
      paths.remove(path.attributes, path);
    }
  }

  private void count(AddressFamily family, Path path, int difference) {
    if (path.accepted) {
      accepted.merge(family, difference, Integer::sum);
    }
  }

  /** The number of attribute sets in use. */
  int distinctPaths() {
    return paths.size();
  }
}

package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Routes copied out of a table, some words each, so that they can be made into objects, sorted and
 * ranked elsewhere.
 */
final class RouteSnapshot {
  private final PrefixList.Builder prefixes;
  private int[] starts;
  private Path[] paths;
  private int[] seconds;
  private int count;

  RouteSnapshot(AddressFamily family, int expected) {
    prefixes = new PrefixList.Builder(family, expected);
    starts = new int[expected + 1];
    paths = new Path[expected];
    seconds = new int[expected];
  }

  /** The next prefix; its routes follow. */
  void prefix(long high, long low, int length) {
    starts[prefixes.size()] = count;
    prefixes.add(high, low, length);
    starts[prefixes.size()] = count;
  }

  /** A route to the last prefix. */
  void route(Path path, int sinceSeconds) {
    if (count == paths.length) {
      paths = Arrays.copyOf(paths, 2 * count);
      seconds = Arrays.copyOf(seconds, 2 * count);
    }
    paths[count] = path;
    seconds[count++] = sinceSeconds;
    starts[prefixes.size()] = count;
  }

  /** Those that the decision process considers, the best one of each prefix first. */
  RouteListing accepted(boolean relax) {
    return listing(path -> path.accepted, relax);
  }

  RouteListing of(String peer, boolean relax) {
    return listing(path -> path.peer.equals(peer), relax);
  }

  private RouteListing listing(Predicate<Path> shown, boolean relax) {
    PrefixList list = prefixes.build();
    return () -> {
      List<Route> routes = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        List<Path> candidates = Arrays.asList(paths).subList(starts[i], starts[i + 1]);
        List<Path> used =
            DecisionProcess.used(candidates.stream().filter(path -> path.accepted).toList(), relax);
        for (int at = starts[i]; at < starts[i + 1]; at++) {
          if (shown.test(paths[at])) {
            routes.add(route(list.prefix(i), at, used));
          }
        }
      }
      routes.sort(
          Comparator.comparing(Route::prefix)
              .thenComparing(Route::selection)
              .thenComparing(Route::peer));
      return routes;
    };
  }

  private Route route(Prefix prefix, int at, List<Path> used) {
    Path path = paths[at];
    return new Route(
        prefix,
        path.attributes,
        path.peer,
        since(seconds[at]),
        path.kept ? selection(path, used) : Selection.NOT_KEPT);
  }

  /** Unsigned, so that it holds until 2106. */
  private static Instant since(int seconds) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds));
  }

  private static Selection selection(Path path, List<Path> used) {
    if (!path.accepted) {
      return Selection.REJECTED;
    }
    if (path == used.getFirst()) {
      return Selection.BEST;
    }
    return used.contains(path) ? Selection.MULTIPATH : Selection.VALID;
  }
}

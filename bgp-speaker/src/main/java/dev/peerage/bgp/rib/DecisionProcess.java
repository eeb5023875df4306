package dev.peerage.bgp.rib;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Chooses among the paths to one prefix (RFC 4271 section 9.1.2.2) by leaving out, step by step,
 * what is worse: locally originated first, then LOCAL_PREF, AS_PATH length, ORIGIN, MED among paths
 * of the same neighbor AS, external before internal; then the lowest identifier and address. The
 * answer does not depend on the order of arrival.
 */
final class DecisionProcess {
  private DecisionProcess() {}

  /** The best of at least one path. */
  static Path best(List<Path> candidates) {
    return candidates.size() == 1
        ? candidates.getFirst()
        : Collections.min(equal(candidates), Path::compareTieBreakers);
  }

  /** The paths that are used: the best one first, then those as good as it. */
  static List<Path> used(List<Path> candidates, boolean relax) {
    List<Path> equal = equal(candidates);
    equal.sort(Path::compareTieBreakers);
    Path best = equal.getFirst();
    equal.removeIf(path -> path != best && !relax && !path.asPath.equals(best.asPath));
    return equal;
  }

  private static List<Path> equal(List<Path> candidates) {
    List<Path> paths = new ArrayList<>(candidates);
    keepLowest(paths, path -> path.longLived ? 1 : 0); // RFC 9494 section 4.3
    keepLowest(paths, path -> path.kind == Path.Kind.LOCAL ? 0 : 1);
    keepLowest(paths, path -> -path.localPref);
    keepLowest(paths, path -> path.asPathLength);
    keepLowest(paths, path -> path.origin);
    dropHigherMed(paths);
    keepLowest(paths, path -> path.kind == Path.Kind.INTERNAL ? 1 : 0);
    return paths;
  }

  private static void keepLowest(List<Path> paths, ToLongFunction<Path> rank) {
    if (paths.size() < 2) {
      return;
    }
    long lowest = Long.MAX_VALUE;
    for (Path path : paths) {
      lowest = Math.min(lowest, rank.applyAsLong(path));
    }
    long kept = lowest;
    paths.removeIf(path -> rank.applyAsLong(path) > kept);
  }

  /** Step (c): MEDs of different neighbors cannot be compared. */
  private static void dropHigherMed(List<Path> paths) {
    if (paths.size() < 2) {
      return;
    }
    List<Path> all = List.copyOf(paths);
    paths.removeIf(path ->
        all.stream()
            .anyMatch(other -> other.neighborAsn == path.neighborAsn && other.med < path.med));
  }
}

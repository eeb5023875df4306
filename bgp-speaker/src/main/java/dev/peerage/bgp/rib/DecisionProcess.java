package dev.peerage.bgp.rib;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the paths to one prefix (RFC 4271 section 9.1.2.2) by leaving out, step by step,
 * what is worse: what is stale for long (RFC 9494 section 4.3), then received paths where there is
 * a local one, then by LOCAL_PREF, AS_PATH length, ORIGIN, MED among paths of the same neighbor AS,
 * external before internal; then the lowest identifier and address. The answer does not depend on
 * the order of arrival.
 *
 * <p>There is no step (e): Peerage knows no interior cost, so that all next hops are equally near.
 *
 * <p>Reused from prefix to prefix, so that a decision allocates nothing.
 */
final class DecisionProcess {
  private Path[] paths = new Path[8];
  private int count;

  /** Begins with the next prefix. */
  void start() {
    count = 0;
  }

  /** Adds a path that may be used. */
  void add(Path path) {
    if (count == paths.length) {
      Path[] more = new Path[2 * count];
      System.arraycopy(paths, 0, more, 0, count);
      paths = more;
    }
    paths[count++] = path;
  }

  /** The best of the added paths, if any. The next thing to call is {@link #start}. */
  @Nullable Path best() {
    if (count == 0) {
      return null;
    }
    keepEqual();
    Path best = paths[0];
    for (int i = 1; i < count; i++) {
      if (Path.compareTieBreakers(paths[i], best) < 0) {
        best = paths[i];
      }
    }
    return best;
  }

  /** The paths that are used: the best one first, then those as good as it. */
  static List<Path> used(List<Path> candidates, boolean relax) {
    var decision = new DecisionProcess();
    candidates.forEach(decision::add);
    decision.keepEqual();
    List<Path> equal = new ArrayList<>(decision.count);
    for (int i = 0; i < decision.count; i++) {
      equal.add(decision.paths[i]);
    }
    equal.sort(Path::compareTieBreakers);
    if (!relax && equal.size() > 1) {
      Path best = equal.getFirst();
      equal.removeIf(path -> path != best && !path.asPath.equals(best.asPath));
    }
    return equal;
  }

  /** Leaves those among which only the tie-breakers (f) and (g) decide. */
  private void keepEqual() {
    if (count > 1) {
      keepBestRank();
    }
    if (count > 1) {
      dropHigherMed();
    }
    if (count > 1) {
      preferExternal();
    }
  }

  /** The steps up to (b): a total order. */
  private void keepBestRank() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      best = Math.min(best, paths[i].rank);
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (paths[i].rank == best) {
        paths[kept++] = paths[i];
      }
    }
    count = kept;
  }

  /**
   * Step (c): MEDs of different neighbors cannot be compared, hence not by pairs from left to right
   * but each path with all others. The path with a neighbor's lowest MED stays throughout, so that
   * what was left out before it need not be looked at.
   */
  private void dropHigherMed() {
    if (sameMed()) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Path path = paths[i];
      if (!hasLowerMed(path, 0, kept) && !hasLowerMed(path, i + 1, count)) {
        paths[kept++] = path;
      }
    }
    count = kept;
  }

  private boolean sameMed() {
    for (int i = 1; i < count; i++) {
      if (paths[i].med != paths[0].med) {
        return false;
      }
    }
    return true;
  }

  private boolean hasLowerMed(Path than, int from, int to) {
    for (int i = from; i < to; i++) {
      if (paths[i].med < than.med && paths[i].neighborAsn == than.neighborAsn) {
        return true;
      }
    }
    return false;
  }

  /** Step (d). */
  private void preferExternal() {
    int external = 0;
    for (int i = 0; i < count; i++) {
      if (paths[i].kind != Path.Kind.INTERNAL) {
        paths[external++] = paths[i];
      }
    }
    if (external > 0) {
      count = external;
    }
  }
}

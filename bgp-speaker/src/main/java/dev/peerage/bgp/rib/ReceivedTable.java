package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Some of the routes of a {@link FamilyRib}, ranked among all that there are to their prefix. */
final class ReceivedTable implements ReadTable {
  private final AddressFamily family;
  private final FamilyRib rib;
  private final Predicate<Path> shown;
  private final boolean relax;

  /**
   * Reads nothing yet.
   *
   * @param shown which routes belong to the table
   * @param relax as {@link RibSettings#multipathRelax}
   */
  ReceivedTable(AddressFamily family, FamilyRib rib, Predicate<Path> shown, boolean relax) {
    this.family = family;
    this.rib = rib;
    this.shown = shown;
    this.relax = relax;
  }

  @Override
  public long visit(long from, int limit, Visitor visitor) {
    return rib.forEachPrefix((int) from, limit, shown, visitor);
  }

  @Override
  public void read(long high, long low, int length, List<Route> to) {
    List<Path> paths = new ArrayList<>();
    List<Instant> since = new ArrayList<>();
    rib.forEachRoute(
        high,
        low,
        length,
        (path, seconds) -> {
          paths.add(path);
          since.add(Instant.ofEpochSecond(Integer.toUnsignedLong(seconds))); // holds until 2106
        });
    List<Path> used =
        DecisionProcess.used(paths.stream().filter(path -> path.accepted).toList(), relax);
    var prefix = new Prefix(family, high, low, length);
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      if (shown.test(path)) {
        routes.add(
            new Route(
                prefix,
                path.attributes,
                path.peer,
                since.get(i),
                selection(path, used),
                path.verdict));
      }
    }
    routes.sort(Comparator.comparing(Route::selection).thenComparing(Route::peer));
    to.addAll(routes);
  }

  private static Selection selection(Path path, List<Path> used) {
    if (!path.kept) {
      return Selection.NOT_KEPT;
    }
    if (!path.accepted) {
      return Selection.REJECTED;
    }
    if (path == used.getFirst()) {
      return Selection.BEST;
    }
    return used.contains(path) ? Selection.MULTIPATH : Selection.VALID;
  }
}

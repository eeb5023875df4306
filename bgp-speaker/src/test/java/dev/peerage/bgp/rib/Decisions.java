package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.PathAttribute;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The decision process written down as RFC 4271 section 9.1.2.2 has it, without any haste. */
final class Decisions {
  private Decisions() {}

  static Path best(List<Path> candidates) {
    List<Path> paths = new ArrayList<>(candidates);
    keepLowest(paths, path -> path.attributes.communities().contains(Community.LLGR_STALE) ? 1 : 0);
    keepLowest(paths, path -> path == Path.LOCAL ? 0 : 1);
    keepLowest(
        paths,
        path ->
            path.kind == Path.Kind.INTERNAL && path.attributes.localPref() >= 0
                ? -path.attributes.localPref()
                : -100);
    keepLowest(paths, path -> path.attributes.asPath().length());
    keepLowest(paths, path -> path.attributes.origin().code());
    List<Path> all = List.copyOf(paths);
    paths.removeIf(path ->
        all.stream()
            .anyMatch(other ->
                other.neighborAsn == path.neighborAsn
                    && Math.max(0, other.attributes.med()) < Math.max(0, path.attributes.med())));
    keepLowest(paths, path -> path.kind == Path.Kind.INTERNAL ? 1 : 0);
    return paths.stream().min(Comparator.comparing(path -> path, Path::compareTieBreakers)).get();
  }

  /** The CLUSTER_LIST of these identifiers. */
  static PathAttribute clusters(String... ids) {
    List<Inet4Address> list = new ArrayList<>();
    for (String id : ids) {
      list.add(Inet4Address.ofLiteral(id));
    }
    return new PathAttribute.ClusterList(list);
  }

  private static void keepLowest(List<Path> paths, ToLongFunction<Path> rank) {
    long lowest = paths.stream().mapToLong(rank).min().orElse(0);
    paths.removeIf(path -> rank.applyAsLong(path) > lowest);
  }
}

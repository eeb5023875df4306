package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.BestPaths;
import dev.peerage.bgp.wire.AddressFamily;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The adj-rib-ins of all peers and the loc-rib of one family in one table. The routes to a prefix
 * are a chain, the best one first: then nothing but that order says which one it is. Routes that
 * may not be used come behind it.
 *
 * <p>Of a peer's route there are 16 bytes: its prefix, its path and staleness, when it came, the
 * next one of the chain.
 */
final class FamilyRib {
  private static final int PREFIX = 0;
  private static final int PATH = 1;
  private static final int SINCE = 2;
  private static final int NEXT = 3;
  private static final int END = -1;
  private static final int STALE = 0x8000_0000;

  private final AddressFamily family;
  private final PathTable paths;
  private final BestPathListener listener;
  private final DecisionProcess decision = new DecisionProcess();
  private final PrefixIndex prefixes;
  private final Slab routes = new Slab(4);

  /** How many prefixes have a best path. */
  private int usable;

  FamilyRib(AddressFamily family, PathTable paths, BestPathListener listener) {
    this.family = family;
    this.paths = paths;
    this.listener = listener;
    this.prefixes = new PrefixIndex(family);
  }

  /** The routes of this family that one peer sent, or the local ones. */
  final class Source {
    private final Slab.Owner owner = routes.new Owner();
    private int accepted;

    int size() {
      return owner.size();
    }

    /** How many of them the decision process considers. */
    int accepted() {
      return accepted;
    }

    /** What they take of memory, with so many bytes for each prefix. */
    long bytes(int prefix) {
      return owner.bytes() + (long) prefix * owner.size();
    }

    boolean holds(long high, long low, int length) {
      int prefix = prefixes.find(high, low, length);
      return prefix >= 0 && find(prefix) != END;
    }

    /** Sets the path to a prefix, which is not stale then. */
    void put(long high, long low, int length, Path path, int seconds) {
      int prefix = prefixes.find(high, low, length);
      if (prefix < 0) {
        int route = allocate(END, path, seconds);
        prefix = prefixes.add(high, low, length, route);
        routes.set(route, PREFIX, prefix);
        if (path.accepted) {
          decided(prefix, null, path);
        }
        return;
      }
      @Nullable Path before = best(prefix);
      int route = find(prefix);
      if (route == END) {
        // Behind the first one, so that the best one stays where it is for now.
        int head = prefixes.head(prefix);
        route = allocate(routes.get(head, NEXT), path, seconds);
        routes.set(route, PREFIX, prefix);
        routes.set(head, NEXT, route);
      } else if (!replace(route, path)) {
        return;
      }
      decide(prefix, before);
    }

    void remove(long high, long low, int length) {
      int prefix = prefixes.find(high, low, length);
      int route = prefix < 0 ? END : find(prefix);
      if (route != END) {
        remove(route);
      }
    }

    Sweep markStale() {
      return new Sweep(owner, route -> routes.set(route, PATH, routes.get(route, PATH) | STALE));
    }

    /** Drops the stale routes with such paths. */
    Sweep purgeStale(Predicate<Path> which) {
      return new Sweep(
          owner,
          route -> {
            if (routes.get(route, PATH) < 0 && which.test(path(route))) {
              remove(route);
            }
          });
    }

    /** Gives other paths to all routes; what is stale stays stale. */
    Sweep replaceAll(BiFunction<Path, Boolean, Path> other) {
      return new Sweep(
          owner,
          route -> {
            int prefix = routes.get(route, PREFIX);
            @Nullable Path before = best(prefix);
            boolean stale = routes.get(route, PATH) < 0;
            if (replace(route, other.apply(path(route), stale))) {
              decide(prefix, before);
            }
            if (stale) {
              routes.set(route, PATH, routes.get(route, PATH) | STALE);
            }
          });
    }

    private int allocate(int next, Path path, int seconds) {
      int route = owner.allocate();
      paths.use(path);
      count(path, 1);
      routes.set(route, PATH, path.number);
      routes.set(route, SINCE, seconds);
      routes.set(route, NEXT, next);
      return route;
    }

    /** Whether the path is another one. */
    private boolean replace(int route, Path path) {
      Path previous = path(route);
      if (previous == path) {
        routes.set(route, PATH, path.number);
        return false;
      }
      paths.use(path);
      count(path, 1);
      routes.set(route, PATH, path.number);
      paths.drop(previous);
      count(previous, -1);
      return true;
    }

    private void remove(int route) {
      int prefix = routes.get(route, PREFIX);
      @Nullable Path before = best(prefix);
      Path path = path(route);
      int next = routes.get(route, NEXT);
      int head = prefixes.head(prefix);
      owner.free(route);
      paths.drop(path);
      count(path, -1);
      if (head != route) {
        int at = head;
        while (routes.get(at, NEXT) != route) {
          at = routes.get(at, NEXT);
        }
        routes.set(at, NEXT, next);
      } else if (next != END) {
        prefixes.head(prefix, next);
      } else {
        gone(prefix, before);
        return;
      }
      decide(prefix, before);
    }

    private int find(int prefix) {
      int route = prefixes.head(prefix);
      while (route != END && routes.owner(route) != owner) {
        route = routes.get(route, NEXT);
      }
      return route;
    }

    private void count(Path path, int difference) {
      if (path.accepted) {
        accepted += difference;
      }
    }
  }

  /** Something that is done with all routes of a source, some at a time. */
  static final class Sweep {
    private final Slab.Owner owner;
    private final IntConsumer work;
    private int at;

    private Sweep(Slab.Owner owner, IntConsumer work) {
      this.owner = owner;
      this.work = work;
    }

    boolean isDone() {
      return at == Slab.END;
    }

    /** Goes on with so many routes; returns how many they were. */
    int advance(int limit) {
      int left = owner.extent() - at;
      at = owner.forEach(at, limit, work);
      return Math.clamp(left, 0, limit);
    }

    void finish() {
      advance(Integer.MAX_VALUE);
    }
  }

  /** The number of prefixes with a best path. */
  int size() {
    return usable;
  }

  @Nullable Path best(long high, long low, int length) {
    int prefix = prefixes.find(high, low, length);
    return prefix < 0 ? null : best(prefix);
  }

  /** As {@link Slab.Owner#forEach(int, int, IntConsumer)}, of prefixes. */
  int forEachBest(int from, int limit, BestPaths.Visitor visitor) {
    return prefixes.forEach(
        from,
        limit,
        prefix -> {
          Path best = best(prefix);
          if (best != null) {
            visitor.visit(
                prefixes.high(prefix), prefixes.low(prefix), prefixes.length(prefix), best);
          }
        });
  }

  /** As {@link Slab.Owner#forEach(int, int, IntConsumer)}, of prefixes with such a path. */
  int forEachPrefix(int from, int limit, Predicate<Path> which, ReadTable.Visitor visitor) {
    return prefixes.forEach(
        from,
        limit,
        prefix -> {
          int at = prefixes.head(prefix);
          while (at != END && !which.test(path(at))) {
            at = routes.get(at, NEXT);
          }
          if (at != END) {
            visitor.visit(prefixes.high(prefix), prefixes.low(prefix), prefixes.length(prefix));
          }
        });
  }

  /** Visits the routes to a prefix, whose moments are in seconds. */
  void forEachRoute(long high, long low, int length, ObjIntConsumer<Path> visitor) {
    int prefix = prefixes.find(high, low, length);
    int at = prefix < 0 ? END : prefixes.head(prefix);
    for (; at != END; at = routes.get(at, NEXT)) {
      visitor.accept(path(at), routes.get(at, SINCE));
    }
  }

  private Path path(int route) {
    return paths.get(routes.get(route, PATH) & ~STALE);
  }

  private @Nullable Path best(int prefix) {
    Path path = path(prefixes.head(prefix));
    return path.accepted ? path : null;
  }

  /** Puts the best route in front. */
  private void decide(int prefix, @Nullable Path before) {
    decision.start();
    for (int at = prefixes.head(prefix); at != END; at = routes.get(at, NEXT)) {
      Path path = path(at);
      if (path.accepted) {
        decision.add(path);
      }
    }
    @Nullable Path best = decision.best();
    if (best != null) {
      toFront(prefix, best);
    }
    if (best != before) {
      decided(prefix, before, best);
    }
  }

  private void toFront(int prefix, Path best) {
    int head = prefixes.head(prefix);
    if (path(head) == best) {
      return;
    }
    int previous = head;
    int at = routes.get(head, NEXT);
    while (path(at) != best) {
      previous = at;
      at = routes.get(at, NEXT);
    }
    routes.set(previous, NEXT, routes.get(at, NEXT));
    routes.set(at, NEXT, head);
    prefixes.head(prefix, at);
  }

  /** The last route to a prefix is gone. */
  private void gone(int prefix, @Nullable Path before) {
    long high = prefixes.high(prefix);
    long low = prefixes.low(prefix);
    int length = prefixes.length(prefix);
    prefixes.remove(prefix);
    if (before != null) {
      usable--;
      listener.changed(family, high, low, length, isLearned(before));
    }
  }

  private static boolean isLearned(@Nullable Path path) {
    return path == null || path.kind != Path.Kind.LOCAL;
  }

  private void decided(int prefix, @Nullable Path before, @Nullable Path best) {
    usable += (best == null ? 0 : 1) - (before == null ? 0 : 1);
    listener.changed(
        family,
        prefixes.high(prefix),
        prefixes.low(prefix),
        prefixes.length(prefix),
        isLearned(before) && isLearned(best));
  }
}

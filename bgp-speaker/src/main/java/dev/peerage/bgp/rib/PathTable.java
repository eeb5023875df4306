package dev.peerage.bgp.rib;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers for the paths in use, so that a route has 4 bytes of its path. */
final class PathTable {
  private static final int NONE = -1;

  private @Nullable Path[] paths = new Path[16];

  /** For a free number the next free one. */
  private int[] nextFree = new int[16];

  private int free = NONE;
  private int used;

  PathTable() {
    paths[Path.LOCAL.number] = Path.LOCAL;
    used = 1;
  }

  Path get(int number) {
    Path path = paths[number];
    if (path == null) {
      throw new IllegalStateException("no path has the number " + number);
    }
    return path;
  }

  /** A route has the path. */
  void use(Path path) {
    if (path.kind == Path.Kind.LOCAL) {
      return;
    }
    if (path.references++ == 0) {
      path.number = number();
      paths[path.number] = path;
      path.home.used(path);
    }
  }

  /** A route has the path no more. */
  void drop(Path path) {
    if (path.kind == Path.Kind.LOCAL) {
      return;
    }
    if (--path.references == 0) {
      paths[path.number] = null;
      nextFree[path.number] = free;
      free = path.number;
      path.home.dropped(path);
      path.forget();
    }
  }

  private int number() {
    if (free != NONE) {
      int number = free;
      free = nextFree[number];
      return number;
    }
    if (used == paths.length) {
      paths = Arrays.copyOf(paths, 2 * used);
      nextFree = Arrays.copyOf(nextFree, 2 * used);
    }
    return used++;
  }
}

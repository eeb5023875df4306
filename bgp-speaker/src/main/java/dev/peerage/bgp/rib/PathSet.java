package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.PathAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one peer's routes, by what they were made of, and what they take of memory while
 * routes have them.
 */
final class PathSet {
  private final Map<PathAttributes, Path> paths = new HashMap<>();
  private final Bytes bytes;

  /** What all paths of a peer take that are in use, also those of facts that count no more. */
  static final class Bytes {
    private long sum;

    long sum() {
      return sum;
    }
  }

  PathSet(Bytes bytes) {
    this.bytes = bytes;
  }

  @Nullable Path get(PathAttributes attributes) {
    return paths.get(attributes);
  }

  void add(Path path) {
    paths.put(path.attributes, path);
  }

  void remove(Path path) {
    paths.remove(path.attributes, path);
  }

  int size() {
    return paths.size();
  }

  /** A first route has the path. */
  void used(Path path) {
    bytes.sum += path.bytes;
  }

  /** No route has the path any more. */
  void dropped(Path path) {
    bytes.sum -= path.bytes;
  }
}

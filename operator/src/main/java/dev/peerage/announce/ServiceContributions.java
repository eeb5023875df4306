package dev.peerage.announce;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What each Service adds to a plan, in order. One thread changes it while others read. */
final class ServiceContributions {
  private final NavigableMap<ServiceKey, Contribution> byKey = new ConcurrentSkipListMap<>();

  @Nullable Contribution get(ServiceKey key) {
    return byKey.get(key);
  }

  void put(ServiceKey key, Contribution contribution) {
    byKey.put(key, contribution);
  }

  void remove(ServiceKey key) {
    byKey.remove(key);
  }

  /** All of them, as they are while they are read. */
  Collection<Contribution> all() {
    return byKey.values();
  }
}

package dev.peerage.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who holds which router ID of a pool. The lowest free one is given out. */
final class RouterIds {
  private final RouterIdPool pool;
  private final Map<Long, Holder> holders = new HashMap<>();
  private final Map<String, Map<String, Long>> held = new HashMap<>();

  /** Free ones below {@link #next}. */
  private final TreeSet<Long> free = new TreeSet<>();

  private long next;
  private boolean released;

  /** An instance on a node. */
  record Holder(String node, String instance) {
    @Override
    public String toString() {
      return node + "/" + instance;
    }
  }

  RouterIds(RouterIdPool pool) {
    this.pool = pool;
    next = pool.first();
  }

  /** Whether the pool gives this router ID out. */
  boolean contains(long id) {
    return pool.contains(id);
  }

  /** Who has this router ID. */
  Optional<Holder> holder(long id) {
    return Optional.ofNullable(holders.get(id));
  }

  /**
   * Takes a certain router ID of the pool, and releases the one that the holder had.
   *
   * @return who has it instead, if somebody else does; then nothing has changed
   */
  Optional<Holder> claim(Holder holder, long id) {
    RouterIds.Holder other = holders.get(id);
    if (other != null) {
      return other.equals(holder) ? Optional.empty() : Optional.of(other);
    }
    release(holder);
    take(holder, id);
    return Optional.empty();
  }

  /** What the holder has, else the lowest that is free; empty when none is. */
  OptionalLong allocate(Holder holder) {
    Long has = of(holder.node).get(holder.instance);
    if (has != null) {
      return OptionalLong.of(has);
    }
    while (next <= pool.last() && holders.containsKey(next)) {
      next++;
    }
    long lowest = free.isEmpty() ? next : free.getFirst();
    if (lowest > pool.last()) {
      return OptionalLong.empty();
    }
    take(holder, lowest);
    return OptionalLong.of(lowest);
  }

  /** What the instances of a node hold, by instance. */
  Map<String, Long> of(String node) {
    return held.getOrDefault(node, Map.of());
  }

  /** Releases the router IDs of all other instances of the node. */
  void retain(String node, Set<String> instances) {
    for (String instance : Set.copyOf(of(node).keySet())) {
      if (!instances.contains(instance)) {
        release(new Holder(node, instance));
      }
    }
  }

  void release(Holder holder) {
    Map<String, Long> ids = held.get(holder.node);
    Long id = ids == null ? null : ids.remove(holder.instance);
    if (ids == null || id == null) {
      return;
    }
    if (ids.isEmpty()) {
      held.remove(holder.node);
    }
    holders.remove(id);
    if (id < next) {
      free.add(id);
    }
    released = true;
  }

  /** Whether any router ID was released since this was last asked. */
  boolean released() {
    boolean since = released;
    released = false;
    return since;
  }

  private void take(Holder holder, long id) {
    holders.put(id, holder);
    held.computeIfAbsent(holder.node, _ -> new TreeMap<>()).put(holder.instance, id);
    free.remove(id);
    if (id == next) {
      next++;
    }
  }
}

package dev.peerage.lbipam;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Services that lack an address, and those of them that a free one may help. */
final class Waiting {
  private final Set<Entry> all = new HashSet<>();

  /** By family and pools, which many have in common; of these the oldest is found at once. */
  private final Map<Wish, TreeSet<Entry>> byWish = new HashMap<>();

  private final Map<Entry, List<Wish>> wishes = new HashMap<>();
  private final Map<Ip, TreeSet<Entry>> byRequest = new HashMap<>();
  private final Map<String, TreeSet<Entry>> byKey = new HashMap<>();

  /** Any address of a family from one of these pools, which are all full. */
  private record Wish(boolean v6, List<Pool> pools) {}

  /** Adds a Service that lacks an address. */
  void add(Entry entry) {
    all.add(entry);
    for (Ip ip : entry.requested) {
      byRequest.computeIfAbsent(ip, _ -> new TreeSet<>()).add(entry);
    }
    if (!entry.sharing.key().isEmpty()) {
      byKey.computeIfAbsent(entry.sharing.key(), _ -> new TreeSet<>()).add(entry);
    }
  }

  /** The Service would be content with any address of a family from these pools. */
  void forAny(Entry entry, boolean v6, List<Pool> pools) {
    if (!pools.isEmpty()) { // Else only a change of the pools can help.
      var wish = new Wish(v6, List.copyOf(pools));
      byWish.computeIfAbsent(wish, _ -> new TreeSet<>()).add(entry);
      wishes.computeIfAbsent(entry, _ -> new ArrayList<>(1)).add(wish);
    }
  }

  void remove(Entry entry) {
    if (!all.remove(entry)) {
      return;
    }
    List<Waiting.Wish> wanted = wishes.remove(entry);
    if (wanted != null) {
      wanted.forEach(wish -> remove(byWish, wish, entry));
    }
    entry.requested.forEach(ip -> remove(byRequest, ip, entry));
    remove(byKey, entry.sharing.key(), entry);
  }

  private static <K> void remove(Map<K, TreeSet<Entry>> sets, K key, Entry entry) {
    sets.computeIfPresent(
        key,
        (_, set) -> {
          set.remove(entry);
          return set.isEmpty() ? null : set;
        });
  }

  /** All that asked for this very address: one of them may share it now. */
  Collection<Entry> requestedBy(Ip ip) {
    return byRequest.getOrDefault(ip, new TreeSet<>());
  }

  /** All that may share what a Service with their key has or had. */
  Collection<Entry> withKeyOf(Entry other) {
    return byKey.getOrDefault(other.sharing.key(), new TreeSet<>());
  }

  /** All that asked for this very address, and the oldest of those that any address would help. */
  Collection<Entry> wantedBy(Ip ip, List<Pool> in) {
    var wanted = new ArrayList<>(requestedBy(ip));
    byWish.forEach((wish, entries) -> {
      if (wish.v6 == ip.v6() && wish.pools.stream().anyMatch(in::contains)) {
        wanted.add(entries.first());
      }
    });
    return wanted;
  }

  int size() {
    return all.size();
  }
}

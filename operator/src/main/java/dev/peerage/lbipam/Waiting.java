package dev.peerage.lbipam;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The Services that lack an address, and those of them that a free one may help. */
final class Waiting {
  private final TreeSet<Entry> anyAddress = new TreeSet<>();
  private final Map<Ip, TreeSet<Entry>> byRequest = new HashMap<>();
  private int size;

  void add(Entry entry) {
    var added = false;
    if (entry.requested.isEmpty()) {
      added = anyAddress.add(entry);
    } else {
      for (var ip : entry.requested) {
        added |= byRequest.computeIfAbsent(ip, _ -> new TreeSet<>()).add(entry);
      }
    }
    size += added ? 1 : 0;
  }

  void remove(Entry entry) {
    var removed = false;
    if (entry.requested.isEmpty()) {
      removed = anyAddress.remove(entry);
    } else {
      for (var ip : entry.requested) {
        var set = byRequest.get(ip);
        if (set != null) {
          removed |= set.remove(entry);
          if (set.isEmpty()) {
            byRequest.remove(ip);
          }
        }
      }
    }
    size -= removed ? 1 : 0;
  }

  /** All that asked for this very address: one of them may share it now. */
  Collection<Entry> requestedBy(Ip ip) {
    return byRequest.getOrDefault(ip, new TreeSet<>());
  }

  /** All that asked for this very address, and the oldest of those that any address would help. */
  Collection<Entry> wantedBy(Ip ip, List<Pool> in) {
    var wanted = new ArrayList<>(requestedBy(ip));
    anyAddress.stream()
        .filter(entry ->
            entry.claim.families().contains(ip.v6())
                && entry.assigned.stream().noneMatch(has -> has.v6() == ip.v6())
                && in.stream().anyMatch(pool -> pool.gives() && pool.selects(entry.claim.labels())))
        .findFirst()
        .ifPresent(wanted::add);
    return wanted;
  }

  int size() {
    return size;
  }
}

package dev.peerage.cluster;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The votes for one ClusterConfig, counted. */
final class Tally {
  int selected;

  /** The number of nodes that each rival has. */
  final SortedMap<String, Integer> rivals = new TreeMap<>();

  final TreeSet<String> ownerless = new TreeSet<>();

  /** What is wrong with router IDs, by node. */
  final SortedMap<String, RouterIdTrouble> routerIds = new TreeMap<>();

  /** A copy that later votes do not change. */
  Tally copy() {
    var copy = new Tally();
    copy.selected = selected;
    copy.rivals.putAll(rivals);
    copy.ownerless.addAll(ownerless);
    copy.routerIds.putAll(routerIds);
    return copy;
  }

  void add(Vote vote) {
    selected++;
    vote.rival().ifPresent(rival -> rivals.merge(rival, 1, Integer::sum));
    if (vote.ownerless()) {
      ownerless.add(vote.node());
    }
    vote.routerIds().ifPresent(trouble -> routerIds.put(vote.node(), trouble));
  }

  void remove(Vote vote) {
    selected--;
    vote.rival()
        .ifPresent(rival -> rivals.computeIfPresent(rival, (_, n) -> n == 1 ? null : n - 1));
    ownerless.remove(vote.node());
    routerIds.remove(vote.node());
  }
}

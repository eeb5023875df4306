package dev.peerage.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which NodeConfigs may be deleted when: each deletion ends a node's sessions. As long as few nodes
 * lose theirs, at once. Once more than a tenth of all would have lost them within a minute, none
 * goes at once any more and one a second goes, so that somebody who has mistyped a selector, or
 * lost the labels of all nodes, has the time to put it right. Ten may always go at once: a small
 * cluster is not held up, and so few nodes are within what an operator of a network drains by hand.
 *
 * <p>No clock: time comes with the calls. Not for several threads.
 */
final class DeletionBudget {
  /** This many NodeConfigs may always be deleted at once. */
  static final int FLOOR = 10;

  /** The share that may be deleted at once: one in this many. */
  static final int SHARE = 10;

  /** How long a deletion counts towards what may be deleted at once. */
  static final Duration MEMORY = Duration.ofMinutes(1);

  /** The time between two deletions that were held back. */
  static final Duration PACE = Duration.ofSeconds(1);

  /** The uid of the owner of each NodeConfig that has to go, by node. */
  private final SortedMap<String, String> due = new TreeMap<>();

  private final Map<String, Instant> deleted = new HashMap<>();
  private Optional<Hold> hold = Optional.empty();
  private Instant next = Instant.MIN;

  /**
   * Why deletions are held back.
   *
   * @param limit how many may be deleted at once
   * @param total how many NodeConfigs there were
   */
  record Hold(int limit, int total) {}

  /** The NodeConfig of a node has to go; its owner's uid says whose it is. */
  void due(String node, String owner) {
    due.put(node, owner);
  }

  /** The NodeConfig of a node may stay, or is there again. */
  void stays(String node) {
    due.remove(node);
    deleted.remove(node);
    release();
  }

  /** The node has no NodeConfig, or one that need not go. */
  void gone(String node) {
    due.remove(node);
    release();
  }

  /** The NodeConfig of a node has been deleted. */
  void deleted(String node, Instant now) {
    due.remove(node);
    deleted.put(node, now);
    release();
  }

  private void release() {
    if (due.isEmpty() && hold.isPresent()) {
      hold = Optional.empty();
      deleted.clear(); // Deletions that were held back do not count against later ones.
    }
  }

  /** The nodes whose NodeConfig, owned by this uid, has to go. */
  List<String> due(String owner) {
    return due.entrySet().stream()
        .filter(it -> it.getValue().equals(owner))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The nodes among those whose NodeConfigs may go now. */
  List<String> allowed(String owner, int total, Instant now) {
    List<String> own = due(owner);
    if (own.isEmpty()) {
      return own;
    }
    deleted.values().removeIf(at -> !at.plus(MEMORY).isAfter(now));
    int limit = Math.max(FLOOR, (total + deleted.size()) / SHARE);
    if (hold.isEmpty() && due.size() + deleted.size() > limit) {
      hold = Optional.of(new Hold(limit, total + deleted.size()));
      next = now;
    }
    if (hold.isEmpty()) {
      return own;
    }
    if (now.isBefore(next)) {
      return List.of();
    }
    next = now.plus(PACE);
    return List.of(own.getFirst());
  }

  /** Why deletions of this owner's NodeConfigs are held back; empty when they are not. */
  Optional<Hold> hold(String owner) {
    return hold.filter(_ -> due.containsValue(owner));
  }

  /** How many are held back. */
  int held() {
    return hold.isEmpty() ? 0 : due.size();
  }
}

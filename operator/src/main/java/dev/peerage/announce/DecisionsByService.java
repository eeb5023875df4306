package dev.peerage.announce;

import dev.peerage.kube.ServiceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The decisions about each Service, in the order of the keys. Immutable: a change makes another
 * table, which shares with this one all entries but those on the way to the changed one. So every
 * plan keeps the table it was made with, and a change among 50,000 Services costs some twenty new
 * entries. A height-balanced binary tree (AVL).
 */
final class DecisionsByService implements Iterable<ObjectDecisions> {
  static final DecisionsByService EMPTY = new DecisionsByService(null);

  private final @Nullable Entry root;

  private DecisionsByService(@Nullable Entry root) {
    this.root = root;
  }

  static DecisionsByService of(SortedMap<ServiceKey, ObjectDecisions> all) {
    return new DecisionsByService(balanced(new ArrayList<>(all.entrySet())));
  }

  private static @Nullable Entry balanced(List<Map.Entry<ServiceKey, ObjectDecisions>> sorted) {
    if (sorted.isEmpty()) {
      return null;
    }
    int middle = sorted.size() / 2;
    Map.Entry<ServiceKey, ObjectDecisions> entry = sorted.get(middle);
    return new Entry(
        entry.getKey(),
        entry.getValue(),
        balanced(sorted.subList(0, middle)),
        balanced(sorted.subList(middle + 1, sorted.size())));
  }

  /** The decisions about a Service, or null when there are none. */
  @Nullable ObjectDecisions get(ServiceKey key) {
    @Nullable Entry at = root;
    while (at != null) {
      int order = key.compareTo(at.key);
      if (order == 0) {
        return at.value;
      }
      at = order < 0 ? at.left : at.right;
    }
    return null;
  }

  DecisionsByService with(ServiceKey key, ObjectDecisions decisions) {
    return new DecisionsByService(put(root, key, decisions));
  }

  DecisionsByService without(ServiceKey key) {
    return get(key) == null ? this : new DecisionsByService(remove(root, key));
  }

  private static Entry put(@Nullable Entry at, ServiceKey key, ObjectDecisions value) {
    if (at == null) {
      return new Entry(key, value, null, null);
    }
    int order = key.compareTo(at.key);
    if (order == 0) {
      return new Entry(key, value, at.left, at.right);
    }
    return order < 0
        ? rebalanced(at, put(at.left, key, value), at.right)
        : rebalanced(at, at.left, put(at.right, key, value));
  }

  private static @Nullable Entry remove(@Nullable Entry at, ServiceKey key) {
    if (at == null) {
      return null;
    }
    int order = key.compareTo(at.key);
    if (order != 0) {
      return order < 0
          ? rebalanced(at, remove(at.left, key), at.right)
          : rebalanced(at, at.left, remove(at.right, key));
    }
    if (at.left == null || at.right == null) {
      return at.left == null ? at.right : at.left;
    }
    Entry next = first(at.right);
    return rebalanced(next, at.left, remove(at.right, next.key));
  }

  private static Entry first(Entry from) {
    Entry at = from;
    while (at.left != null) {
      at = at.left;
    }
    return at;
  }

  /** The entry over these two, whose heights differ by two at most. */
  private static Entry rebalanced(Entry entry, @Nullable Entry left, @Nullable Entry right) {
    if (height(left) > height(right) + 1) {
      Entry high = Objects.requireNonNull(left);
      if (height(high.left) >= height(high.right)) {
        return high.over(high.left, entry.over(high.right, right));
      }
      Entry inner = Objects.requireNonNull(high.right);
      return inner.over(high.over(high.left, inner.left), entry.over(inner.right, right));
    }
    if (height(right) > height(left) + 1) {
      Entry high = Objects.requireNonNull(right);
      if (height(high.right) >= height(high.left)) {
        return high.over(entry.over(left, high.left), high.right);
      }
      Entry inner = Objects.requireNonNull(high.left);
      return inner.over(entry.over(left, inner.left), high.over(inner.right, high.right));
    }
    return entry.over(left, right);
  }

  private static int height(@Nullable Entry entry) {
    return entry == null ? 0 : entry.height;
  }

  /** The height of the tree, at most about 1.44 times the binary logarithm of its size. */
  int height() {
    return height(root);
  }

  @Override
  public Iterator<ObjectDecisions> iterator() {
    return new InOrder(root);
  }

  private static final class Entry {
    final ServiceKey key;
    final ObjectDecisions value;
    final @Nullable Entry left;
    final @Nullable Entry right;
    final int height;

    Entry(ServiceKey key, ObjectDecisions value, @Nullable Entry left, @Nullable Entry right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = 1 + Math.max(height(left), height(right));
    }

    /** The same entry over other ones. */
    Entry over(@Nullable Entry newLeft, @Nullable Entry newRight) {
      return new Entry(key, value, newLeft, newRight);
    }
  }

  /** From the first key to the last; holds the entries whose turn comes after their left side. */
  private static final class InOrder implements Iterator<ObjectDecisions> {
    private final Deque<Entry> waiting = new ArrayDeque<>();

    InOrder(@Nullable Entry root) {
      descend(root);
    }

    private void descend(@Nullable Entry from) {
      for (@Nullable Entry at = from; at != null; at = at.left) {
        waiting.push(at);
      }
    }

    @Override
    public boolean hasNext() {
      return !waiting.isEmpty();
    }

    @Override
    public ObjectDecisions next() {
      if (waiting.isEmpty()) {
        throw new NoSuchElementException("all Services were read");
      }
      Entry entry = waiting.pop();
      descend(entry.right);
      return entry.value;
    }
  }
}

package dev.peerage.bgp.prefix;

import dev.peerage.bgp.prefix.PrefixKeys.Key;
import dev.peerage.bgp.prefix.PrefixNode.Branch;
import dev.peerage.bgp.prefix.PrefixNode.Leaf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A walk through what makes one tree another, which can stop anywhere and go on later. */
final class TreeDifference {
  private final PrefixKeys keys;

  /** What is still to be compared, the next one last. */
  private final Deque<Pair> left = new ArrayDeque<>();

  private record Pair(PrefixNode before, PrefixNode after) {}

  TreeDifference(PrefixKeys keys, PrefixNode before, PrefixNode after) {
    this.keys = keys;
    push(before, after);
  }

  boolean isDone() {
    return left.isEmpty();
  }

  /**
   * Goes on.
   *
   * @param limit so many prefixes are looked at, or a leaf's more
   * @return how many were
   */
  int advance(int limit, PrefixDifference out) {
    int seen = 0;
    while (seen < limit && !left.isEmpty()) {
      Pair next = left.removeLast();
      if (next.before instanceof Leaf before && next.after instanceof Leaf after) {
        merge(before, after, out);
        seen += before.size + after.size;
      } else if (next.before instanceof Leaf before && next.after instanceof Branch after) {
        push(part(before, after.right, false), after.right);
        push(part(before, after.right, true), after.left);
      } else if (next.before instanceof Branch before && next.after instanceof Leaf after) {
        push(before.right, part(after, before.right, false));
        push(before.left, part(after, before.right, true));
      } else {
        branches((Branch) next.before, (Branch) next.after);
      }
    }
    return seen;
  }

  private void push(PrefixNode before, PrefixNode after) {
    if (before != after) {
      left.addLast(new Pair(before, after));
    }
  }

  private void branches(Branch before, Branch after) {
    Leaf nothing = PrefixNode.EMPTY;
    if (areApart(before, after)) {
      push(nothing, after);
      push(before, nothing);
    } else if (before.bit == after.bit) {
      push(before.right, after.right);
      push(before.left, after.left);
    } else if (before.bit < after.bit) {
      boolean low = isLeft(after, before.bit);
      push(before.right, low ? nothing : after);
      push(before.left, low ? after : nothing);
    } else {
      boolean low = isLeft(before, after.bit);
      push(low ? nothing : before, after.right);
      push(low ? before : nothing, after.left);
    }
  }

  /** Whether no key can be in both. */
  private boolean areApart(Branch before, Branch after) {
    Key other = keys.lowest(after);
    int bit = Math.min(before.bit, after.bit);
    return !keys.lowest(before).equals(other)
        && keys.difference(PrefixNode.lowest(before).words, 0, other) < bit;
  }

  /** Whether the keys of a node have 0 in a bit in which they agree. */
  private boolean isLeft(PrefixNode node, int bit) {
    return keys.lowest(node).bit(bit) == 0;
  }

  /** The keys of a leaf that come before those of a node, or the others. */
  private Leaf part(Leaf leaf, PrefixNode border, boolean before) {
    int at = keys.search(leaf, keys.lowest(border));
    int cut = at < 0 ? -1 - at : at;
    int from = before ? 0 : cut;
    int to = before ? cut : leaf.size;
    return from == to
        ? PrefixNode.EMPTY
        : new Leaf(Arrays.copyOfRange(leaf.words, from * keys.stride, to * keys.stride), to - from);
  }

  /** Tells of the keys that only one of two leaves has. */
  private void merge(Leaf before, Leaf after, PrefixDifference out) {
    int old = 0;
    int next = 0;
    while (old < before.size || next < after.size) {
      int order =
          old == before.size
              ? 1
              : next == after.size
                  ? -1
                  : keys.compare(before.words, old, keys.at(after.words, next));
      if (order < 0) {
        keys.visit(before, old++, out::removed);
      } else if (order > 0) {
        keys.visit(after, next++, out::added);
      } else {
        old++;
        next++;
      }
    }
  }
}

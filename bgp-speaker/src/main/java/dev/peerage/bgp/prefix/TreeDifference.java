package dev.peerage.bgp.prefix;

import dev.peerage.bgp.prefix.PrefixTree.Branch;
import dev.peerage.bgp.prefix.PrefixTree.Leaf;
import dev.peerage.bgp.prefix.PrefixTree.Node;
import java.util.ArrayDeque;
import java.util.Deque;

/** A walk through what makes one tree another, which can stop anywhere and go on later. */
final class TreeDifference {
  private final PrefixTree tree;

  /** What is still to be compared, the next one last. */
  private final Deque<Pair> left = new ArrayDeque<>();

  private record Pair(Node before, Node after) {}

  TreeDifference(PrefixTree tree, Node before, Node after) {
    this.tree = tree;
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
  int advance(int limit, PrefixSet.Difference out) {
    int seen = 0;
    while (seen < limit && !left.isEmpty()) {
      Pair next = left.removeLast();
      if (next.before instanceof Leaf before && next.after instanceof Leaf after) {
        tree.merge(before, after, out);
        seen += before.size + after.size;
      } else if (next.before instanceof Leaf before && next.after instanceof Branch after) {
        push(tree.part(before, after.right, false), after.right);
        push(tree.part(before, after.right, true), after.left);
      } else if (next.before instanceof Branch before && next.after instanceof Leaf after) {
        push(before.right, tree.part(after, before.right, false));
        push(before.left, tree.part(after, before.right, true));
      } else {
        branches((Branch) next.before, (Branch) next.after);
      }
    }
    return seen;
  }

  private void push(Node before, Node after) {
    if (before != after) {
      left.addLast(new Pair(before, after));
    }
  }

  private void branches(Branch before, Branch after) {
    Leaf nothing = PrefixTree.NOTHING;
    if (tree.areApart(before, after)) {
      push(nothing, after);
      push(before, nothing);
    } else if (before.bit == after.bit) {
      push(before.right, after.right);
      push(before.left, after.left);
    } else if (before.bit < after.bit) {
      boolean low = tree.isLeft(after, before.bit);
      push(before.right, low ? nothing : after);
      push(before.left, low ? after : nothing);
    } else {
      boolean low = tree.isLeft(before, after.bit);
      push(low ? nothing : before, after.right);
      push(low ? before : nothing, after.left);
    }
  }
}

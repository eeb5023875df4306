package dev.peerage.bgp.prefix;

import dev.peerage.bgp.prefix.PrefixKeys.Key;
import dev.peerage.bgp.prefix.PrefixNode.Branch;
import dev.peerage.bgp.prefix.PrefixNode.Leaf;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.Arrays;

/**
 * The prefixes of one family in a {@link PrefixSet}. A PATRICIA trie over the bits of address and
 * length whose subtrees of up to {@value #LEAF} keys are sorted arrays. Its shape follows from its
 * content alone, so that equal trees are equal node by node, and two versions of a tree can be
 * compared without looking at the nodes that they share.
 */
final class PrefixTree {
  /** Keys in a leaf: few enough to copy, many enough that nodes cost little. */
  private static final int LEAF = 32;

  private final PrefixKeys keys;
  private final PrefixNode root;

  private PrefixTree(PrefixKeys keys, PrefixNode root) {
    this.keys = keys;
    this.root = root;
  }

  static PrefixTree empty(AddressFamily family) {
    return new PrefixTree(PrefixKeys.of(family), PrefixNode.EMPTY);
  }

  /**
   * A tree of keys as {@link PrefixWords} packs them, ascending and without repetition; takes the
   * array over.
   */
  static PrefixTree ofSorted(AddressFamily family, long[] words) {
    PrefixTree tree = empty(family);
    return words.length == 0
        ? tree
        : new PrefixTree(tree.keys, tree.build(words, 0, words.length / tree.keys.stride));
  }

  int size() {
    return root.size();
  }

  boolean contains(long high, long low, int length) {
    Key key = keys.key(high, low, length);
    Leaf leaf = leaf(key);
    return keys.search(leaf, key) >= 0;
  }

  PrefixTree with(long high, long low, int length) {
    Key key = keys.key(high, low, length);
    Leaf near = leaf(key);
    if (near.size == 0) {
      return new PrefixTree(keys, leafOf(key));
    }
    if (keys.search(near, key) >= 0) {
      return this;
    }
    return new PrefixTree(keys, insert(root, key, keys.difference(near.words, 0, key)));
  }

  PrefixTree without(long high, long low, int length) {
    Key key = keys.key(high, low, length);
    return keys.search(leaf(key), key) < 0 ? this : new PrefixTree(keys, remove(root, key));
  }

  /** The leaf that the key is in, if it is in any. */
  private Leaf leaf(Key key) {
    PrefixNode node = root;
    while (node instanceof Branch branch) {
      node = key.bit(branch.bit) == 0 ? branch.left : branch.right;
    }
    return (Leaf) node;
  }

  private Leaf leafOf(Key key) {
    long[] words = new long[keys.stride];
    keys.put(key, words, 0);
    return new Leaf(words, 1);
  }

  /** {@code difference} is the first bit in which the key and the keys of its leaf differ. */
  private PrefixNode insert(PrefixNode node, Key key, int difference) {
    return switch (node) {
      case Branch branch when branch.bit < difference ->
          key.bit(branch.bit) == 0
              ? new Branch(branch.bit, insert(branch.left, key, difference), branch.right)
              : new Branch(branch.bit, branch.left, insert(branch.right, key, difference));
      case Branch branch ->
          key.bit(difference) == 0
              ? new Branch(difference, leafOf(key), branch)
              : new Branch(difference, branch, leafOf(key));
      case Leaf leaf -> {
        int at = keys.stride * -(keys.search(leaf, key) + 1);
        long[] words = new long[leaf.words.length + keys.stride];
        System.arraycopy(leaf.words, 0, words, 0, at);
        keys.put(key, words, at);
        System.arraycopy(leaf.words, at, words, at + keys.stride, leaf.words.length - at);
        yield build(words, 0, leaf.size + 1);
      }
    };
  }

  private PrefixNode remove(PrefixNode node, Key key) {
    return switch (node) {
      case Branch branch -> {
        boolean left = key.bit(branch.bit) == 0;
        PrefixNode changed = remove(left ? branch.left : branch.right, key);
        PrefixNode other = left ? branch.right : branch.left;
        if (changed.size() == 0) {
          yield other;
        }
        Branch next =
            left ? new Branch(branch.bit, changed, other) : new Branch(branch.bit, other, changed);
        yield next.size > LEAF ? next : gathered(next);
      }
      case Leaf leaf -> {
        int at = keys.stride * keys.search(leaf, key);
        long[] words = new long[leaf.words.length - keys.stride];
        System.arraycopy(leaf.words, 0, words, 0, at);
        System.arraycopy(leaf.words, at + keys.stride, words, at, words.length - at);
        yield words.length == 0 ? PrefixNode.EMPTY : new Leaf(words, leaf.size - 1);
      }
    };
  }

  private Leaf gathered(PrefixNode node) {
    long[] words = new long[node.size() * keys.stride];
    gather(node, words, 0);
    return new Leaf(words, node.size());
  }

  private int gather(PrefixNode node, long[] words, int at) {
    return switch (node) {
      case Branch branch -> gather(branch.right, words, gather(branch.left, words, at));
      case Leaf leaf -> {
        System.arraycopy(leaf.words, 0, words, at, leaf.words.length);
        yield at + leaf.words.length;
      }
    };
  }

  /** Of sorted keys from an index to before another. */
  private PrefixNode build(long[] words, int from, int to) {
    if (to - from <= LEAF) {
      boolean all = from == 0 && to * keys.stride == words.length;
      return new Leaf(
          all ? words : Arrays.copyOfRange(words, from * keys.stride, to * keys.stride), to - from);
    }
    int bit = keys.difference(words, from, keys.at(words, to - 1));
    int low = from;
    int high = to - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (keys.at(words, middle).bit(bit) == 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Branch(bit, build(words, from, high), build(words, high, to));
  }

  /** Visits all keys in ascending order. */
  void forEach(PrefixVisitor visitor) {
    forEach(root, visitor);
  }

  private void forEach(PrefixNode node, PrefixVisitor visitor) {
    switch (node) {
      case Branch branch -> {
        forEach(branch.left, visitor);
        forEach(branch.right, visitor);
      }
      case Leaf leaf -> {
        for (int i = 0; i < leaf.size; i++) {
          keys.visit(leaf, i, visitor);
        }
      }
    }
  }

  /** The key at a position of the ascending order, 0 to {@code size() - 1}. */
  Prefix at(int position) {
    PrefixNode node = root;
    int index = position;
    while (node instanceof Branch branch) {
      int left = branch.left.size();
      if (index < left) {
        node = branch.left;
      } else {
        index -= left;
        node = branch.right;
      }
    }
    return keys.prefix(((Leaf) node).words, index);
  }

  /** What must leave one tree and enter it to make it another, in ascending order. */
  TreeDifference difference(PrefixTree after) {
    return new TreeDifference(keys, root, after.root);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixTree that && keys == that.keys && same(root, that.root);
  }

  private static boolean same(PrefixNode one, PrefixNode other) {
    if (one == other) {
      return true;
    }
    return switch (one) {
      case Branch branch ->
          other instanceof Branch that
              && branch.bit == that.bit
              && branch.size == that.size
              && same(branch.left, that.left)
              && same(branch.right, that.right);
      case Leaf leaf -> other instanceof Leaf that && Arrays.equals(leaf.words, that.words);
    };
  }

  /** The sum of the prefixes' hash codes, kept in each node. */
  @Override
  public int hashCode() {
    return hash(root);
  }

  private int hash(PrefixNode node) {
    return switch (node) {
      case Branch branch -> {
        if (branch.hash == 0) {
          branch.hash = hash(branch.left) + hash(branch.right);
        }
        yield branch.hash;
      }
      case Leaf leaf -> {
        if (leaf.hash == 0) {
          int sum = 0;
          for (int i = 0; i < leaf.size; i++) {
            sum += keys.prefix(leaf.words, i).hashCode();
          }
          leaf.hash = sum;
        }
        yield leaf.hash;
      }
    };
  }
}

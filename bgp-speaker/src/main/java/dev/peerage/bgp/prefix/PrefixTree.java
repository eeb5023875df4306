package dev.peerage.bgp.prefix;

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

  static final Leaf NOTHING = new Leaf(new long[0], 0);

  private final AddressFamily family;
  private final int stride;
  private final Node root;

  private PrefixTree(AddressFamily family, Node root) {
    this.family = family;
    this.stride = PrefixWords.stride(family);
    this.root = root;
  }

  static PrefixTree empty(AddressFamily family) {
    return new PrefixTree(family, NOTHING);
  }

  /**
   * A tree of keys as {@link PrefixWords} packs them, ascending and without repetition; takes the
   * array over.
   */
  static PrefixTree ofSorted(AddressFamily family, long[] words) {
    PrefixTree tree = empty(family);
    return words.length == 0
        ? tree
        : new PrefixTree(family, tree.build(words, 0, words.length / tree.stride));
  }

  sealed interface Node {
    int size();
  }

  static final class Leaf implements Node {
    final long[] words;
    final int size;

    /** The sum of the hash codes, 0 as long as nobody asked. */
    int hash;

    Leaf(long[] words, int size) {
      this.words = words;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }
  }

  /** Keys that agree in all bits before {@code bit}: left those with 0 there, right with 1. */
  static final class Branch implements Node {
    final int bit;
    final Node left;
    final Node right;
    final int size;
    int hash;

    Branch(int bit, Node left, Node right) {
      this.bit = bit;
      this.left = left;
      this.right = right;
      this.size = left.size() + right.size();
    }

    @Override
    public int size() {
      return size;
    }
  }

  /** A key on its way through the tree. */
  private record Key(long first, long second, long third) {
    int bit(int index) {
      long word = index < 64 ? first : index < 128 ? second : third;
      return (int) (word >>> (63 - (index & 63))) & 1;
    }
  }

  private Key key(long high, long low, int length) {
    return stride == 1 ? new Key(high | length, 0, 0) : new Key(high, low, length);
  }

  int size() {
    return root.size();
  }

  boolean contains(long high, long low, int length) {
    Key key = key(high, low, length);
    Leaf leaf = leaf(key);
    return search(leaf, key) >= 0;
  }

  PrefixTree with(long high, long low, int length) {
    Key key = key(high, low, length);
    Leaf near = leaf(key);
    if (near.size == 0) {
      return new PrefixTree(family, leafOf(key));
    }
    if (search(near, key) >= 0) {
      return this;
    }
    return new PrefixTree(family, insert(root, key, difference(near, 0, key)));
  }

  PrefixTree without(long high, long low, int length) {
    Key key = key(high, low, length);
    return search(leaf(key), key) < 0 ? this : new PrefixTree(family, remove(root, key));
  }

  /** The leaf that the key is in, if it is in any. */
  private Leaf leaf(Key key) {
    Node node = root;
    while (node instanceof Branch branch) {
      node = key.bit(branch.bit) == 0 ? branch.left : branch.right;
    }
    return (Leaf) node;
  }

  private Leaf leafOf(Key key) {
    long[] words = new long[stride];
    put(key, words, 0);
    return new Leaf(words, 1);
  }

  private void put(Key key, long[] words, int at) {
    words[at] = key.first;
    if (stride == 3) {
      words[at + 1] = key.second;
      words[at + 2] = key.third;
    }
  }

  /** {@code difference} is the first bit in which the key and the keys of its leaf differ. */
  private Node insert(Node node, Key key, int difference) {
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
        int at = stride * -(search(leaf, key) + 1);
        long[] words = new long[leaf.words.length + stride];
        System.arraycopy(leaf.words, 0, words, 0, at);
        put(key, words, at);
        System.arraycopy(leaf.words, at, words, at + stride, leaf.words.length - at);
        yield build(words, 0, leaf.size + 1);
      }
    };
  }

  private Node remove(Node node, Key key) {
    return switch (node) {
      case Branch branch -> {
        boolean left = key.bit(branch.bit) == 0;
        Node changed = remove(left ? branch.left : branch.right, key);
        Node other = left ? branch.right : branch.left;
        if (changed.size() == 0) {
          yield other;
        }
        Branch next =
            left ? new Branch(branch.bit, changed, other) : new Branch(branch.bit, other, changed);
        yield next.size > LEAF ? next : gathered(next);
      }
      case Leaf leaf -> {
        int at = stride * search(leaf, key);
        long[] words = new long[leaf.words.length - stride];
        System.arraycopy(leaf.words, 0, words, 0, at);
        System.arraycopy(leaf.words, at + stride, words, at, words.length - at);
        yield words.length == 0 ? NOTHING : new Leaf(words, leaf.size - 1);
      }
    };
  }

  private Leaf gathered(Node node) {
    long[] words = new long[node.size() * stride];
    gather(node, words, 0);
    return new Leaf(words, node.size());
  }

  private int gather(Node node, long[] words, int at) {
    return switch (node) {
      case Branch branch -> gather(branch.right, words, gather(branch.left, words, at));
      case Leaf leaf -> {
        System.arraycopy(leaf.words, 0, words, at, leaf.words.length);
        yield at + leaf.words.length;
      }
    };
  }

  /** Of sorted keys from an index to before another. */
  private Node build(long[] words, int from, int to) {
    if (to - from <= LEAF) {
      boolean all = from == 0 && to * stride == words.length;
      return new Leaf(
          all ? words : Arrays.copyOfRange(words, from * stride, to * stride), to - from);
    }
    int bit = difference(words, from, keyAt(words, to - 1));
    int low = from;
    int high = to - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (keyAt(words, middle).bit(bit) == 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Branch(bit, build(words, from, high), build(words, high, to));
  }

  private Key keyAt(long[] words, int index) {
    return stride == 1
        ? new Key(words[index], 0, 0)
        : new Key(words[3 * index], words[3 * index + 1], words[3 * index + 2]);
  }

  private int difference(Leaf leaf, int index, Key key) {
    return difference(leaf.words, index, key);
  }

  /** The first bit in which a key at an index and another differ; they are not equal. */
  private int difference(long[] words, int index, Key key) {
    int at = stride * index;
    long first = words[at] ^ key.first;
    if (first != 0 || stride == 1) {
      return Long.numberOfLeadingZeros(first);
    }
    long second = words[at + 1] ^ key.second;
    return second != 0
        ? 64 + Long.numberOfLeadingZeros(second)
        : 128 + Long.numberOfLeadingZeros(words[at + 2] ^ key.third);
  }

  /** The index of the key, or -1 - where it would go. */
  private int search(Leaf leaf, Key key) {
    int low = 0;
    int high = leaf.size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(leaf.words, middle, key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  private int compare(long[] words, int index, Key key) {
    int at = stride * index;
    int order = Long.compareUnsigned(words[at], key.first);
    if (order == 0 && stride == 3) {
      order = Long.compareUnsigned(words[at + 1], key.second);
      if (order == 0) {
        order = Long.compareUnsigned(words[at + 2], key.third);
      }
    }
    return order;
  }

  /** Visits all keys in ascending order. */
  void forEach(PrefixSet.Visitor visitor) {
    forEach(root, visitor);
  }

  private void forEach(Node node, PrefixSet.Visitor visitor) {
    switch (node) {
      case Branch branch -> {
        forEach(branch.left, visitor);
        forEach(branch.right, visitor);
      }
      case Leaf leaf -> {
        for (int i = 0; i < leaf.size; i++) {
          visit(leaf, i, visitor);
        }
      }
    }
  }

  private void visit(Leaf leaf, int index, PrefixSet.Visitor visitor) {
    visitor.visit(
        family, high(leaf.words, index), low(leaf.words, index), length(leaf.words, index));
  }

  private long high(long[] words, int index) {
    return PrefixWords.high(stride, words, index);
  }

  private long low(long[] words, int index) {
    return PrefixWords.low(stride, words, index);
  }

  private int length(long[] words, int index) {
    return PrefixWords.length(stride, words, index);
  }

  /** The key at a position of the ascending order, 0 to {@code size() - 1}. */
  Prefix at(int position) {
    Node node = root;
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
    long[] words = ((Leaf) node).words;
    return new Prefix(family, high(words, index), low(words, index), length(words, index));
  }

  /** What must leave one tree and enter it to make it another, in ascending order. */
  TreeDifference difference(PrefixTree after) {
    return new TreeDifference(this, root, after.root);
  }

  /** Whether no key can be in both. */
  boolean areApart(Branch before, Branch after) {
    Key other = first(after);
    int bit = Math.min(before.bit, after.bit);
    return !first(before).equals(other) && difference(least(before), 0, other) < bit;
  }

  /** Whether the keys of a node have 0 in a bit in which they agree. */
  boolean isLeft(Node node, int bit) {
    return first(node).bit(bit) == 0;
  }

  private Key first(Node node) {
    return keyAt(least(node).words, 0);
  }

  private static Leaf least(Node node) {
    Node at = node;
    while (at instanceof Branch branch) {
      at = branch.left;
    }
    return (Leaf) at;
  }

  /** The keys of a leaf that come before those of a node, or the others. */
  Leaf part(Leaf leaf, Node border, boolean before) {
    int at = search(leaf, first(border));
    int cut = at < 0 ? -1 - at : at;
    int from = before ? 0 : cut;
    int to = before ? cut : leaf.size;
    return from == to
        ? NOTHING
        : new Leaf(Arrays.copyOfRange(leaf.words, from * stride, to * stride), to - from);
  }

  void merge(Leaf before, Leaf after, PrefixSet.Difference out) {
    int old = 0;
    int next = 0;
    while (old < before.size || next < after.size) {
      int order =
          old == before.size
              ? 1
              : next == after.size ? -1 : compare(before.words, old, keyAt(after.words, next));
      if (order < 0) {
        visit(before, old++, out::removed);
      } else if (order > 0) {
        visit(after, next++, out::added);
      } else {
        old++;
        next++;
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixTree that && family == that.family && same(root, that.root);
  }

  private static boolean same(Node one, Node other) {
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

  private int hash(Node node) {
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
            sum +=
                new Prefix(family, high(leaf.words, i), low(leaf.words, i), length(leaf.words, i))
                    .hashCode();
          }
          leaf.hash = sum;
        }
        yield leaf.hash;
      }
    };
  }
}

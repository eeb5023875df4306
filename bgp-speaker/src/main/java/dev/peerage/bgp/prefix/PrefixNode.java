package dev.peerage.bgp.prefix;

/** A node of a {@link PrefixTree}. Immutable but for the hash code, which is kept. */
sealed interface PrefixNode {
  /** Without keys. */
  Leaf EMPTY = new Leaf(new long[0], 0);

  /** The number of keys. */
  int size();

  /** The leaf with the lowest keys. */
  static Leaf lowest(PrefixNode node) {
    PrefixNode at = node;
    while (at instanceof Branch branch) {
      at = branch.left;
    }
    return (Leaf) at;
  }

  /** Some keys, ascending, as {@link PrefixWords} packs them. */
  final class Leaf implements PrefixNode {
    final long[] words;
    final int size;

    /** The sum of the prefixes' hash codes, 0 as long as nobody asked. */
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
  final class Branch implements PrefixNode {
    final int bit;
    final PrefixNode left;
    final PrefixNode right;
    final int size;
    int hash;

    Branch(int bit, PrefixNode left, PrefixNode right) {
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
}

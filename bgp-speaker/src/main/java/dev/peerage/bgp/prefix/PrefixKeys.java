package dev.peerage.bgp.prefix;

import dev.peerage.bgp.prefix.PrefixNode.Leaf;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;

/** The keys of the trees of one family: prefixes in the words of {@link PrefixWords}. */
final class PrefixKeys {
  private static final PrefixKeys IPV4 = new PrefixKeys(AddressFamily.IPV4_UNICAST);
  private static final PrefixKeys IPV6 = new PrefixKeys(AddressFamily.IPV6_UNICAST);

  final AddressFamily family;

  /** How many words a key has. */
  final int stride;

  private PrefixKeys(AddressFamily family) {
    this.family = family;
    this.stride = PrefixWords.stride(family);
  }

  static PrefixKeys of(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> IPV4;
      case IPV6_UNICAST -> IPV6;
    };
  }

  /** A key on its way through the tree. */
  record Key(long first, long second, long third) {
    /** The bit at an index, 0 being the highest of the address. */
    int bit(int index) {
      long word = index < 64 ? first : index < 128 ? second : third;
      return (int) (word >>> (63 - (index & 63))) & 1;
    }
  }

  Key key(long high, long low, int length) {
    return stride == 1 ? new Key(high | length, 0, 0) : new Key(high, low, length);
  }

  /** Writes a key, beginning with this word. */
  void put(Key key, long[] words, int at) {
    words[at] = key.first;
    if (stride == 3) {
      words[at + 1] = key.second;
      words[at + 2] = key.third;
    }
  }

  Key at(long[] words, int index) {
    return stride == 1
        ? new Key(words[index], 0, 0)
        : new Key(words[3 * index], words[3 * index + 1], words[3 * index + 2]);
  }

  /** The first bit in which a key at an index and another differ; they are not equal. */
  int difference(long[] words, int index, Key key) {
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
  int search(Leaf leaf, Key key) {
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

  /** The order of the key at an index and another: negative, 0 or positive. */
  int compare(long[] words, int index, Key key) {
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

  /** The lowest key of a node that is not empty. */
  Key lowest(PrefixNode node) {
    return at(PrefixNode.lowest(node).words, 0);
  }

  Prefix prefix(long[] words, int index) {
    return new Prefix(
        family,
        PrefixWords.high(stride, words, index),
        PrefixWords.low(stride, words, index),
        PrefixWords.length(stride, words, index));
  }

  void visit(Leaf leaf, int index, PrefixVisitor visitor) {
    visitor.visit(
        family,
        PrefixWords.high(stride, leaf.words, index),
        PrefixWords.low(stride, leaf.words, index),
        PrefixWords.length(stride, leaf.words, index));
  }
}

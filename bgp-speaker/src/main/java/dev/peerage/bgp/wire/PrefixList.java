package dev.peerage.bgp.wire;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * An immutable list of prefixes of one family without an object per prefix. Packed as one {@code
 * long} per IPv4 prefix (address in the upper half, length below) or three per IPv6 prefix. Each
 * may carry a path identifier (RFC 7911). Equal when the prefixes and their path identifiers are
 * equal in the same order.
 */
public final class PrefixList {
  private static final int[] NO_PATHS = {};
  private static final PrefixList NO_IPV4 = packed(AddressFamily.IPV4_UNICAST, new long[0]);
  private static final PrefixList NO_IPV6 = packed(AddressFamily.IPV6_UNICAST, new long[0]);

  private final AddressFamily family;
  private final long[] words;

  /** The words in use; a few may be left over behind them. */
  private final int used;

  /** One per prefix, or none. */
  private final int[] paths;

  private PrefixList(AddressFamily family, long[] words, int used, int[] paths) {
    this.family = family;
    this.words = words;
    this.used = used;
    this.paths = paths;
  }

  /** These words, packed as said above; the array is not copied. */
  static PrefixList packed(AddressFamily family, long[] words) {
    return new PrefixList(family, words, words.length, NO_PATHS);
  }

  /** The words as packed, with a few left over behind those in use. Not to be changed. */
  long[] words() {
    return words;
  }

  /** The empty list of a family. */
  public static PrefixList empty(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> NO_IPV4;
      case IPV6_UNICAST -> NO_IPV6;
    };
  }

  /** These prefixes, which must all be of the family. */
  public static PrefixList of(AddressFamily family, Collection<Prefix> prefixes) {
    var builder = new Builder(family, prefixes.size());
    for (Prefix prefix : prefixes) {
      if (prefix.family() != family) {
        throw new IllegalArgumentException(prefix + " is not of family " + family);
      }
      builder.add(prefix.high(), prefix.low(), prefix.length());
    }
    return builder.build();
  }

  /** These prefixes, at least one, all of the same family. */
  public static PrefixList of(Prefix first, Prefix... more) {
    var builder = new Builder(first.family(), 1 + more.length);
    builder.add(first.high(), first.low(), first.length());
    for (Prefix prefix : more) {
      if (prefix.family() != first.family()) {
        throw new IllegalArgumentException(prefix + " is not of family " + first.family());
      }
      builder.add(prefix.high(), prefix.low(), prefix.length());
    }
    return builder.build();
  }

  private static int stride(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> 1;
      case IPV6_UNICAST -> 3;
    };
  }

  /** The family of all prefixes. */
  public AddressFamily family() {
    return family;
  }

  /** The number of prefixes. */
  public int size() {
    return family == AddressFamily.IPV4_UNICAST ? used : used / 3;
  }

  /** Whether there is no prefix. */
  public boolean isEmpty() {
    return used == 0;
  }

  /** The first 64 bits of a prefix, as {@link Prefix#high()}. */
  public long high(int index) {
    return family == AddressFamily.IPV4_UNICAST
        ? words[index] & 0xffff_ffff_0000_0000L
        : words[3 * index];
  }

  /** The last 64 bits of a prefix, as {@link Prefix#low()}. */
  public long low(int index) {
    return family == AddressFamily.IPV4_UNICAST ? 0 : words[3 * index + 1];
  }

  /** The length of a prefix in bits. */
  public int length(int index) {
    return family == AddressFamily.IPV4_UNICAST
        ? (int) words[index] & 0xff
        : (int) words[3 * index + 2];
  }

  /** Whether the prefixes carry path identifiers (RFC 7911). */
  public boolean hasPathIds() {
    return paths.length > 0;
  }

  /** The path identifier of a prefix, an unsigned number; 0 where none was received. */
  public int pathId(int index) {
    return paths.length == 0 ? 0 : paths[index];
  }

  /** A prefix as an object, made on demand. */
  public Prefix prefix(int index) {
    return new Prefix(family, high(index), low(index), length(index));
  }

  /** Whether a prefix lies in the multicast range: 224.0.0.0/4 or ff00::/8. */
  private boolean isMulticast(int index) {
    return switch (family) {
      case IPV4_UNICAST -> high(index) >>> 60 == 0xe && length(index) >= 4;
      case IPV6_UNICAST -> high(index) >>> 56 == 0xff && length(index) >= 8;
    };
  }

  /** The first multicast prefix, or -1. */
  int firstMulticast() {
    for (int i = 0; i < size(); i++) {
      if (isMulticast(i)) {
        return i;
      }
    }
    return -1;
  }

  /** This without multicast prefixes. */
  PrefixList withoutMulticast() {
    var kept = new Builder(family, size());
    for (int i = 0; i < size(); i++) {
      if (!isMulticast(i)) {
        if (hasPathIds()) {
          kept.add(high(i), low(i), length(i), pathId(i));
        } else {
          kept.add(high(i), low(i), length(i));
        }
      }
    }
    return kept.build();
  }

  /** A view as a list; its elements are made on demand. */
  public List<Prefix> asList() {
    return new AbstractList<>() {
      @Override
      public Prefix get(int index) {
        return prefix(index);
      }

      @Override
      public int size() {
        return PrefixList.this.size();
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixList that
        && family == that.family
        && Arrays.equals(words, 0, used, that.words, 0, that.used)
        && Arrays.equals(paths, that.paths);
  }

  @Override
  public int hashCode() {
    int hash = family.afi();
    for (int i = 0; i < used; i++) {
      hash = 31 * hash + Long.hashCode(words[i]);
    }
    return hash;
  }

  /** For example {@code [10.0.0.0/8, 10.1.0.0/16]}. */
  @Override
  public String toString() {
    return asList() + (hasPathIds() ? " of paths " + Arrays.toString(paths) : "");
  }

  /** Collects prefixes of one family. Not for several threads. */
  public static final class Builder {
    private final AddressFamily family;
    private long[] words;
    private int used;
    private int[] paths = NO_PATHS;

    /** For about so many prefixes. */
    public Builder(AddressFamily family, int expected) {
      this.family = family;
      this.words = new long[expected * stride(family)];
    }

    /** Adds a prefix, whose host bits are zero already. */
    public void add(long high, long low, int length) {
      int stride = stride(family);
      if (used + stride > words.length) {
        words = Arrays.copyOf(words, Math.max(8 * stride, 2 * words.length));
      }
      if (stride == 1) {
        words[used++] = high | length;
      } else {
        words[used++] = high;
        words[used++] = low;
        words[used++] = length;
      }
    }

    /** Adds a prefix with a path identifier; either all prefixes of a list have one or none has. */
    public void add(long high, long low, int length, int pathId) {
      int index = size();
      if (index > 0 && paths.length == 0) {
        throw new IllegalArgumentException("a path identifier behind prefixes without");
      }
      add(high, low, length);
      if (index == paths.length) {
        paths = Arrays.copyOf(paths, Math.max(8, 2 * index));
      }
      paths[index] = pathId;
    }

    /** The number of prefixes so far. */
    public int size() {
      return used / stride(family);
    }

    /** The list. The builder is not to be used afterwards. */
    public PrefixList build() {
      if (used == 0) {
        return empty(family);
      }
      boolean tight = words.length - used <= used / 8;
      return new PrefixList(
          family,
          tight ? words : Arrays.copyOf(words, used),
          used,
          paths.length == 0 ? paths : Arrays.copyOf(paths, size()));
    }
  }
}

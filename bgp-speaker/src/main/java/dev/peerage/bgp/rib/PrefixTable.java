package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * Values by prefix, with the moment when the prefix entered the table. An open-addressed hash table
 * with linear probing over packed keys, so that a route costs a few words and no object. Not for
 * several threads.
 */
final class PrefixTable<V> {
  private static final int FIRST_CAPACITY = 16;

  private final int stride;
  private long[] keys;
  private @Nullable Object[] values;
  private long[] since;
  private int size;

  PrefixTable(AddressFamily family) {
    this(
        switch (family) {
          case IPV4_UNICAST -> 1;
          case IPV6_UNICAST -> 3;
        });
  }

  private PrefixTable(int stride) {
    this.stride = stride;
    this.keys = new long[stride * FIRST_CAPACITY];
    this.values = new Object[FIRST_CAPACITY];
    this.since = new long[FIRST_CAPACITY];
  }

  /** Sees one entry; must not change the table. */
  interface Visitor<V> {
    void visit(long high, long low, int length, V value, long sinceMillis);
  }

  int size() {
    return size;
  }

  @Nullable V get(long high, long low, int length) {
    return value(find(high, low, length));
  }

  /** When the prefix entered, or 0 when it is not there. */
  long since(long high, long low, int length) {
    int slot = find(high, low, length);
    return values[slot] == null ? 0 : since[slot];
  }

  /** Sets a value and returns the previous one; the moment counts only for a new prefix. */
  @Nullable V put(long high, long low, int length, V value, long nowMillis) {
    int slot = find(high, low, length);
    V previous = value(slot);
    values[slot] = value;
    if (previous == null) {
      setKey(slot, high, low, length);
      since[slot] = nowMillis;
      size++;
      if (size > values.length / 8 * 5) {
        grow();
      }
    }
    return previous;
  }

  @Nullable V remove(long high, long low, int length) {
    int slot = find(high, low, length);
    V previous = value(slot);
    if (previous != null) {
      size--;
      close(slot);
    }
    return previous;
  }

  void clear() {
    keys = new long[stride * FIRST_CAPACITY];
    values = new Object[FIRST_CAPACITY];
    since = new long[FIRST_CAPACITY];
    size = 0;
  }

  /** The entries as they are now. */
  PrefixTable<V> copy() {
    PrefixTable<V> copy = new PrefixTable<>(stride);
    copy.keys = keys.clone();
    copy.values = values.clone();
    copy.since = since.clone();
    copy.size = size;
    return copy;
  }

  void forEach(Visitor<? super V> visitor) {
    forEach(0, Integer.MAX_VALUE, visitor);
  }

  /**
   * Sees some entries; the table must not change from the first to the last of a series of calls.
   *
   * @param from 0, or what the last call returned
   * @param limit so many entries
   * @return where to go on, or -1
   */
  int forEach(int from, int limit, Visitor<? super V> visitor) {
    int left = limit;
    for (int slot = from; slot < values.length; slot++) {
      V value = value(slot);
      if (value != null) {
        if (left-- == 0) {
          return slot;
        }
        visitor.visit(high(slot), low(slot), length(slot), value, since[slot]);
      }
    }
    return -1;
  }

  @SuppressWarnings("unchecked") // only put() writes values
  private @Nullable V value(int slot) {
    return (V) values[slot];
  }

  private long high(int slot) {
    return stride == 1 ? keys[slot] & 0xffff_ffff_0000_0000L : keys[3 * slot];
  }

  private long low(int slot) {
    return stride == 1 ? 0 : keys[3 * slot + 1];
  }

  private int length(int slot) {
    return stride == 1 ? (int) keys[slot] & 0xff : (int) keys[3 * slot + 2];
  }

  private void setKey(int slot, long high, long low, int length) {
    if (stride == 1) {
      keys[slot] = high | length;
    } else {
      keys[3 * slot] = high;
      keys[3 * slot + 1] = low;
      keys[3 * slot + 2] = length;
    }
  }

  /** The slot of the key, or the free one where it would go. */
  private int find(long high, long low, int length) {
    int mask = values.length - 1;
    int slot = home(high, low, length, mask);
    while (values[slot] != null && !isAt(slot, high, low, length)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isAt(int slot, long high, long low, int length) {
    return stride == 1
        ? keys[slot] == (high | length)
        : keys[3 * slot] == high && keys[3 * slot + 1] == low && keys[3 * slot + 2] == length;
  }

  private static int home(long high, long low, int length, int mask) {
    long mixed = (high ^ Long.rotateLeft(low, 23) ^ length) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xbf58_476d_1ce4_e5b9L;
    return (int) (mixed >>> 32) & mask;
  }

  /** Frees a slot and moves later entries of its run forward, so that no tombstone is needed. */
  private void close(int freed) {
    int mask = values.length - 1;
    int free = freed;
    int slot = (free + 1) & mask;
    while (values[slot] != null) {
      int home = home(high(slot), low(slot), length(slot), mask);
      if (((slot - home) & mask) >= ((slot - free) & mask)) {
        values[free] = values[slot];
        since[free] = since[slot];
        System.arraycopy(keys, stride * slot, keys, stride * free, stride);
        free = slot;
      }
      slot = (slot + 1) & mask;
    }
    values[free] = null;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    long[] oldSince = since;
    keys = new long[2 * oldKeys.length];
    values = new Object[2 * oldValues.length];
    since = new long[2 * oldSince.length];
    for (int old = 0; old < oldValues.length; old++) {
      if (oldValues[old] != null) {
        int at = stride * old;
        long high = stride == 1 ? oldKeys[at] & 0xffff_ffff_0000_0000L : oldKeys[at];
        long low = stride == 1 ? 0 : oldKeys[at + 1];
        int length = stride == 1 ? (int) oldKeys[at] & 0xff : (int) oldKeys[at + 2];
        int slot = find(high, low, length);
        setKey(slot, high, low, length);
        values[slot] = oldValues[old];
        since[slot] = oldSince[old];
      }
    }
  }
}

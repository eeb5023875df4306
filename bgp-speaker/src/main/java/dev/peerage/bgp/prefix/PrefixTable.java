package dev.peerage.bgp.prefix;

import dev.peerage.bgp.wire.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * Values by prefix, with the moment when the prefix entered the table. An open-addressed hash table
 * with linear probing over packed keys, so that a route costs a few words and no object. Not for
 * several threads.
 */
public final class PrefixTable<V> {
  private static final int FIRST_CAPACITY = 16;

  private final int stride;
  private long[] keys;
  private @Nullable Object[] values;
  private long[] since;
  private int size;

  /** An empty table. */
  public PrefixTable(AddressFamily family) {
    this(PrefixWords.stride(family));
  }

  private PrefixTable(int stride) {
    this.stride = stride;
    this.keys = new long[stride * FIRST_CAPACITY];
    this.values = new Object[FIRST_CAPACITY];
    this.since = new long[FIRST_CAPACITY];
  }

  /** Visits one entry; must not change the table. */
  public interface Visitor<V> {
    /** Called once per entry. */
    void visit(long high, long low, int length, V value, long sinceMillis);
  }

  /** The number of prefixes. */
  public int size() {
    return size;
  }

  /** The value of a prefix, or null. */
  public @Nullable V get(long high, long low, int length) {
    return value(find(high, low, length));
  }

  /** When the prefix entered, or 0 when it is not there. */
  public long since(long high, long low, int length) {
    int slot = find(high, low, length);
    return values[slot] == null ? 0 : since[slot];
  }

  /** Sets a value and returns the previous one; the moment counts only for a new prefix. */
  public @Nullable V put(long high, long low, int length, V value, long nowMillis) {
    int slot = find(high, low, length);
    V previous = value(slot);
    values[slot] = value;
    if (previous == null) {
      PrefixWords.put(stride, keys, slot, high, low, length);
      since[slot] = nowMillis;
      size++;
      if (size > values.length / 8 * 5) {
        grow();
      }
    }
    return previous;
  }

  /** Removes a prefix and returns its value, or null. */
  public @Nullable V remove(long high, long low, int length) {
    int slot = find(high, low, length);
    V previous = value(slot);
    if (previous != null) {
      size--;
      close(slot);
    }
    return previous;
  }

  /** The entries as they are now. */
  public PrefixTable<V> copy() {
    PrefixTable<V> copy = new PrefixTable<>(stride);
    copy.keys = keys.clone();
    copy.values = values.clone();
    copy.since = since.clone();
    copy.size = size;
    return copy;
  }

  /** Visits all entries, in no order. */
  public void forEach(Visitor<? super V> visitor) {
    forEach(0, Integer.MAX_VALUE, visitor);
  }

  /**
   * Visits some entries; the table must not change from the first to the last of a series of calls.
   *
   * @param from 0, or what the last call returned
   * @param limit so many entries
   * @return where to go on, or -1
   */
  public int forEach(int from, int limit, Visitor<? super V> visitor) {
    int left = limit;
    for (int slot = from; slot < values.length; slot++) {
      V value = value(slot);
      if (value != null) {
        if (left-- == 0) {
          return slot;
        }
        visitor.visit(
            PrefixWords.high(stride, keys, slot),
            PrefixWords.low(stride, keys, slot),
            PrefixWords.length(stride, keys, slot),
            value,
            since[slot]);
      }
    }
    return -1;
  }

  @SuppressWarnings("unchecked") // only put() writes values
  private @Nullable V value(int slot) {
    return (V) values[slot];
  }

  /** The slot of the key, or the free one where it would go. */
  private int find(long high, long low, int length) {
    int mask = values.length - 1;
    int slot = home(high, low, length, mask);
    while (values[slot] != null && !PrefixWords.isAt(stride, keys, slot, high, low, length)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(int slot, int mask) {
    return home(
        PrefixWords.high(stride, keys, slot),
        PrefixWords.low(stride, keys, slot),
        PrefixWords.length(stride, keys, slot),
        mask);
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
      int home = home(slot, mask);
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
        long high = PrefixWords.high(stride, oldKeys, old);
        long low = PrefixWords.low(stride, oldKeys, old);
        int length = PrefixWords.length(stride, oldKeys, old);
        int slot = find(high, low, length);
        PrefixWords.put(stride, keys, slot, high, low, length);
        values[slot] = oldValues[old];
        since[slot] = oldSince[old];
      }
    }
  }
}

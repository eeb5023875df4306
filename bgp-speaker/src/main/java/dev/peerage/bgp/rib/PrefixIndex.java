package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import java.util.function.IntConsumer;

/**
 * The prefixes of one family that have routes: each has a number, and the number of its first
 * route. An open-addressed hash table with linear probing, of numbers only; the prefixes lie in a
 * {@link Slab} beside it. Not for several threads.
 */
final class PrefixIndex {
  private static final int FIRST_CAPACITY = 16;
  private static final int HEAD = 0;
  private static final int ADDRESS = 1;

  private final boolean wide;
  private final int lengthField;
  private final Slab records;
  private final Slab.Owner owner;

  /** The number of a prefix plus 1, or 0. */
  private int[] slots = new int[FIRST_CAPACITY];

  PrefixIndex(AddressFamily family) {
    this.wide =
        switch (family) {
          case IPV4_UNICAST -> false;
          case IPV6_UNICAST -> true;
        };
    this.lengthField = ADDRESS + (wide ? 4 : 1);
    this.records = new Slab(lengthField + 1);
    this.owner = records.new Owner();
  }

  int size() {
    return owner.size();
  }

  /** The number of a prefix, or -1. */
  int find(long high, long low, int length) {
    return slots[slot(high, low, length)] - 1;
  }

  /** Adds a prefix that is not there, with its first route; its number stays. */
  int add(long high, long low, int length, int head) {
    if (owner.size() >= slots.length / 4 * 3) {
      resize(2 * slots.length);
    }
    int slot = slot(high, low, length);
    int number = owner.allocate();
    slots[slot] = number + 1;
    records.set(number, HEAD, head);
    records.set(number, ADDRESS, (int) (high >>> 32));
    if (wide) {
      records.set(number, ADDRESS + 1, (int) high);
      records.set(number, ADDRESS + 2, (int) (low >>> 32));
      records.set(number, ADDRESS + 3, (int) low);
    }
    records.set(number, lengthField, length);
    return number;
  }

  void remove(int number) {
    int slot = slot(high(number), low(number), length(number));
    owner.free(number);
    close(slot);
    if (slots.length > FIRST_CAPACITY && owner.size() < slots.length / 8) {
      resize(slots.length / 4);
    }
  }

  int head(int number) {
    return records.get(number, HEAD);
  }

  void head(int number, int route) {
    records.set(number, HEAD, route);
  }

  long high(int number) {
    long high = (long) records.get(number, ADDRESS) << 32;
    return wide ? high | records.get(number, ADDRESS + 1) & 0xffff_ffffL : high;
  }

  long low(int number) {
    return wide
        ? (long) records.get(number, ADDRESS + 2) << 32
            | records.get(number, ADDRESS + 3) & 0xffff_ffffL
        : 0;
  }

  int length(int number) {
    return records.get(number, lengthField);
  }

  /** Visits all numbers; must not add or remove. */
  void forEach(IntConsumer visitor) {
    owner.forEach(visitor);
  }

  /** As {@link Slab.Owner#forEach(int, int, IntConsumer)}; must not add or remove meanwhile. */
  int forEach(int from, int limit, IntConsumer visitor) {
    return owner.forEach(from, limit, visitor);
  }

  /** The slot of the prefix, or the free one where it would go. */
  private int slot(long high, long low, int length) {
    int mask = slots.length - 1;
    int slot = home(high, low, length, mask);
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, high, low, length)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean isAt(int number, long high, long low, int length) {
    return records.get(number, ADDRESS) == (int) (high >>> 32)
        && records.get(number, lengthField) == length
        && (!wide || high(number) == high && low(number) == low);
  }

  private static int home(long high, long low, int length, int mask) {
    long mixed = (high ^ Long.rotateLeft(low, 23) ^ length) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ mixed >>> 29) * 0xbf58_476d_1ce4_e5b9L;
    return (int) (mixed >>> 32) & mask;
  }

  /** Frees a slot and moves later entries of its run forward, so that no tombstone is needed. */
  private void close(int freed) {
    int mask = slots.length - 1;
    int free = freed;
    for (int slot = free + 1 & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      int number = slots[slot] - 1;
      int home = home(high(number), low(number), length(number), mask);
      if ((slot - home & mask) >= (slot - free & mask)) {
        slots[free] = slots[slot];
        free = slot;
      }
    }
    slots[free] = 0;
  }

  private void resize(int capacity) {
    slots = new int[capacity];
    int mask = capacity - 1;
    owner.forEach(number -> {
      int slot = home(high(number), low(number), length(number), mask);
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = number + 1;
    });
  }
}

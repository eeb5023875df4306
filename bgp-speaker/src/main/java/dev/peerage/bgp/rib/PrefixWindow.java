package dev.peerage.bgp.rib;

import java.util.Arrays;

/**
 * The lowest of the prefixes of one family that are offered, at most so many, and afterwards these
 * one after the other, the lowest first. A binary heap of numbers: first with the highest prefix on
 * top, which is the next to give way, then turned over.
 */
final class PrefixWindow {
  private static final int FIRST_CAPACITY = 16;

  private final int capacity;
  private long[] highs = new long[FIRST_CAPACITY];
  private long[] lows = new long[FIRST_CAPACITY];
  private int[] lengths = new int[FIRST_CAPACITY];
  private int size;

  /** Whether the lowest prefix is on top. */
  private boolean turned;

  PrefixWindow(int capacity) {
    this.capacity = capacity;
  }

  /** As {@link dev.peerage.bgp.wire.Prefix#compareTo}, within a family. */
  static int compare(
      long high, long low, int length, long otherHigh, long otherLow, int otherLength) {
    int order = Long.compareUnsigned(high, otherHigh);
    if (order == 0) {
      order = Long.compareUnsigned(low, otherLow);
    }
    return order == 0 ? Integer.compare(length, otherLength) : order;
  }

  /** Without prefixes, ready for offers. */
  void clear() {
    size = 0;
    turned = false;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether a higher prefix than those that are held may have been offered. */
  boolean isFull() {
    return size == capacity;
  }

  /** Keeps the prefix if it is among the lowest. What is offered twice may be kept twice. */
  void offer(long high, long low, int length) {
    if (size < capacity) {
      if (size == highs.length) {
        int more = Math.min(2 * size, capacity);
        highs = Arrays.copyOf(highs, more);
        lows = Arrays.copyOf(lows, more);
        lengths = Arrays.copyOf(lengths, more);
      }
      set(size, high, low, length);
      rise(size++);
    } else if (compare(high, low, length, highs[0], lows[0], lengths[0]) < 0) {
      set(0, high, low, length);
      sink(0);
    }
  }

  /** No more offers: from now on the lowest prefix is on top. */
  void turn() {
    turned = true;
    for (int at = size / 2 - 1; at >= 0; at--) {
      sink(at);
    }
  }

  long high() {
    return highs[0];
  }

  long low() {
    return lows[0];
  }

  int length() {
    return lengths[0];
  }

  /** Drops the prefix on top. */
  void drop() {
    size--;
    set(0, highs[size], lows[size], lengths[size]);
    sink(0);
  }

  private void set(int at, long high, long low, int length) {
    highs[at] = high;
    lows[at] = low;
    lengths[at] = length;
  }

  /** Whether one prefix belongs above another. */
  private boolean above(int one, int other) {
    int order =
        compare(highs[one], lows[one], lengths[one], highs[other], lows[other], lengths[other]);
    return turned ? order < 0 : order > 0;
  }

  private void swap(int one, int other) {
    long high = highs[one];
    long low = lows[one];
    int length = lengths[one];
    set(one, highs[other], lows[other], lengths[other]);
    set(other, high, low, length);
  }

  private void rise(int from) {
    int at = from;
    while (at > 0 && above(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  private void sink(int from) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && above(child + 1, child)) {
        child++;
      }
      if (!above(child, at)) {
        return;
      }
      swap(at, child);
      at = child;
    }
  }
}

package dev.peerage.bgp.rib;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Records of a few ints, known by number, without an object each. They lie in segments, so that a
 * growing table copies little and has no peak of twice its size. Each segment belongs to one {@link
 * Owner}. Field 0 of a record in use is not negative.
 */
final class Slab {
  private static final int SEGMENT_BITS = 12;
  private static final int SEGMENT = 1 << SEGMENT_BITS;
  private static final int SMALLEST = 16;
  private static final int NONE = -1;

  /** Nothing is left to be visited. */
  static final int END = -1;

  private final int stride;
  private int[][] segments = new int[1][];
  private @Nullable Owner[] owners = new Owner[1];

  Slab(int stride) {
    this.stride = stride;
  }

  int get(int id, int field) {
    return segments[id >>> SEGMENT_BITS][(id & SEGMENT - 1) * stride + field];
  }

  void set(int id, int field, int value) {
    segments[id >>> SEGMENT_BITS][(id & SEGMENT - 1) * stride + field] = value;
  }

  /** Whose record this is. */
  @Nullable Owner owner(int id) {
    return owners[id >>> SEGMENT_BITS];
  }

  /** The records of one owner. */
  class Owner {
    private int[] own = new int[0];
    private int free = NONE;

    /** How many records of the last segment were ever in use. */
    private int used;

    private int size;

    /** The ints of all segments. */
    private int capacity;

    int size() {
      return size;
    }

    /** What its segments take of memory. */
    long bytes() {
      return (long) Integer.BYTES * capacity;
    }

    /** A record with undefined fields; its field 0 must be set. */
    int allocate() {
      size++;
      if (free != NONE) {
        int id = free;
        free = nextFree(get(id, 0));
        return id;
      }
      if (own.length == 0 || used == SEGMENT) {
        open();
      }
      int segment = own[own.length - 1];
      if (used * stride == segments[segment].length) {
        capacity += segments[segment].length;
        segments[segment] = Arrays.copyOf(segments[segment], 2 * segments[segment].length);
      }
      return segment << SEGMENT_BITS | used++;
    }

    /** Gives a record back; with the last one, all memory is. */
    void free(int id) {
      set(id, 0, nextFree(free));
      free = id;
      if (--size == 0) {
        for (int segment : own) {
          segments[segment] = new int[0];
          owners[segment] = null;
        }
        own = new int[0];
        capacity = 0;
        free = NONE;
        used = 0;
      }
    }

    /** What positions of {@link #forEach(int, int, IntConsumer)} stay below. */
    int extent() {
      return own.length == 0 ? 0 : (own.length - 1 << SEGMENT_BITS) + used;
    }

    /** Visits all records; may free the one that it visits. */
    void forEach(IntConsumer visitor) {
      forEach(0, Integer.MAX_VALUE, visitor);
    }

    /**
     * Visits some records; may free the one that it visits. A record that is there from the first
     * to the last of a series of calls is visited once; others may be visited or not.
     *
     * @param from 0, or what the last call returned
     * @param limit so many records, free ones included
     * @return where to go on, or {@link #END}
     */
    int forEach(int from, int limit, IntConsumer visitor) {
      int left = limit;
      int i = from & SEGMENT - 1;
      for (int at = from >>> SEGMENT_BITS; at < own.length; at++, i = 0) {
        int segment = own[at];
        int[] records = segments[segment];
        int end = at == own.length - 1 ? used : SEGMENT;
        for (; i < end; i++) {
          if (left-- == 0) {
            return at << SEGMENT_BITS | i;
          }
          if (records[i * stride] >= 0) {
            visitor.accept(segment << SEGMENT_BITS | i);
          }
        }
      }
      return END;
    }

    private void open() {
      int segment = 0;
      while (segment < owners.length && owners[segment] != null) {
        segment++;
      }
      if (segment == owners.length) {
        segments = Arrays.copyOf(segments, 2 * segment);
        owners = Arrays.copyOf(owners, 2 * segment);
      }
      // A big owner is likely to fill most of another segment.
      segments[segment] = new int[stride * (own.length == 0 ? SMALLEST : SEGMENT / 4)];
      capacity += segments[segment].length;
      owners[segment] = this;
      own = Arrays.copyOf(own, own.length + 1);
      own[own.length - 1] = segment;
      used = 0;
    }

    /** Field 0 of a free record: the next free one, and negative; the reverse of itself. */
    private static int nextFree(int next) {
      return -2 - next;
    }
  }
}

package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Memory that a thread uses again for every message: prefixes cross it as plain arrays, which is
 * several times faster than one call into the buffer for each, and leave no garbage. It grows with
 * bytes that have arrived, to {@link CodecContext#MAX_EXTENDED_LENGTH} at most.
 */
final class Scratch {
  /** Bytes that may be read or written behind the last one in use. */
  static final int SLACK = 24;

  // Enough for an extended message full of /24 prefixes; what is larger is not kept.
  private static final int KEPT_WORDS = 16 * 1024;

  private static final FastThreadLocal<Scratch> OWN =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[CodecContext.MAX_LENGTH + SLACK];
  private long[] words = new long[1024];

  private Scratch() {}

  /** The current thread's. Nobody else uses it until the caller returns. */
  static Scratch own() {
    return OWN.get();
  }

  /** An array with room for so many bytes and {@link #SLACK}; what it holds is of no meaning. */
  byte[] bytes(int capacity) {
    if (bytes.length < capacity + SLACK) {
      bytes = new byte[Math.max(capacity, 2 * CodecContext.MAX_LENGTH) + SLACK];
    }
    return bytes;
  }

  /** The readable bytes of a buffer, which are consumed; they start at 0. */
  byte[] take(ByteBuf in) {
    int length = in.readableBytes();
    byte[] array = bytes(length);
    in.readBytes(array, 0, length);
    return array;
  }

  /** An array of some words, to be made larger with {@link #grown}. */
  long[] words() {
    return words;
  }

  /** A larger array with the same words in front. */
  long[] grown(long[] full) {
    long[] larger = Arrays.copyOf(full, 2 * full.length);
    if (larger.length <= KEPT_WORDS) {
      words = larger;
    }
    return larger;
  }

  static int intAt(byte[] array, int at) {
    return (int) INT.get(array, at);
  }

  static void intAt(byte[] array, int at, int value) {
    INT.set(array, at, value);
  }

  static long longAt(byte[] array, int at) {
    return (long) LONG.get(array, at);
  }

  static void longAt(byte[] array, int at, long value) {
    LONG.set(array, at, value);
  }
}

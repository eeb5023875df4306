package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes with value equality. */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static Bytes of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
  }

  /** These octets, each 0 to 255. */
  static Bytes octets(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return of(bytes);
  }

  /** All readable bytes of a buffer, which are consumed. */
  static Bytes read(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    return bytes.length == 0 ? EMPTY : new Bytes(bytes);
  }

  /** The number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** The octet at an index, 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  /** A copy as an array. */
  public byte[] toArray() {
    return bytes.clone();
  }

  void writeTo(ByteBuf out, int limit) {
    out.writeBytes(bytes, 0, Math.min(limit, bytes.length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}

package dev.peerage.host;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A 48-bit hardware address other than all zeros.
 *
 * @param bits the address in the lower 48 bits, its first octet highest
 */
public record MacAddress(long bits) {
  private static final int OCTETS = 6;

  /** Throws {@link IllegalArgumentException} for zero and for more than 48 bits. */
  public MacAddress {
    if (bits <= 0 || bits >= 1L << 48) {
      throw new IllegalArgumentException(
          "not a 48-bit hardware address: " + Long.toHexString(bits));
    }
  }

  /** The address in these octets; empty unless they are six and not all zero. */
  public static Optional<MacAddress> of(byte[] octets) {
    if (octets.length != OCTETS || Arrays.equals(octets, new byte[OCTETS])) {
      return Optional.empty();
    }
    long bits = 0;
    for (byte octet : octets) {
      bits = bits << 8 | octet & 0xff;
    }
    return Optional.of(new MacAddress(bits));
  }

  /** Reads {@code 02:42:ac:11:00:02}. Throws {@link IllegalArgumentException} for other text. */
  public static MacAddress parse(String text) {
    return of(HexFormat.ofDelimiter(":").parseHex(text))
        .orElseThrow(() -> new IllegalArgumentException("not a hardware address: " + text));
  }

  /** The last four octets as an unsigned number in an int. */
  public int lowerFourOctets() {
    return (int) bits;
  }

  /** For example {@code 02:42:ac:11:00:02}. */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":")
        .formatHex(
            new byte[] {
              (byte) (bits >> 40), (byte) (bits >> 32), (byte) (bits >> 24),
              (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits
            });
  }
}

package dev.peerage.bgp.wire;

/**
 * A large community (RFC 8092). Each part is an unsigned 32-bit number.
 *
 * @param global the global administrator, usually an ASN
 * @param local1 the first local part
 * @param local2 the second local part
 */
public record LargeCommunity(long global, long local1, long local2) {
  /** Reads {@code 65000:1:2}. Throws {@link IllegalArgumentException} with the reason. */
  public static LargeCommunity parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is no large community");
    }
    return new LargeCommunity(
        Ranges.parse(parts[0], Ranges.UNSIGNED_32, text),
        Ranges.parse(parts[1], Ranges.UNSIGNED_32, text),
        Ranges.parse(parts[2], Ranges.UNSIGNED_32, text));
  }

  /** For example {@code 65000:1:2}. */
  @Override
  public String toString() {
    return global + ":" + local1 + ":" + local2;
  }
}

package dev.peerage.bgp.wire;

/**
 * A standard community (RFC 1997).
 *
 * @param value the unsigned 32-bit value
 */
public record Community(long value) {
  /** For example {@code 65000:99}. */
  @Override
  public String toString() {
    return (value >>> 16) + ":" + (value & 0xffff);
  }
}

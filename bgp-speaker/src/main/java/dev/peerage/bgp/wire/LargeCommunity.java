package dev.peerage.bgp.wire;

/**
 * A large community (RFC 8092). Each part is an unsigned 32-bit number.
 *
 * @param global the global administrator, usually an ASN
 * @param local1 the first local part
 * @param local2 the second local part
 */
public record LargeCommunity(long global, long local1, long local2) {
  /** For example {@code 65000:1:2}. */
  @Override
  public String toString() {
    return global + ":" + local1 + ":" + local2;
  }
}

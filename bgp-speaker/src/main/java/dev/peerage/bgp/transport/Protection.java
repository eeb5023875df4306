package dev.peerage.bgp.transport;

/**
 * How a connection's packets are sent, and which ones are heard at all.
 *
 * @param ttl the IP TTL or hop limit of what is sent, 0 = the system's default
 * @param leastTtl packets that arrive with less are dropped (RFC 5082), 0 = none is
 * @param signing whether segments are signed
 */
public record Protection(int ttl, int leastTtl, Signing signing) {
  /** The system's default. */
  public static final Protection NONE = new Protection(0, 0, new Signing.None());

  /** Whether segments are signed. */
  boolean signed() {
    return signing instanceof Signing.Md5;
  }
}

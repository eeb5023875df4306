package dev.peerage.bgp.transport;

/** How the TCP segments of a connection are signed. */
public sealed interface Signing {
  /** Not at all. */
  record None() implements Signing {}

  /**
   * TCP MD5 (RFC 2385).
   *
   * @param key 1 to {@value #LONGEST} octets in UTF-8
   */
  record Md5(String key) implements Signing {
    /** The longest key that Linux takes, in octets. */
    public static final int LONGEST = 80;

    /** Without the key. */
    @Override
    public String toString() {
      return "Md5[key=***]";
    }
  }
}

package dev.peerage.bgp.wire;

import java.net.InetAddress;

/** Addresses as people read them. Everything that prints an address goes through here. */
public final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  /**
   * For example {@code 192.0.2.1} or {@code 2001:db8::1}: IPv6 in the form of RFC 5952 section 4,
   * without zone.
   */
  public static String of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return dotted(bytes, 0);
    }
    var groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    return groups(groups);
  }

  /** An IPv4 address as it lies in IPv6 (RFC 4291 section 2.5.5.2): {@code ::ffff:192.0.2.1}. */
  public static String mapped(InetAddress ipv4) {
    return "::ffff:" + of(ipv4);
  }

  private static String dotted(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }

  // RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals.
  private static String groups(int[] groups) {
    int start = GROUPS;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end);
    }
    var text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}

package dev.peerage.peering;

import dev.peerage.bgp.wire.IpText;
import java.net.InetAddress;

/** IP addresses as Kubernetes writes them: no names, no abbreviated IPv4, no zone. */
public final class IpLiteral {
  private IpLiteral() {}

  /** Whether a text is this address. */
  public static boolean is(String text, InetAddress address) {
    try {
      return parse(text).equals(address);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Writes one, IPv6 in the form of RFC 5952 section 4. */
  public static String text(InetAddress address) {
    return IpText.of(address);
  }

  /**
   * The address; blanks around it are ignored, as the API server lets them pass. Throws {@link
   * IllegalArgumentException} with the reason.
   */
  public static InetAddress parse(String text) {
    String literal = text.strip();
    if (literal.indexOf('%') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' has a zone; link-local peers are not supported yet");
    }
    // The JDK also reads "10.1" and "10" as IPv4 addresses.
    boolean plain = literal.indexOf(':') >= 0 || literal.chars().filter(c -> c == '.').count() == 3;
    try {
      if (plain) {
        return InetAddress.ofLiteral(literal);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not an IP address");
  }
}

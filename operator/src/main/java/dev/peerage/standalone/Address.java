package dev.peerage.standalone;

import java.net.InetAddress;

/** Reads IP addresses: no names, no abbreviated IPv4, no zone. */
final class Address {
  private Address() {}

  /** The address. Throws {@link IllegalArgumentException} with the reason. */
  static InetAddress parse(String text) {
    // The JDK also reads "10.1" and "10" as IPv4 addresses, and a zone as an interface's name.
    boolean plain = text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
    if (plain && text.indexOf('%') < 0) {
      try {
        return InetAddress.ofLiteral(text);
      } catch (IllegalArgumentException _) {
        // Said below.
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no IP address");
  }
}

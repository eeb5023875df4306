package dev.peerage.lint;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A {@code format} of a schema that says what a text is; those that are not named say nothing. */
enum TextFormat {
  ANY("text", ""),
  IPV4("an IPv4 address", "192.168.10.100"),
  CIDR("an address range in CIDR notation", "172.16.1.0/24");

  private final String wanted;
  private final String example;

  TextFormat(String wanted, String example) {
    this.wanted = wanted;
    this.example = example;
  }

  static TextFormat of(@Nullable String format) {
    return switch (format == null ? "" : format) {
      case "ipv4" -> IPV4;
      case "cidr" -> CIDR;
      default -> ANY;
    };
  }

  /** What it is, with its article. */
  String wanted() {
    return wanted;
  }

  String example() {
    return example;
  }

  boolean holds(String text) {
    try {
      return switch (this) {
        case ANY -> true;
        case IPV4 -> InetAddress.ofLiteral(text).getAddress().length == 4;
        case CIDR -> {
          int slash = text.indexOf('/');
          int length = Integer.parseInt(text.substring(slash + 1));
          int bits = InetAddress.ofLiteral(text.substring(0, slash)).getAddress().length * 8;
          yield length >= 0 && length <= bits;
        }
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return false;
    }
  }
}

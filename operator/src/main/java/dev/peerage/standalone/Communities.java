package dev.peerage.standalone;

import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.WellKnownCommunity;
import java.util.Locale;

/** Reads communities as routers print them. */
final class Communities {
  private Communities() {}

  /** {@code 65000:1}, a number of 32 bits, or a well-known name such as {@code no-export}. */
  static Community standard(String text) {
    for (WellKnownCommunity known : WellKnownCommunity.values()) {
      if (known.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return new Community(Integer.toUnsignedLong(known.value()));
      }
    }
    String[] parts = text.split(":", -1);
    return switch (parts.length) {
      case 1 -> new Community(number(parts[0], 0xffff_ffffL, text));
      case 2 ->
          new Community(number(parts[0], 0xffff, text) << 16 | number(parts[1], 0xffff, text));
      default -> throw new IllegalArgumentException("'" + text + "' is no community");
    };
  }

  /** {@code 65000:1:1}. */
  static LargeCommunity large(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is no large community");
    }
    return new LargeCommunity(
        number(parts[0], 0xffff_ffffL, text),
        number(parts[1], 0xffff_ffffL, text),
        number(parts[2], 0xffff_ffffL, text));
  }

  private static long number(String digits, long most, String text) {
    try {
      long number = Long.parseLong(digits);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' has a part that is no number from 0 to " + most);
  }
}

package dev.peerage.bgp.wire;

/** Range checks of message fields. */
final class Ranges {
  static final long UNSIGNED_32 = 0xffff_ffffL;

  private Ranges() {}

  static void check(long value, long maximum, String what) {
    if (value < 0 || value > maximum) {
      throw new IllegalArgumentException(what + " " + value + " is not in 0.." + maximum);
    }
  }

  /** A part of a text; {@link IllegalArgumentException} when it is no number up to the maximum. */
  static long parse(String part, long maximum, String text) {
    try {
      long number = Long.parseLong(part);
      if (number >= 0 && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' has a part that is no number from 0 to " + maximum);
  }
}

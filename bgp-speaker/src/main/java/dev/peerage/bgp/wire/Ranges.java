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
}

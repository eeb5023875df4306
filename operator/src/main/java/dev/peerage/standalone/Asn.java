package dev.peerage.standalone;

import java.util.Optional;

/** Reads AS numbers. */
final class Asn {
  private static final long MOST = 0xffff_ffffL;

  private Asn() {}

  static Optional<Long> local(Section section) {
    if (section.required("localASN", "65001").isBlank()) {
      return Optional.empty();
    }
    return Optional.of(section.number("localASN", 1, MOST, 0)).filter(asn -> asn > 0);
  }

  /** 0 stands for any, which is the default. */
  static long peer(Section section) {
    return section.number("peerASN", 0, MOST, 0);
  }
}

package dev.peerage.standalone;

import dev.peerage.bgp.wire.Community;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.WellKnownCommunity;

/** Reads communities as routers print them. */
final class Communities {
  private Communities() {}

  /** {@code 65000:1}, a number of 32 bits, or a well-known name such as {@code no-export}. */
  static Community standard(String text) {
    for (WellKnownCommunity known : WellKnownCommunity.values()) {
      if (known.text().equals(text)) {
        return new Community(Integer.toUnsignedLong(known.value()));
      }
    }
    return Community.parse(text);
  }
}

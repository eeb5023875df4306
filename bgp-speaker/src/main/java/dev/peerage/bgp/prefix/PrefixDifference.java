package dev.peerage.bgp.prefix;

import dev.peerage.bgp.wire.AddressFamily;

/** Is told in what two sets of prefixes differ. */
public interface PrefixDifference {
  /** This prefix is in the first set only. */
  void removed(AddressFamily family, long high, long low, int length);

  /** This prefix is in the second set only. */
  void added(AddressFamily family, long high, long low, int length);
}

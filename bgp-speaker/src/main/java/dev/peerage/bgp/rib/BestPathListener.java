package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;

/** Hears of each prefix with another best path, or none, once per change. */
interface BestPathListener {
  /**
   * Called within the change; must not change the table.
   *
   * @param learned neither the path before nor the one now, if any, is originated here
   */
  void changed(AddressFamily family, long high, long low, int length, boolean learned);
}

package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.util.List;

/**
 * What a peer has to be told, in this order.
 *
 * @param withdrawals at most one list per family
 * @param announcements one per attribute set and family
 */
record RouteChanges(List<PrefixList> withdrawals, List<Update.Announcement> announcements) {
  /** Nothing to tell. */
  public static final RouteChanges NONE = new RouteChanges(List.of(), List.of());

  /** Copies the lists. */
  public RouteChanges {
    withdrawals = List.copyOf(withdrawals);
    announcements = List.copyOf(announcements);
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return withdrawals.isEmpty() && announcements.isEmpty();
  }
}

package dev.peerage.host;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What a message of the kernel means for a {@link HostNetwork}. */
sealed interface KernelMessage {
  /** A link is there, new or changed. */
  record LinkSeen(
      int index,
      String name,
      String kind,
      boolean adminUp,
      OperState operState,
      Optional<MacAddress> mac)
      implements KernelMessage {}

  /** A link is gone, with its addresses. */
  record LinkGone(int index) implements KernelMessage {}

  /** A link has this address. */
  record AddressSeen(int link, InetAddress address) implements KernelMessage {}

  /** A link does not have this address, or cannot use it. */
  record AddressGone(int link, InetAddress address) implements KernelMessage {}

  /**
   * There is a default route in the main table.
   *
   * @param nextHops those with a gateway of the route's family
   */
  record DefaultRouteSeen(List<NextHop> nextHops) implements KernelMessage {
    public DefaultRouteSeen {
      nextHops = List.copyOf(nextHops);
    }
  }

  /** Default routes may be gone. */
  record DefaultRoutesChanged() implements KernelMessage {}

  /** Anything else. */
  record Irrelevant() implements KernelMessage {}

  /** A next hop of a default route. */
  record NextHop(InetAddress gateway, int link, long metric) {}
}

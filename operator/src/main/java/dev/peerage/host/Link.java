package dev.peerage.host;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A network device of the node.
 *
 * @param index the kernel's number of it, above 0; another one after the device was made anew
 * @param name for example {@code eth0}
 * @param kind what the kernel calls a virtual device, for example {@code veth}, {@code bridge},
 *     {@code vxlan}; empty for hardware and loopback
 * @param adminUp whether a person or program switched it on
 * @param operState whether it passes packets
 * @param mac its hardware address, if it has one of 48 bits
 * @param addresses its own addresses that packets can be sent from, each once, IPv4 first, in
 *     ascending order; of IPv6 not those whose uniqueness is not yet known (tentative) or refuted
 */
public record Link(
    int index,
    String name,
    String kind,
    boolean adminUp,
    OperState operState,
    Optional<MacAddress> mac,
    List<InetAddress> addresses) {
  static final Comparator<InetAddress> ASCENDING =
      Comparator.<InetAddress>comparingInt(address -> address.getAddress().length)
          .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

  /** Sorts the addresses and drops repetitions. */
  public Link {
    addresses = addresses.stream().distinct().sorted(ASCENDING).toList();
  }
}

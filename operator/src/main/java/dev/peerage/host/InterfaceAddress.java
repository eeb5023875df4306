package dev.peerage.host;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The address of a device from which a session of one family can start. Pure. */
public sealed interface InterfaceAddress {
  /** The only one that can be used. */
  record Found(InetAddress address) implements InterfaceAddress {}

  /** There is no such device. */
  record NoLink() implements InterfaceAddress {}

  /** The device has none of the family. */
  record NoAddress() implements InterfaceAddress {}

  /**
   * The device has more than one, and nothing says which.
   *
   * @param addresses in ascending order
   */
  record Several(List<InetAddress> addresses) implements InterfaceAddress {
    public Several {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Looks at the addresses of a device. Loopback addresses (127.0.0.0/8, ::1) and IPv6 link-local
   * ones do not count; IPv4 link-local and IPv6 unique local ones do. Whether the device is up does
   * not matter.
   */
  static InterfaceAddress of(HostNetwork host, String name, IpFamily family) {
    Optional<Link> link = host.link(name);
    if (link.isEmpty()) {
      return new NoLink();
    }
    List<InetAddress> usable =
        link.get().addresses().stream().filter(address -> usable(address, family)).toList();
    return switch (usable.size()) {
      case 0 -> new NoAddress();
      case 1 -> new Found(usable.getFirst());
      default -> new Several(usable);
    };
  }

  private static boolean usable(InetAddress address, IpFamily family) {
    return IpFamily.of(address) == family
        && !address.isLoopbackAddress()
        && !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && (family == IpFamily.IPV4 || !address.isLinkLocalAddress());
  }
}

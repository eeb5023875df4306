package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Misconfigured;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;

/** Chooses among the addresses of an interface. */
final class SourceAddress {
  private SourceAddress() {}

  /**
   * The address of the interface to reach a peer from: the one in the peer's subnet if there is
   * one, else the first. Link-local addresses are for link-local peers.
   *
   * @throws Misconfigured when the interface has none of the peer's family
   */
  static InetAddress of(NetworkInterface on, InetAddress peer) throws Misconfigured {
    List<InterfaceAddress> usable =
        on.getInterfaceAddresses().stream()
            .filter(each -> sameKind(each.getAddress(), peer))
            .toList();
    if (usable.isEmpty()) {
      String kind = peer instanceof Inet4Address ? "IPv4" : "IPv6";
      String link = peer.isLinkLocalAddress() ? "link-local " : "";
      throw new Misconfigured(
          "interface " + on.getName() + " has no " + link + kind + " address for the session");
    }
    return usable.stream()
        .filter(each -> contains(each, peer))
        .findFirst()
        .orElse(usable.getFirst())
        .getAddress();
  }

  private static boolean sameKind(InetAddress own, InetAddress peer) {
    return own instanceof Inet4Address == peer instanceof Inet4Address
        && (own instanceof Inet4Address || own.isLinkLocalAddress() == peer.isLinkLocalAddress());
  }

  private static boolean contains(InterfaceAddress subnet, InetAddress address) {
    byte[] a = subnet.getAddress().getAddress();
    byte[] b = address.getAddress();
    int bits = subnet.getNetworkPrefixLength();
    for (int i = 0; i < bits; i++) {
      if (((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8) != 0) {
        return false;
      }
    }
    return true;
  }
}

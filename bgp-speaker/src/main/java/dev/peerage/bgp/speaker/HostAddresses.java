package dev.peerage.bgp.speaker;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the host says of its own addresses. */
final class HostAddresses {
  // The kernel's order is no order: the same host would be told differently at each start.
  private static final Comparator<InetAddress> ASCENDING =
      Comparator.comparing(InetAddress::getAddress, Arrays::compareUnsigned);

  private HostAddresses() {}

  /**
   * The addresses of the interface that one of them belongs to, in ascending order; of all
   * interfaces that are up when that is a loopback one, over which no other host comes. Empty when
   * the host cannot be asked.
   */
  static List<InetAddress> beside(InetAddress local) {
    try {
      NetworkInterface found = NetworkInterface.getByInetAddress(local);
      if (found == null) {
        return List.of();
      }
      return (found.isLoopback()
              ? Stream.concat(Stream.of(found), NetworkInterface.networkInterfaces())
              : Stream.of(found))
          .filter(HostAddresses::isUp)
          .flatMap(each -> each.inetAddresses().sorted(ASCENDING))
          .distinct()
          .toList();
    } catch (SocketException _) {
      return List.of();
    }
  }

  private static boolean isUp(NetworkInterface each) {
    try {
      return each.isUp();
    } catch (SocketException _) {
      return false;
    }
  }
}

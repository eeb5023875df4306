package dev.peerage.bgp.speaker;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/** What the host says of its own addresses. */
final class HostAddresses {
  private HostAddresses() {}

  /**
   * The addresses of the interface that one of them belongs to; of all interfaces that are up when
   * that is a loopback one, over which no other host comes. Empty when the host cannot be asked.
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
          .flatMap(NetworkInterface::inetAddresses)
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

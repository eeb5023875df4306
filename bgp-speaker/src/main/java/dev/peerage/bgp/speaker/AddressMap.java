package dev.peerage.bgp.speaker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Translates the addresses of the desired state ("logical" ones) to those of sockets. The embedded
 * lab runs the routers of a whole network on one host's loopback addresses; everywhere else the two
 * are the same. State, next hops and logs show logical addresses only.
 */
public interface AddressMap {
  /** Every address stands for itself. */
  AddressMap DIRECT =
      new AddressMap() {
        @Override
        public InetSocketAddress toSocket(InetAddress address, int port) {
          return new InetSocketAddress(address, port);
        }

        @Override
        public InetAddress toLogical(InetAddress socketAddress) {
          return socketAddress;
        }

        @Override
        public Set<InetAddress> ofThisHost() {
          try {
            return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toUnmodifiableSet());
          } catch (SocketException e) {
            return Set.of(); // Then only the address of each session is known.
          }
        }
      };

  /** Whether routers may say loopback addresses as next hops, because these stand for others. */
  default boolean loopbackNextHops() {
    return false;
  }

  /** The addresses that this host has now, if they are those of the desired state. */
  default Set<InetAddress> ofThisHost() {
    return Set.of();
  }

  /** Where to dial or bind; port 0 is an ephemeral one. */
  InetSocketAddress toSocket(InetAddress address, int port);

  /** What the address of a socket stands for. */
  InetAddress toLogical(InetAddress socketAddress);
}

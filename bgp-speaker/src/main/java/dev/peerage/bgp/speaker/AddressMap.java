package dev.peerage.bgp.speaker;

import java.net.InetAddress;
import java.net.InetSocketAddress;

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
      };

  /** Where to dial or bind; port 0 is an ephemeral one. */
  InetSocketAddress toSocket(InetAddress address, int port);

  /** What the address of a socket stands for. */
  InetAddress toLogical(InetAddress socketAddress);
}

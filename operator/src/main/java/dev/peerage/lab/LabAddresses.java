package dev.peerage.lab;

import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.wire.IpText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives every address of the manifests a loopback address: 192.168.10.100 becomes 127.168.10.100,
 * or the next free one when that is taken. Every pair of address and port gets a free port, because
 * ports below 1024 need rights and two labs may run at once. Thread-safe.
 */
final class LabAddresses implements AddressMap {
  private final Map<InetAddress, InetAddress> sockets = new HashMap<>();
  private final Map<InetAddress, InetAddress> logical = new HashMap<>();
  private final Map<InetSocketAddress, Integer> ports = new HashMap<>();

  @Override
  public synchronized InetSocketAddress toSocket(InetAddress address, int port) {
    if (address.isAnyLocalAddress()) {
      return new InetSocketAddress(loopback(1), port);
    }
    InetAddress socket = sockets.computeIfAbsent(address, this::assign);
    return new InetSocketAddress(
        socket,
        port == 0
            ? 0
            : ports.computeIfAbsent(new InetSocketAddress(address, port), _ -> free(socket)));
  }

  /** A router that is another program knows nothing of the addresses of the manifests. */
  @Override
  public boolean loopbackNextHops() {
    return true;
  }

  @Override
  public synchronized InetAddress toLogical(InetAddress socketAddress) {
    @Nullable InetAddress address = logical.get(socketAddress);
    return address == null ? socketAddress : address;
  }

  private InetAddress assign(InetAddress address) {
    byte[] bytes = address.getAddress();
    int low = 0;
    for (int i = bytes.length - 3; i < bytes.length; i++) {
      low = low << 8 | bytes[i] & 0xff;
    }
    InetAddress socket = loopback(low);
    // 0 and 1 are the host's own, the last one is a broadcast address.
    while (logical.containsKey(socket) || low <= 1 || low == 0xff_ffff) {
      low = (low + 1) & 0xff_ffff;
      socket = loopback(low);
    }
    logical.put(socket, address);
    return socket;
  }

  private static InetAddress loopback(int low) {
    try {
      return InetAddress.getByAddress(
          new byte[] {127, (byte) (low >> 16), (byte) (low >> 8), (byte) low});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int free(InetAddress address) {
    try (var socket = new ServerSocket(0, 1, address)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no free port on "
              + IpText.of(address)
              + ": the lab needs the whole of 127.0.0.0/8 as loopback addresses, as on Linux",
          e);
    }
  }
}

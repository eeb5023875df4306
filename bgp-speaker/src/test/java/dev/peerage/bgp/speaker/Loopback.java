package dev.peerage.bgp.speaker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of its own for each test: 10.0.0.n stands for 127.a.b.n, where a and b belong to the
 * process and the test; port 179 stands for 1790. A bound socket at 127.a.b.254 keeps others away
 * that run the same tests on this machine.
 */
final class Loopback implements AddressMap {
  private static final AtomicInteger NETWORKS =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 61));

  /** Closed with the process, or when the test is forgotten. */
  private final ServerSocket claim = claim();

  private final byte a = claim.getInetAddress().getAddress()[1];
  private final byte b = claim.getInetAddress().getAddress()[2];

  private static ServerSocket claim() {
    while (true) {
      int network = NETWORKS.incrementAndGet();
      try {
        return new ServerSocket(1790, 1, address(127, 64 + (network >>> 8) % 64, network, 254));
      } catch (IOException e) {
        // Somebody has it: the next one.
      }
    }
  }

  @Override
  public InetSocketAddress toSocket(InetAddress address, int port) {
    byte[] logical = address.getAddress();
    InetAddress socket = address(127, a, b, logical[3]);
    return new InetSocketAddress(socket, port == 179 ? 1790 : port);
  }

  @Override
  public InetAddress toLogical(InetAddress socketAddress) {
    return address(10, 0, 0, socketAddress.getAddress()[3]);
  }

  private static InetAddress address(int first, int second, int third, int fourth) {
    try {
      return InetAddress.getByAddress(
          new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth});
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.peerage.apiserver;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a TCP server on this machine that can be cut, as by an unplugged cable. */
public final class CuttableConnection implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean cut;

  /** A way to a port of the loopback address. */
  public CuttableConnection(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = Thread.ofVirtual().start(this::accept);
  }

  /** Where to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections have been ended at once. */
  public int refused() {
    return refused.get();
  }

  /** Ends all connections; new ones end at once. */
  public void cut() {
    cut = true;
    open.forEach(CuttableConnection::end);
  }

  /**
   * Nothing comes through the connections that there are any more, and neither end hears of it, as
   * when a firewall has forgotten them. New ones work.
   */
  public void silence() {
    open.forEach(silent::add);
  }

  /** New connections are let through again. */
  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        if (cut) {
          refused.incrementAndGet();
          end(client);
        } else {
          join(client);
        }
      } catch (IOException _) {
        // The listener is closed, or the server is away: whoever connects sees the end.
      }
    }
  }

  private void join(Socket client) throws IOException {
    open.add(client);
    try {
      var server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      if (cut) { // Just now: both may have been added too late.
        end(client);
        end(server);
      }
      var _ = Thread.ofVirtual().start(() -> copy(client, server));
      var _ = Thread.ofVirtual().start(() -> copy(server, client));
    } catch (IOException e) {
      end(client);
      throw e;
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      var out = to.getOutputStream();
      var part = new byte[8192];
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        if (!silent.contains(from)) {
          out.write(part, 0, read);
        }
      }
      if (silent.contains(from)) {
        new CountDownLatch(1).await(); // until everything ends: neither side may see an end
      }
    } catch (IOException | InterruptedException _) {
      // Cut, or one side has ended.
    } finally {
      open.remove(from);
    }
  }

  private static void end(Closeable socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It has ended.
    }
  }

  @Override
  public void close() {
    cut();
    end(listener);
  }
}

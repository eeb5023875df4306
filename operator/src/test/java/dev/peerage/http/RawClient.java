package dev.peerage.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which a test sends what no HTTP client would. */
record RawClient(Socket socket) implements AutoCloseable {
  private static final int LIMIT_MILLIS = 60_000;

  static RawClient connect(InetSocketAddress address) {
    try {
      var socket = new Socket();
      socket.connect(address, LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** All that comes until the other side closes; a reset counts as its end. */
  String read() {
    var all = new StringBuilder();
    try {
      var in = socket.getInputStream();
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        all.append((char) octet);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("not closed by the other side; so far: " + all, e);
    } catch (IOException _) {
      // Reset.
    }
    return all.toString();
  }

  /** The first line of the answer. */
  String status() {
    return read().lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

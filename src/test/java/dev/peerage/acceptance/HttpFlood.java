package dev.peerage.acceptance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A program that does to an HTTP port what it can, until it is ended; then it says how much. */
final class HttpFlood {
  private static final AtomicLong connections = new AtomicLong();
  private static final AtomicLong bytes = new AtomicLong();

  private HttpFlood() {}

  /** How one connection is used. */
  private interface Use {
    void of(Socket socket) throws IOException, InterruptedException;
  }

  /** Called with the attack, address and port. */
  public static void main(String[] args) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> System.out.println(connections + " connections, " + bytes + " bytes")));
    var target = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
    switch (args[0]) {
      case "bodies" -> flood(target, 16, HttpFlood::body);
      case "silent" -> flood(target, 2_000, HttpFlood::silence);
      case "heads" -> flood(target, 600, HttpFlood::head);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** So many connections at a time, each opened again when the other side has closed it. */
  private static void flood(InetSocketAddress target, int atATime, Use use)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < atATime; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                  try (var socket = new Socket()) {
                    socket.connect(target, 10_000);
                    connections.incrementAndGet();
                    use.of(socket);
                  } catch (IOException | InterruptedException _) {
                    Thread.yield(); // closed; again
                  }
                }
              }));
    }
    for (Thread each : threads) {
      each.join();
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    socket.getOutputStream().write(octets);
    bytes.addAndGet(octets.length);
  }

  /** A gigabyte, if somebody takes it. */
  private static void body(Socket socket) throws IOException {
    send(socket, "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n");
    String chunk = "x".repeat(64 * 1024);
    for (int i = 0; i < 16 * 1024; i++) {
      send(socket, chunk);
    }
  }

  /** Half a request line, then nothing until the other side closes. */
  private static void silence(Socket socket) throws IOException {
    send(socket, "GET /met");
    int _ = socket.getInputStream().read();
  }

  /** A head of 370 kB that does not end. */
  private static void head(Socket socket) throws IOException {
    send(socket, "GET /metrics HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 37; i++) {
      send(socket, "X-" + i + ": " + "x".repeat(10_000) + "\r\n");
    }
    int _ = socket.getInputStream().read();
  }
}

package dev.peerage.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Health, readiness and metrics over HTTP: {@code /healthz} and {@code /readyz} answer 200 {@code
 * ok}, or 503 with one line per thing that is wrong; {@code /metrics} answers in Prometheus' text
 * format.
 */
public final class HealthServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens and serves.
   *
   * @param address where to listen; port 0 picks one
   * @param live what is wrong beyond repair, by name; the kubelet restarts the container then
   * @param ready what is missing yet, by name
   * @throws IOException when the address cannot be listened on
   */
  public static HealthServer start(
      InetSocketAddress address,
      Supplier<Map<String, String>> live,
      Supplier<Map<String, String>> ready,
      PrometheusMeterRegistry metrics)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on %s for health and metrics: %s; choose another with --http-address"
              .formatted(address, e.getMessage()),
          e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/healthz", exchange -> check(exchange, live));
    server.createContext("/readyz", exchange -> check(exchange, ready));
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    server.start();
    return new HealthServer(server);
  }

  /** The address in use. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void check(HttpExchange exchange, Supplier<Map<String, String>> problems)
      throws IOException {
    var found = new TreeMap<>(problems.get());
    if (found.isEmpty()) {
      answer(exchange, 200, TEXT, "ok\n");
      return;
    }
    var text = new StringBuilder();
    found.forEach((name, problem) -> text.append(name).append(": ").append(problem).append('\n'));
    answer(exchange, 503, TEXT, text.toString());
  }

  private static void answer(HttpExchange exchange, int code, String type, String body)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}

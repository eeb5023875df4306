package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers GET requests with JSON, without access control, hence on loopback addresses only. */
record JsonServer(String title, HttpServer server, ExecutorService threads, Handler handler)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JsonServer.class);
  private static final int BUFFER = 64 * 1024;
  // Writes every field, also those without a value.
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Finds the answer to a request; each on a thread of its own. */
  interface Handler {
    /**
     * Answers.
     *
     * @param query its parameters; those without a value are left out
     */
    Answer answer(String path, Map<String, String> query)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  /** What is sent back. */
  sealed interface Answer {
    /** An object that is there. */
    record Whole(int status, Object body) implements Answer {}

    /** 200 with a long body, which is made while it is sent. */
    record Streamed(Writer body) implements Answer {}

    static Answer failure(int status, String words) {
      return new Whole(status, new Failure(words));
    }
  }

  /** Writes one JSON value. */
  interface Writer {
    void write(JsonGenerator out)
        throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  private record Failure(String error) {}

  /**
   * Starts the server.
   *
   * @param title what it is, for messages
   * @param address a loopback address; port 0 takes a free one. {@link IllegalArgumentException}
   *     when others could reach it
   * @throws IOException when the address cannot be bound; the message names it
   */
  static JsonServer start(String title, InetSocketAddress address, Handler handler)
      throws IOException {
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the "
              + title
              + " has no access control and listens on loopback addresses only, not on "
              + address);
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 16);
    } catch (IOException e) {
      throw new IOException(title + ": cannot listen on " + address + ": " + e.getMessage(), e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    var started = new JsonServer(title, server, threads, handler);
    server.setExecutor(threads);
    server.createContext("/", started::handle);
    server.start();
    return started;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (answer(exchange)) {
        case Answer.Whole(int status, Object body) -> {
          byte[] bytes = JSON.writeValueAsBytes(body);
          head(exchange, status, bytes.length);
          exchange.getResponseBody().write(bytes);
        }
        case Answer.Streamed(Writer body) -> {
          head(exchange, 200, 0);
          try (JsonGenerator out =
              JSON.createGenerator(new BufferedOutputStream(exchange.getResponseBody(), BUFFER))) {
            body.write(out);
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The head is out: the connection ends before the body does, which tells the client.
      log.warn("{}: {} was cut short", title, exchange.getRequestURI(), e);
    }
  }

  private static void head(HttpExchange exchange, int status, long length) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, length);
  }

  private Answer answer(HttpExchange exchange) throws InterruptedException {
    if (!exchange.getRequestMethod().equals("GET")) {
      return Answer.failure(405, "only GET is answered");
    }
    try {
      return handler.answer(
          exchange.getRequestURI().getPath(), query(exchange.getRequestURI().getRawQuery()));
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      log.warn("{}: {} failed", title, exchange.getRequestURI(), e);
      return Answer.failure(500, "the speaker did not answer: " + e);
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && equals < pair.length() - 1) {
          query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

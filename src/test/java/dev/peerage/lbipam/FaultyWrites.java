package dev.peerage.lbipam;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** In front of the API server, for lists and writes: answers some of the writes itself. */
public final class FaultyWrites implements AutoCloseable {
  private final HttpServer listener;
  private final KubernetesClient client;
  private final IntUnaryOperator answer;
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * Listens.
   *
   * @param answer the HTTP code for the n-th write; 0: the API server answers
   */
  public FaultyWrites(ApiServer server, IntUnaryOperator answer) {
    this.client = server.client();
    this.answer = answer;
    try {
      listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var _ = listener.createContext("/", this::handle);
    listener.start();
  }

  /** Where to connect to. */
  public String url() {
    return "http://127.0.0.1:" + listener.getAddress().getPort();
  }

  /** How many writes there were. */
  public int writes() {
    return writes.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var write = exchange.getRequestMethod().equals("PATCH");
      var code = write ? answer.applyAsInt(writes.getAndIncrement()) : 0;
      if (code != 0) {
        exchange.sendResponseHeaders(code, -1);
        return;
      }
      HttpClient http = client.getHttpClient();
      var url = client.getMasterUrl().toString().replaceAll("/$", "") + exchange.getRequestURI();
      var request = http.newHttpRequestBuilder().uri(url);
      if (write) {
        request.patch(
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(body, StandardCharsets.UTF_8));
      }
      var response = http.sendAsync(request.build(), byte[].class).join();
      exchange.getResponseHeaders().put("Content-Type", List.of("application/json"));
      exchange.sendResponseHeaders(response.code(), response.body().length);
      exchange.getResponseBody().write(response.body());
    }
  }

  @Override
  public void close() {
    listener.stop(0);
  }
}

package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Map<String, String> missing = new ConcurrentHashMap<>();

  @Test
  void answersWhatIsWrongUntilItIsMended() throws Exception {
    missing.put("Service", "not listed yet");
    missing.put("Node", "not listed yet");
    try (var server = HealthServer.start(ANY_PORT, Map::of, () -> missing)) {
      assertThat(get(server, "/readyz"))
          .returns(503, HttpResponse::statusCode)
          .returns("Node: not listed yet\nService: not listed yet\n", HttpResponse::body);
      assertThat(get(server, "/healthz"))
          .returns(200, HttpResponse::statusCode)
          .returns("ok\n", HttpResponse::body);

      missing.clear();

      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void thereIsNothingElse() throws Exception {
    try (var server = HealthServer.start(ANY_PORT, Map::of, Map::of)) {
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + server.address().getPort() + path))
              .build(),
          BodyHandlers.ofString());
    }
  }
}

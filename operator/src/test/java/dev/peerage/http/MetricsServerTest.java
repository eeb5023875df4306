package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.http.ScrapeAccess.Verdict;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void servesEverybodyOverPlainHttp() throws Exception {
    metrics.counter("bgp.update.sent").increment(3);
    try (var server = MetricsServer.plain(ANY_PORT, metrics);
        var client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = get(client, "http", server, "/metrics", "");

      assertThat(answer.body()).contains("bgp_update_sent_total 3.0");
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(get(client, "http", server, "/healthz", "").statusCode()).isEqualTo(404);
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void servesWhoeverMayOverTls(@TempDir Path folder) throws Exception {
    var certificate = TestCertificate.make(folder).write(folder);
    metrics.counter("bgp.update.sent").increment(3);
    List<String> shown = new ArrayList<>();
    ScrapeAccess access =
        token -> {
          shown.add(token);
          return switch (token) {
            case "good" -> new Verdict.Allowed();
            case "poor" -> new Verdict.Forbidden("system:serviceaccount:default:default");
            case "old" -> new Verdict.Unknown("the API server cannot be asked");
            default -> new Verdict.Unauthenticated("unknown");
          };
        };
    try (var server = MetricsServer.tls(ANY_PORT, folder, access, metrics);
        var client = HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
      assertThat(get(client, "https", server, "/metrics", "Bearer good"))
          .returns(200, HttpResponse::statusCode)
          .satisfies(answer -> assertThat(answer.body()).contains("bgp_update_sent_total 3.0"));
      assertThat(get(client, "https", server, "/metrics", "bearer poor").statusCode())
          .isEqualTo(403);
      assertThat(get(client, "https", server, "/metrics", "Bearer old").statusCode())
          .isEqualTo(503);
      assertThat(get(client, "https", server, "/metrics", "Bearer bad").statusCode())
          .isEqualTo(401);
      assertThat(shown).containsExactly("good", "poor", "old", "bad");
      // Nobody is asked about what shows no token.
      assertThat(get(client, "https", server, "/metrics", ""))
          .returns(401, HttpResponse::statusCode)
          .satisfies(answer ->
              assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer"));
      assertThat(get(client, "https", server, "/metrics", "Basic Z29vZA==").statusCode())
          .isEqualTo(401);
      assertThat(shown).hasSize(4);
    }
  }

  private static HttpResponse<String> get(
      HttpClient client, String scheme, MetricsServer server, String path, String authorization)
      throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create(scheme + "://127.0.0.1:" + server.address().getPort() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}

package dev.peerage.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Agents whose looking glass can be read. */
sealed interface Agents permits ClusterAgents, DirectAgent {

  /**
   * Asks every agent.
   *
   * @param path with the query, for example {@code /state}
   * @throws AgentsException when no agent could be asked at all
   */
  <T> List<Answer<T>> ask(String path, Class<T> type) throws InterruptedException;

  /** What came of asking one agent. */
  sealed interface Answer<T> {
    String node();

    /** It answered. */
    record Given<T>(String node, T value) implements Answer<T> {}

    /** It did not; the reason is for a person. */
    record Missing<T>(String node, String reason) implements Answer<T> {}
  }

  /** No agent can be asked; the message says why and what to look at. */
  final class AgentsException extends RuntimeException {
    AgentsException(String message, Throwable cause) {
      super(message, cause);
    }

    AgentsException(String message) {
      super(message);
    }
  }

  /** Reads one looking glass. */
  final class Http {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    // An older command line reads a newer agent: fields that it does not know are no fault.
    private static final ObjectMapper JSON =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private Http() {}

    static <T> T get(String address, String path, Class<T> type)
        throws IOException, InterruptedException {
      try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
        HttpResponse<byte[]> response =
            client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path))
                    .timeout(TIMEOUT)
                    .build(),
                BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
          throw new IOException(
              "GET " + path + " answered " + response.statusCode() + " " + text(response.body()));
        }
        return JSON.readValue(response.body(), type);
      }
    }

    private static String text(byte[] body) {
      return new String(
          body, 0, Math.min(body.length, 500), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}

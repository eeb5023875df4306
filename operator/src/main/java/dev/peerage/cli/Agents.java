package dev.peerage.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
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
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final int LAST_PORT = 65_535;

    // What is shown of an answer that is an error.
    private static final int SHOWN = 500;
    // An older command line reads a newer agent: fields that it does not know are no fault.
    private static final ObjectMapper JSON =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private Http() {}

    /** Throws an {@link IOException} whose message says in words why there is no answer. */
    static <T> T get(String address, String path, Class<T> type) throws IOException {
      URLConnection connection = url(address, path).openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) TIMEOUT.toMillis());
      try {
        return read((HttpURLConnection) connection, path, type);
      } catch (IOException e) {
        throw new IOException(Unanswered.words(e, TIMEOUT), e);
      }
    }

    private static URL url(String address, String path) throws IOException {
      try {
        var uri = new URI("http://" + address + path);
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > LAST_PORT) {
          throw new IOException("'" + address + "' is not HOST:PORT");
        }
        return uri.toURL();
      } catch (URISyntaxException e) {
        throw new IOException("'" + address + "' is not HOST:PORT", e);
      }
    }

    private static <T> T read(HttpURLConnection connection, String path, Class<T> type)
        throws IOException {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        try (InputStream body = connection.getInputStream()) {
          return JSON.readValue(body, type);
        }
      }
      try (InputStream body = connection.getErrorStream()) {
        String text =
            body == null ? "" : new String(body.readNBytes(SHOWN), StandardCharsets.UTF_8);
        throw new IOException("GET " + path + " answered " + status + " " + text.strip());
      }
    }
  }
}

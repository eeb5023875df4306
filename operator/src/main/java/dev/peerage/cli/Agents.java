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
    private final int exitCode;

    private AgentsException(String message, int exitCode) {
      super(message);
      this.exitCode = exitCode;
    }

    /** The command does not say which cluster is meant, or what it names cannot be used. */
    static AgentsException wrongUse(String message) {
      return new AgentsException(message, ExitCode.WRONG_USE);
    }

    /** The cluster does not answer, or does not let us see. */
    static AgentsException notReachable(String message) {
      return new AgentsException(message, ExitCode.NOT_REACHABLE);
    }

    /** The cluster answers, and there is no agent. */
    static AgentsException noAgent(String message) {
      return new AgentsException(message, ExitCode.PROBLEM);
    }

    int exitCode() {
      return exitCode;
    }
  }

  /** Reads one looking glass. */
  final class Http {
    private static final int LAST_PORT = 65_535;

    // What is shown of an answer that is an error.
    private static final int SHOWN = 500;
    // An older command line reads a newer agent: fields that it does not know are no fault.
    private static final ObjectMapper JSON =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private Http() {}

    /** Throws an {@link IOException} whose message says in words why there is no answer. */
    static <T> T get(String address, String path, Class<T> type, Duration limit)
        throws IOException {
      URLConnection connection = url(address, path).openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout((int) limit.toMillis());
      connection.setReadTimeout((int) limit.toMillis());
      try {
        return read((HttpURLConnection) connection, path, type);
      } catch (IOException e) {
        throw new IOException(Unanswered.words(e, limit), e);
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

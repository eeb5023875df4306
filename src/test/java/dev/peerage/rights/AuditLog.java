package dev.peerage.rights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.apiserver.ApiServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the chart's service accounts have asked an audited API server, and what it said. */
final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private long from;

  AuditLog(ApiServer server) {
    file = server.folder().resolve("audit.log");
  }

  /**
   * A request that was answered.
   *
   * @param account the name of a service account in the chart's namespace
   * @param resource with a slash and its part, if it is about one
   * @param name empty where it is about all of a kind
   */
  record Request(
      String account,
      String verb,
      String group,
      String resource,
      String namespace,
      String name,
      int code) {
    boolean isRefused() {
      return code == 403;
    }
  }

  /** What is there so far does not count. */
  void forget() {
    try {
      from = Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All since then. */
  List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (String line : text().split("\n")) {
      if (line.endsWith("}")) { // The last one may still be in writing.
        request(line, requests);
      }
    }
    return requests;
  }

  private String text() {
    if (!Files.exists(file)) {
      return "";
    }
    try (var log = new RandomAccessFile(file.toFile(), "r")) {
      log.seek(from);
      var rest = new byte[(int) (log.length() - from)];
      log.readFully(rest);
      return new String(rest, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void request(String line, List<Request> requests) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode about = event.path("objectRef");
      String user = event.at("/user/username").asText();
      String prefix = "system:serviceaccount:" + ApiServer.NAMESPACE + ":";
      if (user.startsWith(prefix) && about.has("resource")) {
        String part = about.path("subresource").asText();
        requests.add(
            new Request(
                user.substring(prefix.length()),
                event.path("verb").asText(),
                about.path("apiGroup").asText(),
                about.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
                about.path("namespace").asText(),
                about.path("name").asText(),
                event.at("/responseStatus/code").asInt()));
      }
    } catch (IOException _) {
      // A line that is still in writing.
    }
  }
}

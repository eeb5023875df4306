package dev.peerage.http;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Health and readiness over HTTP: {@code /healthz} and {@code /readyz} answer 200 {@code ok}, or
 * 503 with one line per thing that is wrong.
 */
public final class HealthServer implements AutoCloseable {
  private final HttpListener listener;

  private HealthServer(HttpListener listener) {
    this.listener = listener;
  }

  /**
   * Starts to serve. Where it cannot listen yet, that is logged and tried again.
   *
   * @param address where to listen; port 0 picks one
   * @param live what is wrong beyond repair, by name; the process ends itself then
   * @param ready what is missing yet, by name
   */
  public static HealthServer start(
      InetSocketAddress address,
      Supplier<Map<String, String>> live,
      Supplier<Map<String, String>> ready) {
    var purpose =
        new HttpListener.Purpose(
            "health and readiness",
            "who probes there gets no answer, or that of the program that has the port, so that the"
                + " pod does not get ready; sessions and routes go on",
            "choose another with --http-address (chart: agent.httpPort, operator.httpPort)");
    return new HealthServer(
        HttpListener.start(
            purpose,
            address,
            HttpBounds.SCRAPE,
            Optional.empty(),
            request -> answer(request, live, ready)));
  }

  /** The address in use. */
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }

  private static Answer answer(
      Request request, Supplier<Map<String, String>> live, Supplier<Map<String, String>> ready) {
    return switch (request.path()) {
      case "/healthz" -> check(live.get());
      case "/readyz" -> check(ready.get());
      case String other -> Answer.text(404, other + " is unknown; there are /healthz and /readyz");
    };
  }

  private static Answer check(Map<String, String> problems) {
    if (problems.isEmpty()) {
      return Answer.text(200, "ok");
    }
    var text = new StringBuilder();
    new TreeMap<>(problems)
        .forEach((name, problem) -> text.append(name).append(": ").append(problem).append('\n'));
    return Answer.text(503, text.toString().stripTrailing());
  }
}

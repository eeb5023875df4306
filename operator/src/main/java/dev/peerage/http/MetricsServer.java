package dev.peerage.http;

import dev.peerage.http.ScrapeAccess.Verdict;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /metrics} in Prometheus' text format: over plain HTTP for everybody who reaches it, or
 * over TLS for those whose token is allowed to.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpListener listener;

  private MetricsServer(HttpListener listener) {
    this.listener = listener;
  }

  /**
   * Starts to serve everybody. Where it cannot listen yet, that is logged and tried again.
   *
   * @param address where to listen; port 0 picks one
   */
  public static MetricsServer plain(InetSocketAddress address, PrometheusMeterRegistry metrics) {
    return start(address, Optional.empty(), metrics, _ -> new Verdict.Allowed());
  }

  /**
   * Starts to serve over TLS. Where it cannot listen yet, or has no certificate, that is logged and
   * tried again.
   *
   * @param address where to listen; port 0 picks one
   * @param certificates the folder of tls.crt and tls.key, which may be renewed
   * @param access who may read
   */
  public static MetricsServer tls(
      InetSocketAddress address,
      Path certificates,
      ScrapeAccess access,
      PrometheusMeterRegistry metrics) {
    return start(
        address,
        Optional.of(new Certificates(certificates, InstantSource.system())),
        metrics,
        request ->
            request
                .token()
                .map(access::of)
                .orElse(new Verdict.Unauthenticated("there is no bearer token")));
  }

  /** Whether a request may be answered. */
  private interface Gate {
    Verdict of(Request request);
  }

  private static MetricsServer start(
      InetSocketAddress address,
      Optional<Certificates> certificates,
      PrometheusMeterRegistry metrics,
      Gate gate) {
    var purpose =
        new HttpListener.Purpose(
            "metrics",
            "nobody can read the metrics",
            "choose another address with --metrics-address (chart: metrics.bindAddress,"
                + " agent.metricsPort, operator.metricsPort)");
    return new MetricsServer(
        HttpListener.start(
            purpose,
            address,
            HttpBounds.SCRAPE,
            certificates,
            request -> answer(request, gate, metrics)));
  }

  private static Answer answer(Request request, Gate gate, PrometheusMeterRegistry metrics) {
    if (!request.path().equals("/metrics")) {
      return Answer.text(404, "there is /metrics only");
    }
    return switch (gate.of(request)) {
      case Verdict.Allowed _ -> new Answer.Streamed(TYPE, out -> metrics.scrape(out, TYPE));
      case Verdict.Unauthenticated(String why) -> Answer.text(401, why);
      case Verdict.Forbidden(String user) ->
          Answer.text(403, user + " may not get the URL /metrics");
      case Verdict.Unknown(String why) -> Answer.text(503, why);
    };
  }

  /** The address in use. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Why it does not listen, by name; empty while it does. */
  public Map<String, String> problems() {
    return listener.problems();
  }

  @Override
  public void close() {
    listener.close();
  }
}

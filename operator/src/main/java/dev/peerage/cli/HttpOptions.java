package dev.peerage.cli;

import dev.peerage.http.MetricsServer;
import dev.peerage.http.TokenReviews;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where agent and operator serve their metrics, and to whom. */
final class HttpOptions {
  private static final int REVIEW_MILLIS = 3_000;

  @Option(
      names = "--metrics-address",
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where /metrics is served. Default: not served.")
  private @Nullable InetSocketAddress metricsAddress;

  @Option(
      names = "--metrics-certificates",
      paramLabel = "FOLDER",
      description =
          "A folder with tls.crt and tls.key in PEM, the key in PKCS#8; they are read again when"
              + " they are renewed. With it /metrics is served over TLS, and only to whoever shows"
              + " a bearer token whose user may get the URL /metrics, which the API server is asked"
              + " about. Default: plain HTTP, for everybody.")
  private @Nullable Path certificates;

  /** Serves them, if they are to be served. */
  Optional<MetricsServer> serve(PrometheusMeterRegistry metrics, KubernetesClient client) {
    InetSocketAddress address = metricsAddress;
    Path folder = certificates;
    if (address == null) {
      return Optional.empty();
    }
    return Optional.of(
        folder == null
            ? MetricsServer.plain(address, metrics)
            : MetricsServer.tls(
                address,
                folder,
                new TokenReviews(impatient(client.getConfiguration()), InstantSource.system()),
                metrics));
  }

  /** A scrape is over before a request has been repeated as often as others are. */
  private static KubernetesClient impatient(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(REVIEW_MILLIS)
                .withRequestTimeout(REVIEW_MILLIS)
                .build())
        .build();
  }

  /** All that is missing or wrong. */
  static Map<String, String> all(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new TreeMap<>(one);
    all.putAll(other);
    return all;
  }
}

package dev.peerage.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * The client of a process that mostly watches, of which there is one on every node. What is not
 * answered it tries again after 1.6 seconds at most, so that a route is not late when the API
 * server is back; what is refused, after 8 seconds at most, since 5,000 processes may be refused
 * alike.
 */
public final class WatchClient {
  /** Both are doubled up to 32 times as long. */
  private static final int UNANSWERED_MILLIS = 50;

  private static final int REFUSED_MILLIS = 250;

  /** As many as a request's own time allows; a watch has no such time. */
  private static final int REPETITIONS = 1_000;

  private WatchClient() {}

  /**
   * Makes one.
   *
   * @param config where the API server is
   * @param reading how objects are read
   */
  public static KubernetesClient of(Config config, KubernetesSerialization reading) {
    return ApiServerAway.told(
            new KubernetesClientBuilder()
                .withHttpClientFactory(PingedClients.of(config))
                .withKubernetesSerialization(reading)
                .withConfig(
                    PingedClients.config(config)
                        .withRequestRetryBackoffInterval(UNANSWERED_MILLIS)
                        .withRequestRetryBackoffLimit(REPETITIONS)
                        .withWatchReconnectInterval(REFUSED_MILLIS)
                        .build()),
            "sessions and routes stay as they are, and no status is written before it answers")
        .build();
  }
}

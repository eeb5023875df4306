package dev.peerage.kube;

import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.apiserver.CuttableConnection;
import dev.peerage.reading.Reading;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The API server's machine has gone without a word, or a firewall has forgotten its connections:
 * nothing comes through them any more, not even their end. A watch sends nothing by itself and
 * would wait for ever.
 */
@Tag("cluster")
final class SilentConnectionsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final ApiServer server = ApiServer.running();

  enum Kind {
    AGENT(config -> WatchClient.of(config, Reading.ofAgent())),
    OPERATOR(config -> LeaseFence.client(config, Reading.ofOperator()));

    private final Function<Config, KubernetesClient> client;

    Kind(Function<Config, KubernetesClient> client) {
      this.client = client;
    }
  }

  @ParameterizedTest
  @EnumSource
  void watchesAndRequestsGoOnOverNewOnes(Kind kind) throws IOException {
    String name = "silent-" + kind.name().toLowerCase(Locale.ROOT);
    try (var way = new CuttableConnection(server.client().getMasterUrl().getPort());
        KubernetesClient client = kind.client.apply(config(way));
        SharedIndexInformer<ConfigMap> watch =
            client.configMaps().inNamespace("default").runnableInformer(0)) {
      watch.exceptionHandler((_, _) -> true).start().toCompletableFuture().join();
      await("the watch").atMost(PATIENCE).until(watch::isWatching);
      way.silence();

      server
          .client()
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withNamespace("default")
                  .withName(name)
                  .endMetadata()
                  .build())
          .create();

      await("an answer").atMost(PATIENCE).until(() -> isAnswered(client));
      await("the event")
          .atMost(PATIENCE)
          .until(() -> watch.getStore().getByKey("default/" + name) != null);
    }
  }

  private static boolean isAnswered(KubernetesClient client) {
    try {
      return client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private Config config(CuttableConnection way) throws IOException {
    return new ConfigBuilder(
            Config.fromKubeconfig(Files.readString(server.folder().resolve("admin"))))
        .withMasterUrl("https://127.0.0.1:" + way.port())
        .withWebsocketPingInterval(500)
        .withRequestTimeout(2_000)
        .build();
  }
}

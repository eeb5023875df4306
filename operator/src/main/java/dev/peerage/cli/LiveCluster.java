package dev.peerage.cli;

import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.lint.Manifests;
import dev.peerage.lint.WirePlan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a cluster has of the kinds that plans are made of; writes nothing. */
final class LiveCluster {
  private LiveCluster() {}

  /**
   * Reads a cluster.
   *
   * @throws AgentsException when it cannot be asked, or does not let us see
   */
  static WirePlan.Cluster read(@Nullable String kubeconfig, @Nullable String context) {
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Kubeconfig.ofProcess().read(kubeconfig, context))
            .build()) {
      List<HasMetadata> objects = new ArrayList<>();
      for (Class<? extends HasMetadata> type : Manifests.types()) {
        objects.addAll(list(client, type));
      }
      SortedMap<String, CiliumBGPNodeConfig> nodeConfigs = new TreeMap<>();
      list(client, CiliumBGPNodeConfig.class)
          .forEach(config -> nodeConfigs.put(config.getMetadata().getName(), config));
      return new WirePlan.Cluster(Manifests.of(objects), nodeConfigs);
    }
  }

  private static <T extends HasMetadata> List<T> list(KubernetesClient client, Class<T> type) {
    try {
      return client.resources(type).inAnyNamespace().list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of(); // The cluster does not have the kind.
      }
      throw AgentsException.notReachable(
          "cannot list %s at %s: %s; look at --kubeconfig and --context, or at your rights"
              .formatted(
                  HasMetadata.getPlural(type), client.getMasterUrl(), ClusterAgents.reason(e)));
    }
  }
}

package dev.peerage.agent;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.FreshList;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Empties the status of every CiliumBGPNodeConfig, for when no agent is left to do so. */
public final class EmptyStatuses {
  private EmptyStatuses() {}

  /**
   * Empties them all.
   *
   * @return how many were not empty
   * @throws KubernetesClientException when the API server refuses or does not answer
   */
  public static int in(KubernetesClient client) {
    List<CiliumBGPNodeConfig> configs;
    try {
      configs =
          FreshList.of(client.resources(CiliumBGPNodeConfig.class), UnaryOperator.identity())
              .items();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return 0; // the definitions are gone, and all objects with them
      }
      throw e;
    }
    var writes = new Writes(() -> true);
    var emptied = new AtomicInteger();
    List<CompletableFuture<Void>> all =
        configs.stream()
            .map(config ->
                CompletableFuture.runAsync(
                    () -> writes.run(() -> empty(client, config, emptied)),
                    task -> Thread.ofVirtual().name("empty-status").start(task)))
            .toList();
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof KubernetesClientException refused ? refused : e;
    }
    return emptied.get();
  }

  private static void empty(
      KubernetesClient client, CiliumBGPNodeConfig config, AtomicInteger emptied) {
    if (new StoredStatus(client, () -> Optional.of(config), InstantSource.system()).empty()) {
      emptied.incrementAndGet();
    }
  }
}

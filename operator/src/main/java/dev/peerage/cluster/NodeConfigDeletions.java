package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes NodeConfigs. A deletion ends the sessions of a node, so that what watches have told, or
 * not told yet, is never enough: right before it, the Node, the NodeConfig and the ClusterConfig
 * that owns it are read from the API server, and the deletion holds only for the NodeConfig that
 * was read. {@link DeletionBudget} says how many may go when. Any thread.
 */
final class NodeConfigDeletions {
  private static final Logger log = LoggerFactory.getLogger(NodeConfigDeletions.class);
  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Writes writes;
  private final DeletionBudget budget = new DeletionBudget();

  NodeConfigDeletions(KubernetesClient client, InstantSource clock, Writes writes) {
    this.client = client;
    this.clock = clock;
    this.writes = writes;
  }

  /** Takes note of what was decided for a node; nothing is deleted yet. */
  synchronized void note(NodeDecision decision) {
    Optional<String> owner =
        decision.existing().flatMap(NodeConfigs::owner).map(OwnerReference::getUid);
    if (decision.deletes() && owner.isPresent()) {
      budget.due(decision.node(), owner.get());
    } else if (decision.desired().isPresent() || decision.existing().isPresent()) {
      budget.stays(decision.node());
    } else {
      budget.gone(decision.node());
    }
  }

  /** How many deletions are held back. */
  synchronized int held() {
    return budget.held();
  }

  /** Why deletions of NodeConfigs of this ClusterConfig are held back. */
  synchronized Optional<DeletionBudget.Hold> hold(CiliumBGPClusterConfig owner) {
    return budget.hold(owner.getMetadata().getUid());
  }

  /** Whether NodeConfigs of this ClusterConfig have to go. */
  synchronized boolean isDue(CiliumBGPClusterConfig owner) {
    return !budget.due(owner.getMetadata().getUid()).isEmpty();
  }

  /** The nodes whose NodeConfig may be deleted now. */
  synchronized List<String> allowed(CiliumBGPClusterConfig owner, int total) {
    int before = budget.held();
    List<String> allowed = budget.allowed(owner.getMetadata().getUid(), total, clock.instant());
    if (before == 0) {
      budget
          .hold(owner.getMetadata().getUid())
          .ifPresent(hold ->
              log.warn(
                  "CiliumBGPClusterConfig {}: {}",
                  owner.getMetadata().getName(),
                  ClusterConditions.held(hold)));
    }
    return allowed;
  }

  /** What the API server says of a node, each of it read anew. */
  private record Fresh(
      Optional<CiliumBGPNodeConfig> nodeConfig,
      Optional<Node> node,
      Optional<CiliumBGPClusterConfig> owner) {
    boolean implyDeletion(String name) {
      return Assignment.deletes(
          new NodeFacts(name, node.map(NodeConfigs::labels), Optional.empty(), nodeConfig),
          owner.map(Candidate::new).stream().toList());
    }
  }

  /**
   * Deletes the NodeConfig of a node if what the API server says now implies it. It depends on no
   * ClusterConfig but the owner: should another one select the node by now, the NodeConfig makes
   * room for that one's.
   *
   * @param owner the name of the ClusterConfig that it has to be owned by
   * @throws KubernetesClientException when the API server cannot be asked or refuses
   */
  void delete(String node, String owner) {
    for (var attempt = 1; ; attempt++) {
      Fresh fresh = read(node, owner);
      if (!fresh.implyDeletion(node)) {
        log.info(
            "CiliumBGPNodeConfig {} stays: the API server says that its node is selected, or it is"
                + " gone already",
            node);
        spare(node);
        return;
      }
      try {
        CiliumBGPNodeConfig nodeConfig = fresh.nodeConfig().orElseThrow();
        String version = nodeConfig.getMetadata().getResourceVersion();
        writes.run(() -> client.resource(nodeConfig).lockResourceVersion(version).delete());
        forget(node);
        log.info(
            "Deleted CiliumBGPNodeConfig {}: its ClusterConfig no longer selects the node, or the"
                + " node is gone; its agent ends the sessions",
            node);
        return;
      } catch (KubernetesClientException e) {
        // Its agent writes the status from time to time: what was read is not what there is now.
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * At the same time, as one waits for all of it. Each by its name: an API server answers a list
   * that has to be up to date only when its cache of that kind is, which can take 100 ms.
   */
  private Fresh read(String name, String owner) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var node = CompletableFuture.supplyAsync(() -> get(Node.class, name), executor);
      var config =
          CompletableFuture.supplyAsync(() -> get(CiliumBGPClusterConfig.class, owner), executor);
      return new Fresh(get(CiliumBGPNodeConfig.class, name), node.join(), config.join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof KubernetesClientException refused ? refused : e;
    }
  }

  private <T extends HasMetadata> Optional<T> get(Class<T> kind, String name) {
    @Nullable T found = client.resources(kind).withName(name).get();
    return Optional.ofNullable(found);
  }

  private synchronized void spare(String node) {
    budget.gone(node);
  }

  private synchronized void forget(String node) {
    budget.deleted(node, clock.instant());
  }
}

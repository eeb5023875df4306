package dev.peerage.node;

import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status as the API server holds it. */
final class StoredStatus {
  private static final Logger log = LoggerFactory.getLogger(StoredStatus.class);

  private static final CiliumBGPNodeConfigStatus EMPTY =
      new CiliumBGPNodeConfigStatus(List.of(), List.of());

  private final KubernetesClient client;
  private final Supplier<Optional<CiliumBGPNodeConfig>> nodeConfig;
  private boolean emptied;

  /**
   * Creates it.
   *
   * @param nodeConfig the NodeConfig as last seen
   */
  StoredStatus(KubernetesClient client, Supplier<Optional<CiliumBGPNodeConfig>> nodeConfig) {
    this.client = client;
    this.nodeConfig = nodeConfig;
  }

  /** Stores the status for this state unless it is stored already. Returns whether it wrote. */
  boolean report(SpeakerState state) {
    Optional<CiliumBGPNodeConfig> config = nodeConfig.get();
    if (config.isEmpty()) {
      return false;
    }
    CiliumBGPNodeConfigStatus status = NodeStatus.of(config.get(), state);
    return !status.equals(config.get().getStatus()) && write(config.get(), status);
  }

  /** Empties the status once, however often it is called. Returns whether it wrote. */
  boolean empty() {
    Optional<CiliumBGPNodeConfig> config = nodeConfig.get();
    if (emptied || config.isEmpty()) {
      return false;
    }
    CiliumBGPNodeConfigStatus stored = config.get().getStatus();
    boolean empty = stored == null || stored.equals(EMPTY);
    if (empty || write(config.get(), EMPTY)) {
      emptied = true;
    }
    return !empty && emptied;
  }

  // One request: a patch would make the client read the object first. The status subresource
  // ignores everything but the status, so that fields unknown here are safe.
  private boolean write(CiliumBGPNodeConfig seen, CiliumBGPNodeConfigStatus status) {
    CiliumBGPNodeConfig next = new CiliumBGPNodeConfig();
    next.setMetadata(
        new ObjectMetaBuilder()
            .withName(seen.getMetadata().getName())
            .withResourceVersion(seen.getMetadata().getResourceVersion())
            .build());
    next.setSpec(seen.getSpec());
    next.setStatus(status);
    try {
      client.resource(next).updateStatus();
      return true;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        // The watch will tell that it is gone or newer, which leads here again.
        case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT -> {
          log.debug("The CiliumBGPNodeConfig {} has changed", seen.getMetadata().getName());
          yield false;
        }
        default -> throw e;
      };
    }
  }
}

package dev.peerage.agent;

import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus;
import dev.peerage.kube.Patch;
import dev.peerage.peering.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status as the API server holds it. What is written replaces the instances and this agent's
 * condition; fields that are unknown here and conditions of others stay.
 */
final class StoredStatus {
  private static final Logger log = LoggerFactory.getLogger(StoredStatus.class);

  private static final String FIELD_MANAGER = "peerage-agent";

  private final KubernetesClient client;
  private final Supplier<Optional<CiliumBGPNodeConfig>> nodeConfig;
  private final InstantSource clock;
  private boolean emptied;

  /**
   * Creates it.
   *
   * @param nodeConfig the NodeConfig as last seen
   * @param clock for the times of conditions
   */
  StoredStatus(
      KubernetesClient client,
      Supplier<Optional<CiliumBGPNodeConfig>> nodeConfig,
      InstantSource clock) {
    this.client = client;
    this.nodeConfig = nodeConfig;
    this.clock = clock;
  }

  /**
   * Stores the status unless it is stored already.
   *
   * @param state what is on the wire
   * @param problems of the plan that the speaker has
   * @return whether it wrote
   */
  boolean report(SpeakerState state, Collection<Problem> problems) {
    Optional<CiliumBGPNodeConfig> config = nodeConfig.get();
    if (config.isEmpty()) {
      return false;
    }
    CiliumBGPNodeConfigStatus status =
        NodeStatus.of(config.get(), state, problems, clock.instant());
    return !status.equals(stored(config.get())) && write(config.get(), status);
  }

  /** Empties the status once, however often it is called. Returns whether it wrote. */
  boolean empty() {
    Optional<CiliumBGPNodeConfig> config = nodeConfig.get();
    if (emptied || config.isEmpty()) {
      return false;
    }
    var empty =
        new CiliumBGPNodeConfigStatus(List.of(), NodeStatus.foreignConditions(config.get()));
    boolean wasEmpty = empty.equals(stored(config.get()));
    if (wasEmpty || write(config.get(), empty)) {
      emptied = true;
    }
    return !wasEmpty && emptied;
  }

  /** Whether {@link #empty} has nothing left to do. */
  boolean isEmpty() {
    return emptied || nodeConfig.get().isEmpty();
  }

  private static CiliumBGPNodeConfigStatus stored(CiliumBGPNodeConfig config) {
    return Objects.requireNonNullElseGet(
        config.getStatus(), () -> new CiliumBGPNodeConfigStatus(List.of(), List.of()));
  }

  private boolean write(CiliumBGPNodeConfig seen, CiliumBGPNodeConfigStatus status) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("bgpInstances", orNone(status.bgpInstances()));
    fields.put("conditions", orNone(status.conditions()));
    try {
      var _ =
          Patch.MERGE.sendStatus(
              client,
              seen,
              FIELD_MANAGER,
              Map.of(
                  "metadata",
                  Map.of("resourceVersion", seen.getMetadata().getResourceVersion()),
                  "status",
                  fields));
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

  // RFC 7396: null removes.
  private static @Nullable List<?> orNone(List<?> list) {
    return list.isEmpty() ? null : list;
  }
}

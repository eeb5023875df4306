package dev.peerage.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status as the API server holds it. */
final class StoredStatus {
  private static final Logger log = LoggerFactory.getLogger(StoredStatus.class);

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
    return nodeConfig
        .get()
        .map(config -> {
          CiliumBGPNodeConfigStatus status = NodeStatus.of(config, state);
          return !status.equals(config.getStatus()) && write(config, json(status));
        })
        .orElse(false);
  }

  /** Empties the status once, however often it is called. Returns whether it wrote. */
  boolean empty() {
    Optional<CiliumBGPNodeConfig> config = nodeConfig.get();
    if (emptied || config.isEmpty()) {
      return false;
    }
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    boolean wrote =
        config.get().getStatus() != null
            && !json(config.get().getStatus()).equals(nothing)
            && write(config.get(), nothing);
    emptied = true;
    return wrote;
  }

  private boolean write(CiliumBGPNodeConfig config, JsonNode status) {
    // A merge patch would keep fields that are gone; "add" replaces what is there (RFC 6902).
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.put("op", "add").put("path", "/status").set("value", status);
    String patch = JsonNodeFactory.instance.arrayNode().add(operation).toString();
    try {
      client
          .resources(CiliumBGPNodeConfig.class)
          .withName(config.getMetadata().getName())
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON), patch);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        log.debug("The CiliumBGPNodeConfig {} is gone", config.getMetadata().getName());
        return false;
      }
      throw e;
    }
  }

  private JsonNode json(Object value) {
    return client.getKubernetesSerialization().convertValue(value, JsonNode.class);
  }
}

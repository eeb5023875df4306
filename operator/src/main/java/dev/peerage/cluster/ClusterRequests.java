package dev.peerage.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Patch;
import dev.peerage.watch.Watched;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is sent to the API server for a decision. */
final class ClusterRequests {
  private static final Logger log = LoggerFactory.getLogger(ClusterRequests.class);
  private static final String FIELD_MANAGER = "peerage-operator";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final Watched<CiliumBGPNodeConfig> nodeConfigs;
  private final Watched<CiliumBGPClusterConfig> clusterConfigs;

  ClusterRequests(
      KubernetesClient client,
      Watched<CiliumBGPNodeConfig> nodeConfigs,
      Watched<CiliumBGPClusterConfig> clusterConfigs) {
    this.client = client;
    this.nodeConfigs = nodeConfigs;
    this.clusterConfigs = clusterConfigs;
  }

  void carryOut(NodeDecision decision) {
    if (decision.deletes()) {
      decision.existing().ifPresent(this::delete);
    }
    if (decision.writes()) {
      decision.desired().ifPresent(this::apply);
    }
  }

  private void delete(CiliumBGPNodeConfig nodeConfig) {
    var deleted = client.resource(nodeConfig).delete();
    nodeConfigs.forget(nodeConfig);
    if (!deleted.isEmpty()) {
      log.info(
          "Deleted CiliumBGPNodeConfig {}: its ClusterConfig no longer selects the node, or the"
              + " node is gone; its agent ends the sessions",
          nodeConfig.getMetadata().getName());
    }
  }

  private void apply(CiliumBGPNodeConfig desired) {
    var applied = Patch.APPLY.send(client, desired, FIELD_MANAGER, desired);
    if (!desired.getSpec().equals(applied.getSpec())) {
      // What somebody else has added is theirs for server-side apply.
      applied =
          Patch.OPERATIONS.send(client, desired, FIELD_MANAGER, corrections(applied, desired));
      log.warn(
          "CiliumBGPNodeConfig {} was edited by hand; put back", desired.getMetadata().getName());
    }
    nodeConfigs.remember(applied);
  }

  /** Only what differs: fields that this version does not know stay. */
  private static List<Object> corrections(
      CiliumBGPNodeConfig applied, CiliumBGPNodeConfig desired) {
    var operations = new ArrayList<Object>();
    operations.add(
        Map.of(
            "op",
            "test",
            "path",
            "/metadata/resourceVersion",
            "value",
            applied.getMetadata().getResourceVersion()));
    JsonDiff.asJson(
            JSON.valueToTree(Map.of("spec", applied.getSpec())),
            JSON.valueToTree(Map.of("spec", desired.getSpec())))
        .forEach(operations::add);
    return operations;
  }

  /** Patches the status of a ClusterConfig. */
  void report(String name, Object patch) {
    clusterConfigs
        .get("", name)
        .ifPresent(config ->
            clusterConfigs.remember(Patch.MERGE.sendStatus(client, config, FIELD_MANAGER, patch)));
  }
}

package dev.peerage.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Patch;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes NodeConfigs by server-side apply. */
final class NodeConfigWrites {
  private static final Logger log = LoggerFactory.getLogger(NodeConfigWrites.class);
  private static final String FIELD_MANAGER = "peerage-operator";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  NodeConfigWrites(KubernetesClient client) {
    this.client = client;
  }

  /** Writes a NodeConfig as it is desired; returns it as it then is, without status. */
  CiliumBGPNodeConfig apply(CiliumBGPNodeConfig desired) {
    CiliumBGPNodeConfig applied = Patch.APPLY.send(client, desired, FIELD_MANAGER, desired);
    if (!desired.getSpec().equals(applied.getSpec())) {
      // Server-side apply leaves list entries and fields that another field manager has added.
      applied =
          Patch.OPERATIONS.send(client, desired, FIELD_MANAGER, corrections(applied, desired));
      log.warn(
          "CiliumBGPNodeConfig {} was edited by hand; put back", desired.getMetadata().getName());
    }
    return Trim.nodeConfig(applied);
  }

  /** A JSON patch of what differs in the spec: fields that this version does not know stay. */
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
}

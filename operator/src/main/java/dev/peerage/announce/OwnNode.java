package dev.peerage.announce;

import dev.peerage.peering.NodeSettings;
import io.fabric8.kubernetes.api.model.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the rules for Services read of the node that an agent runs on.
 *
 * @param excluded whether external load balancers shall leave it out
 * @param settings the agent's options
 */
public record OwnNode(String name, boolean excluded, NodeSettings settings) {
  /** The label's presence counts, whatever its value, as for cloud controllers. */
  public static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  /**
   * kubeadm gives every control-plane node the other label too: nobody has chosen it, while the
   * node's ClusterConfig was written by a person.
   */
  public static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

  public static OwnNode of(Node node, NodeSettings settings) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return new OwnNode(
        node.getMetadata().getName(),
        labels != null && labels.containsKey(EXCLUDED) && !labels.containsKey(CONTROL_PLANE),
        settings);
  }

  /** Of a Node's labels those that matter here, without values. */
  public static Map<String, String> labelsRead(@Nullable Map<String, String> labels) {
    Map<String, String> read = new HashMap<>();
    for (String label : List.of(EXCLUDED, CONTROL_PLANE)) {
      if (labels != null && labels.containsKey(label)) {
        read.put(label, "");
      }
    }
    return read;
  }
}

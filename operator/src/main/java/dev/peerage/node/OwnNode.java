package dev.peerage.node;

import io.fabric8.kubernetes.api.model.Node;
import java.util.Map;

/**
 * What the rules for Services read of the node that an agent runs on.
 *
 * @param name the Node's name
 * @param excluded whether external load balancers shall leave it out
 * @param noServiceEndpointsRoutable see {@link NodeSettings}
 */
record OwnNode(String name, boolean excluded, boolean noServiceEndpointsRoutable) {
  /** The label's presence counts, whatever its value, as for cloud controllers. */
  static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  static OwnNode of(Node node, NodeSettings settings) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return new OwnNode(
        node.getMetadata().getName(),
        labels != null && labels.containsKey(EXCLUDED),
        settings.noServiceEndpointsRoutable());
  }
}

package dev.peerage.why;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.LabelSelector;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Why a node runs no BGP: what the operator decides, which no agent sees. */
final class NodeLinks {
  private final List<CiliumBGPClusterConfig> clusterConfigs;
  private final Set<String> configured;

  NodeLinks(ClusterFacts facts) {
    clusterConfigs = facts.clusterConfigs();
    configured =
        facts.nodeConfigs().stream()
            .map(CiliumBGPNodeConfig::getMetadata)
            .map(each -> each.getName())
            .collect(Collectors.toSet());
  }

  /** Why a node has no NodeConfig; empty when it has one. */
  Optional<Reason> of(Node node) {
    String name = node.getMetadata().getName();
    if (configured.contains(name)) {
      return Optional.empty();
    }
    if (clusterConfigs.isEmpty()) {
      return Optional.of(
          new Reason(
              Link.NODE,
              "there is no CiliumBGPClusterConfig",
              "create one that selects the nodes and names their peers",
              "kubectl explain ciliumbgpclusterconfig.spec"));
    }
    Map<String, String> labels =
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    List<String> words = new ArrayList<>();
    Optional<String> label = Optional.empty();
    for (CiliumBGPClusterConfig config : clusterConfigs) {
      LabelSelector selector = config.getSpec().nodeSelector();
      if (selector == null || selector.matches(labels)) {
        return Optional.of(
            new Reason(
                Link.NODE,
                "CiliumBGPClusterConfig %s selects the node, but there is no CiliumBGPNodeConfig of the node's name"
                    .formatted(config.getMetadata().getName()),
                "see whether the operator runs, and what it says about the ClusterConfig",
                "kubectl describe ciliumbgpclusterconfig " + config.getMetadata().getName()));
      }
      List<Unmet> unmet = Unmet.of(selector, labels);
      words.add(config.getMetadata().getName() + " " + Unmet.words(unmet, "the node"));
      label = label.or(() -> Unmet.labels(unmet));
    }
    return Optional.of(
        new Reason(
            Link.NODE,
            "spec.nodeSelector of no CiliumBGPClusterConfig selects the node: "
                + String.join("; ", words),
            "label the node, or correct the nodeSelector",
            label
                .map(each -> "kubectl label node " + name + " " + each + " --overwrite")
                .orElse("kubectl get nodes --show-labels")));
  }
}

package dev.peerage.agent;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether the DaemonSet controller would start a pod on a node: by node selector, required node
 * affinity and taints. What is not understood counts as fitting. Pure.
 */
final class Placement {
  private static final String PREFIX = "node.kubernetes.io/";

  /** The controller lets every pod of a DaemonSet tolerate these; the last with host network. */
  private static final Set<String> TOLERATED =
      Set.of(
          PREFIX + "not-ready",
          PREFIX + "unreachable",
          PREFIX + "disk-pressure",
          PREFIX + "memory-pressure",
          PREFIX + "pid-pressure",
          PREFIX + "unschedulable",
          PREFIX + "network-unavailable");

  private Placement() {}

  /** Why no pod like this is started on the node; empty when one is. */
  static Optional<String> obstacle(PodSpec pod, Node node) {
    Map<String, String> labels =
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    for (Map.Entry<String, String> wanted : orEmpty(pod.getNodeSelector()).entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return Optional.of("the node selector asks for the label " + wanted);
      }
    }
    if (!selects(pod, labels, node.getMetadata().getName())) {
      return Optional.of("the node affinity does not select the Node");
    }
    List<Taint> taints = node.getSpec() == null ? List.of() : node.getSpec().getTaints();
    return taints.stream()
        .filter(taint -> !taint.getEffect().equals("PreferNoSchedule"))
        .filter(taint -> !TOLERATED.contains(taint.getKey()))
        .filter(taint -> pod.getTolerations().stream().noneMatch(each -> tolerates(each, taint)))
        .findFirst()
        .map(taint ->
            "the taint %s:%s is not tolerated".formatted(taint.getKey(), taint.getEffect()));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static boolean selects(PodSpec pod, Map<String, String> labels, String name) {
    Optional<List<NodeSelectorTerm>> terms =
        Optional.ofNullable(pod.getAffinity())
            .map(Affinity::getNodeAffinity)
            .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
            .map(NodeSelector::getNodeSelectorTerms);
    return terms.isEmpty()
        || terms.get().stream()
            .filter(
                term -> !term.getMatchExpressions().isEmpty() || !term.getMatchFields().isEmpty())
            .anyMatch(term ->
                term.getMatchExpressions().stream().allMatch(each -> matches(each, labels::get))
                    && term.getMatchFields().stream()
                        .allMatch(each ->
                            matches(each, key -> key.equals("metadata.name") ? name : null)));
  }

  private static boolean matches(
      NodeSelectorRequirement requirement, Function<String, @Nullable String> values) {
    @Nullable String value = values.apply(requirement.getKey());
    List<String> wanted = requirement.getValues();
    return switch (requirement.getOperator()) {
      case "In" -> value != null && wanted.contains(value);
      case "NotIn" -> value == null || !wanted.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && order(value, wanted) > 0;
      case "Lt" -> value != null && order(value, wanted) < 0;
      case String _ -> true;
    };
  }

  /** 0, which fits neither way, where one is no number. */
  private static int order(String value, List<String> wanted) {
    try {
      return Long.compare(Long.parseLong(value), Long.parseLong(wanted.getFirst()));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    boolean effect =
        isEmpty(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect());
    boolean key = isEmpty(toleration.getKey()) || toleration.getKey().equals(taint.getKey());
    return effect
        && key
        && switch (Objects.requireNonNullElse(toleration.getOperator(), "Equal")) {
          case "", "Equal" ->
              Objects.requireNonNullElse(toleration.getValue(), "")
                  .equals(Objects.requireNonNullElse(taint.getValue(), ""));
          case String _ -> true; // Exists, and what newer releases add
        };
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}

package dev.peerage.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what the speaker of a node does. Pure: no clock, no client, no thread; the same snapshot
 * gives an equal plan.
 */
public final class NodePlanner {
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  private NodePlanner() {}

  /**
   * The plan for a node. What is wrong in the user's objects becomes a {@link Problem} and concerns
   * only what it is about; it is never an exception.
   */
  public static NodePlan plan(NodeSnapshot snapshot) {
    Set<Problem> problems = new LinkedHashSet<>();
    List<ResolvedInstance> instances = Resolution.of(snapshot, problems);
    List<Decision> decisions = new ArrayList<>();
    for (Contribution contribution : contributions(snapshot, instances)) {
      decisions.addAll(contribution.decisions());
      problems.addAll(contribution.problems());
    }
    return new NodePlan(
        ExportPolicies.apply(instances, decisions), List.copyOf(problems), decisions);
  }

  private static List<Contribution> contributions(
      NodeSnapshot snapshot, List<ResolvedInstance> instances) {
    String node = snapshot.node().getMetadata().getName();
    Map<ServiceKey, List<EndpointSlice>> slices =
        snapshot.endpointSlices().stream().collect(Collectors.groupingBy(NodePlanner::serviceOf));
    List<Contribution> contributions = new ArrayList<>();
    contributions.add(PodCidrRoutes.of(snapshot.node(), instances));
    snapshot.services().stream()
        .sorted(Comparator.comparing(NodePlanner::namespace).thenComparing(NodePlanner::name))
        .map(service ->
            ServiceRoutes.of(
                service, slices.getOrDefault(keyOf(service), List.of()), node, instances))
        .forEach(contributions::add);
    return contributions;
  }

  private record ServiceKey(String namespace, String name) {}

  private static ServiceKey keyOf(Service service) {
    return new ServiceKey(namespace(service), name(service));
  }

  private static ServiceKey serviceOf(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return new ServiceKey(
        namespace(slice), labels == null ? "" : labels.getOrDefault(SERVICE_NAME, ""));
  }

  /** The namespace; manifests outside a cluster may leave it out. */
  static String namespace(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getNamespace(), "default");
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}

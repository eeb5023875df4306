package dev.peerage.announce;

import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Offers;
import dev.peerage.peering.Problem;
import dev.peerage.peering.RelevantHost;
import dev.peerage.peering.Resolution;
import dev.peerage.peering.ResolvedInstance;
import dev.peerage.peering.Surroundings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the speaker of a node does. No clock, no client, no thread: what it was told decides
 * its plan, not the order in which it was told. A Service that changes costs its own contribution;
 * when anything else changes, all is decided anew, but what comes out the same stays the same
 * object.
 *
 * <p>Belongs to one thread; its plans may be read by others.
 */
public final class NodePlanner {
  static final String SERVICE_NAME = ServiceKey.SERVICE_NAME;

  private final Map<ServiceKey, Input> inputs = new TreeMap<>();
  private final Map<ServiceKey, List<Problem>> problemsOfServices = new TreeMap<>();
  private @Nullable NodeSnapshot around;
  private List<Problem> problemsAround = List.of();
  private Audiences audiences = new Audiences(List.of());
  private Offerings offerings = Offerings.of(List.of(), NodeSettings.DEFAULT);
  private OwnNode ownNode = new OwnNode("", false, true);
  private List<Contribution> ofNode = List.of();
  private ServiceContributions ofServices = new ServiceContributions();
  private ExportPolicies policies = ExportPolicies.none();
  private NodePlan plan = NodePlan.NOTHING;
  private boolean problemsChanged;

  private record Input(Service service, List<EndpointSlice> slices) {}

  /** A planner that knows nothing yet. */
  public NodePlanner() {}

  /**
   * The plan for a node. What is wrong in the user's objects becomes a {@link Problem} and concerns
   * only what it is about; it is never an exception.
   */
  public static NodePlan plan(NodeSnapshot snapshot) {
    NodePlanner planner = new NodePlanner();
    Map<ServiceKey, List<EndpointSlice>> slices =
        snapshot.endpointSlices().stream().collect(Collectors.groupingBy(ServiceKey::ofOwner));
    for (Service service : snapshot.services()) {
      ServiceKey key = ServiceKey.of(service);
      planner.service(key, Optional.of(service), slices.getOrDefault(key, List.of()));
    }
    planner.surroundings(snapshot);
    return planner.plan();
  }

  /** Takes all that is no Service or EndpointSlice; those of the snapshot are not looked at. */
  public void surroundings(NodeSnapshot all) {
    NodeSnapshot snapshot = RelevantHost.in(all);
    if (snapshot.equals(around)) {
      return;
    }
    Set<Problem> problems = new LinkedHashSet<>();
    List<ResolvedInstance> instances = Resolution.of(snapshot, problems);
    if (!instances.isEmpty()) {
      problems.addAll(Offers.unmatched(snapshot.advertisements(), snapshot.peerConfigs()));
    }
    audiences = new Audiences(instances);
    around = snapshot;
    Surroundings surroundings = snapshot.surroundings();
    offerings = Offerings.of(audiences.speakers(), surroundings.settings());
    ownNode = OwnNode.of(snapshot.node(), surroundings.settings());
    ofNode = ofNode(snapshot);
    ofServices = new ServiceContributions();
    ofNode.forEach(contribution -> problems.addAll(contribution.problems()));
    problemsAround = List.copyOf(problems);
    problemsOfServices.clear();
    inputs.forEach((key, input) -> {
      Contribution contribution = contribution(input);
      ofServices.put(key, contribution);
      keepProblems(key, contribution);
    });
    problemsChanged = true;
    List<Contribution> contributions = new ArrayList<>(ofNode);
    contributions.addAll(ofServices.all());
    policies = policies.next(instances, audiences, contributions);
  }

  private List<Contribution> ofNode(NodeSnapshot snapshot) {
    Surroundings surroundings = snapshot.surroundings();
    List<Contribution> contributions = new ArrayList<>();
    for (String name : offerings.interfaces()) {
      contributions.add(InterfaceRoutes.of(name, surroundings.host(), offerings));
    }
    contributions.add(PodCidrRoutes.of(snapshot.node(), surroundings.ciliumNode(), offerings));
    contributions.addAll(
        PodPoolRoutes.of(
            ownNode.name(), surroundings.podIpPools(), surroundings.ciliumNode(), offerings));
    return List.copyOf(contributions);
  }

  /**
   * Takes one Service.
   *
   * @param service the Service, or empty when it does not exist
   * @param slices its EndpointSlices; endpoints of other nodes may be left out
   */
  public void service(ServiceKey key, Optional<Service> service, List<EndpointSlice> slices) {
    @Nullable Input before = inputs.get(key);
    @Nullable Input now = service.map(each -> new Input(each, List.copyOf(slices))).orElse(null);
    if (Objects.equals(before, now)) {
      return;
    }
    NodeSnapshot snapshot = around;
    @Nullable Contribution next = now == null || snapshot == null ? null : contribution(now);
    if (now == null) {
      inputs.remove(key);
    } else {
      inputs.put(key, now);
    }
    if (snapshot != null) {
      replace(key, next);
    }
  }

  private void replace(ServiceKey key, @Nullable Contribution next) {
    @Nullable Contribution before = ofServices.get(key);
    if (Objects.equals(before, next)) {
      return;
    }
    if (before != null) {
      policies.remove(before);
    }
    if (next == null) {
      ofServices.remove(key);
      problemsChanged |= problemsOfServices.remove(key) != null;
    } else {
      policies.add(next);
      ofServices.put(key, next);
      keepProblems(key, next);
    }
  }

  private void keepProblems(ServiceKey key, Contribution contribution) {
    List<Problem> now = contribution.problems();
    @Nullable List<Problem> before =
        now.isEmpty() ? problemsOfServices.remove(key) : problemsOfServices.put(key, now);
    problemsChanged |= !now.equals(before == null ? List.of() : before);
  }

  private Contribution contribution(Input input) {
    return ServiceRoutes.of(input.service(), input.slices(), ownNode, offerings);
  }

  /** The plan for what it was told so far. */
  public NodePlan plan() {
    plan =
        new NodePlan(
            policies.settle(),
            problemsChanged ? problems() : plan.problems(),
            new Decisions(audiences, ofNode, ofServices));
    problemsChanged = false;
    return plan;
  }

  private List<Problem> problems() {
    Set<Problem> problems = new LinkedHashSet<>(problemsAround);
    problemsOfServices.values().forEach(problems::addAll);
    return List.copyOf(problems);
  }

  /** The namespace; manifests outside a cluster may leave it out. */
  static String namespace(HasMetadata object) {
    return ServiceKey.namespaceOf(object);
  }
}

package dev.peerage.announce;

import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.LastUsable;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Problem;
import dev.peerage.peering.RelevantHost;
import dev.peerage.peering.Resolution;
import dev.peerage.peering.ResolvedInstance;
import dev.peerage.peering.SelectedAdvertisements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the speaker of a node does. No clock, no client, no thread: what it was told decides
 * its plan, not the order in which it was told, but for instances and peers that an edit made
 * unusable: they go on as they were in the plan before. A Service that changes costs the decisions
 * about it; when anything else changes, all is decided anew, but what comes out the same stays the
 * same object.
 *
 * <p>Belongs to one thread. Its plans are values that any thread may read.
 */
public final class NodePlanner {
  private final Map<ServiceKey, Input> inputs = new TreeMap<>();
  private final Map<ServiceKey, List<Problem>> problemsOfServices = new TreeMap<>();
  private final ChangedDecisions changed = new ChangedDecisions();
  private @Nullable NodeSnapshot configuration;
  private LastUsable usable;
  private List<Problem> problemsOfConfiguration = List.of();
  private PolicyGroups groups = PolicyGroups.NONE;
  private PeerAdvertisements advertisements =
      PeerAdvertisements.of(List.of(), NodeSettings.DEFAULT);
  private OwnNode ownNode = new OwnNode("", false, NodeSettings.DEFAULT);
  private List<ObjectDecisions> ofNode = List.of();
  private DecisionsByService ofServices = DecisionsByService.EMPTY;
  private RoutePolicies policies = RoutePolicies.none();
  private NodePlan plan = NodePlan.NOTHING;
  private boolean problemsChanged;

  private record Input(Service service, List<EndpointSlice> slices) {}

  /** A planner that knows nothing yet. */
  public NodePlanner() {
    this(LastUsable.NONE);
  }

  /**
   * A planner that knows no objects yet.
   *
   * @param usable that of the plan that is in force
   */
  public NodePlanner(LastUsable usable) {
    this.usable = usable;
  }

  /**
   * The plan for a node. What is wrong in the user's objects becomes a {@link Problem} and concerns
   * only what it is about; it is never an exception.
   */
  public static NodePlan plan(NodeSnapshot snapshot) {
    return plan(snapshot, LastUsable.NONE);
  }

  /**
   * Like {@link #plan(NodeSnapshot)}.
   *
   * @param usable that of the plan that is in force
   */
  public static NodePlan plan(NodeSnapshot snapshot, LastUsable usable) {
    var planner = new NodePlanner(usable);
    Map<ServiceKey, List<EndpointSlice>> slices =
        snapshot.endpointSlices().stream().collect(Collectors.groupingBy(ServiceKey::ofOwner));
    for (Service service : snapshot.services()) {
      ServiceKey key = ServiceKey.of(service);
      planner.service(key, Optional.of(service), slices.getOrDefault(key, List.of()));
    }
    planner.configuration(snapshot);
    return planner.plan();
  }

  /** Takes everything but Services and EndpointSlices; those of the snapshot are not looked at. */
  public void configuration(NodeSnapshot complete) {
    NodeSnapshot snapshot = RelevantHost.in(complete);
    if (snapshot.equals(configuration)) {
      return;
    }
    Set<Problem> problems = new LinkedHashSet<>();
    Resolution.Resolved resolved = Resolution.of(snapshot, usable, problems);
    usable = resolved.usable();
    List<ResolvedInstance> instances = resolved.instances();
    if (!instances.isEmpty()) {
      problems.addAll(
          SelectedAdvertisements.unmatched(snapshot.advertisements(), snapshot.peerConfigs()));
    }
    boolean first = configuration == null;
    PolicyGroups groupsBefore = groups;
    List<ObjectDecisions> ofNodeBefore = ofNode;
    DecisionsByService ofServicesBefore = ofServices;
    groups = new PolicyGroups(instances);
    configuration = snapshot;
    NodeContext context = snapshot.context();
    advertisements = PeerAdvertisements.of(groups.firstPeers(), context.settings());
    ownNode = OwnNode.of(snapshot.node(), context.settings());
    ofNode = ofNode(snapshot);
    ofNode.forEach(object -> problems.addAll(object.problems()));
    problemsOfConfiguration = List.copyOf(problems);
    problemsOfServices.clear();
    SortedMap<ServiceKey, ObjectDecisions> decided = new TreeMap<>();
    inputs.forEach((key, input) -> {
      ObjectDecisions decisions = decide(input);
      decided.put(key, decisions);
      keepProblems(key, decisions);
    });
    ofServices = DecisionsByService.of(decided);
    problemsChanged = true;
    if (!first) {
      changed.add(side(groupsBefore, ofNodeBefore), side(groups, ofNode));
      decided.forEach((key, now) ->
          changed.add(
              side(groupsBefore, listed(ofServicesBefore.get(key))), side(groups, List.of(now))));
    }
    List<ObjectDecisions> all = new ArrayList<>(ofNode);
    all.addAll(decided.values());
    policies = policies.next(instances, groups, all);
  }

  private List<ObjectDecisions> ofNode(NodeSnapshot snapshot) {
    NodeContext context = snapshot.context();
    List<ObjectDecisions> decisions = new ArrayList<>();
    for (String name : advertisements.interfaces()) {
      decisions.add(InterfaceRoutes.of(name, context.host(), advertisements));
    }
    decisions.add(PodCidrRoutes.of(snapshot.node(), context.ciliumNode(), advertisements));
    decisions.addAll(
        PodPoolRoutes.of(
            ownNode.name(), context.podIpPools(), context.ciliumNode(), advertisements));
    return List.copyOf(decisions);
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
    boolean configured = configuration != null;
    @Nullable ObjectDecisions next = now == null || !configured ? null : decide(now);
    if (now == null) {
      inputs.remove(key);
    } else {
      inputs.put(key, now);
    }
    if (configured) {
      replace(key, next);
    }
  }

  private void replace(ServiceKey key, @Nullable ObjectDecisions next) {
    @Nullable ObjectDecisions before = ofServices.get(key);
    if (Objects.equals(before, next)) {
      return;
    }
    changed.add(side(groups, listed(before)), side(groups, listed(next)));
    if (before != null) {
      policies.remove(before);
    }
    if (next == null) {
      ofServices = ofServices.without(key);
      problemsChanged |= problemsOfServices.remove(key) != null;
    } else {
      policies.add(next);
      ofServices = ofServices.with(key, next);
      keepProblems(key, next);
    }
  }

  private static List<ObjectDecisions> listed(@Nullable ObjectDecisions decisions) {
    return decisions == null ? List.of() : List.of(decisions);
  }

  private static ChangedDecisions.Side side(PolicyGroups groups, List<ObjectDecisions> objects) {
    return new ChangedDecisions.Side(
        groups, objects.stream().flatMap(each -> each.decisions().stream()).toList());
  }

  /**
   * What is decided otherwise than it was when this was last called. The first decisions of a
   * planner are no change: it does not know what was before.
   */
  public DecisionChange.Some takeChanges() {
    return changed.take();
  }

  private void keepProblems(ServiceKey key, ObjectDecisions decisions) {
    List<Problem> now = decisions.problems();
    @Nullable List<Problem> before =
        now.isEmpty() ? problemsOfServices.remove(key) : problemsOfServices.put(key, now);
    problemsChanged |= !now.equals(before == null ? List.of() : before);
  }

  private ObjectDecisions decide(Input input) {
    return ServiceRoutes.of(input.service(), input.slices(), ownNode, advertisements);
  }

  /** The plan for what it was told so far. */
  public NodePlan plan() {
    plan =
        new NodePlan(
            policies.settle(),
            problemsChanged ? problems() : plan.problems(),
            new Decisions(groups, ofNode, ofServices),
            usable);
    problemsChanged = false;
    return plan;
  }

  private List<Problem> problems() {
    Set<Problem> problems = new LinkedHashSet<>(problemsOfConfiguration);
    problemsOfServices.values().forEach(problems::addAll);
    return List.copyOf(problems);
  }
}

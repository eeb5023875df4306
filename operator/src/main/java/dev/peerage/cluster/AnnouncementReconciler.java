package dev.peerage.cluster;

import dev.peerage.announce.Fleet;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.FreshList;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Warning;
import dev.peerage.peering.Problem;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells by an Event of a Service whose address an advertisement selects and no node announces: no
 * agent can know that of the others. It writes nothing else.
 */
final class AnnouncementReconciler implements Reconciler<Service>, OperatorReconciler<Service> {
  /** What all nodes hold is looked at this often at most, while it changes. */
  private static final Duration FLEET = Duration.ofSeconds(1);

  /** Nodes come and go without an event of the Service: those that need one are looked at again. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** More Services than these are not told of at once: what is wrong is then no single one. */
  static final int MOST = 100;

  private static final String TOPIC = "announced";
  private static final String OWNER = "owner";

  private final Supplier<ClusterView> view;
  private final EventWriter events;
  private final InstantSource clock;
  private final Set<ServiceKey> told = new HashSet<>();
  private @Nullable Watched watched;
  private Instant looked = Instant.MIN;
  private Fleet fleet = new Fleet(List.of(), List.of(), List.of());

  private record Watched(
      InformerEventSource<EndpointSlice, Service> slices,
      InformerEventSource<CiliumBGPPeerConfig, Service> peerConfigs,
      InformerEventSource<CiliumBGPAdvertisement, Service> advertisements) {}

  AnnouncementReconciler(Supplier<ClusterView> view, EventWriter events, InstantSource clock) {
    this.view = view;
    this.events = events;
    this.clock = clock;
  }

  /** All changes of load balancers in all namespaces, and their deletion. */
  @Override
  public void configure(ControllerConfigurationOverrider<Service> configuration) {
    configuration
        .withName("announced-service")
        .watchingAllNamespaces()
        .withItemStore(new TrimmedStore<>(Trim::service))
        .withOnAddFilter(Trim::isBalanced)
        .withOnUpdateFilter((now, before) -> Trim.isBalanced(now) || Trim.isBalanced(before));
  }

  /** Besides its own changes: its EndpointSlices; the specs of PeerConfigs and Advertisements. */
  @Override
  public List<EventSource<?, Service>> prepareEventSources(EventSourceContext<Service> context) {
    IndexerResourceCache<Service> services = context.getPrimaryCache();
    InformerEventSource<EndpointSlice, Service> slices =
        Watches.of(
            context,
            EndpointSlice.class,
            it ->
                it.withWatchAllNamespaces()
                    .withLabelSelector(ServiceKey.SERVICE_NAME)
                    .withItemStore(new TrimmedStore<>(Trim::slice))
                    .withInformerListLimit(FreshList.PAGE)
                    .withSecondaryToPrimaryMapper(slice -> owner(slice, services)));
    slices.addIndexers(Map.of(OWNER, slice -> List.of(ServiceKey.ofOwner(slice).toString())));
    var all =
        new Watched(
            slices,
            Watches.of(
                context,
                CiliumBGPPeerConfig.class,
                it -> it.withOnUpdateFilter(Watches::isNewSpec)),
            Watches.of(context, CiliumBGPAdvertisement.class, it -> it));
    watched = all;
    return List.of(all.slices(), all.peerConfigs(), all.advertisements());
  }

  private static Set<ResourceID> owner(
      EndpointSlice slice, IndexerResourceCache<Service> services) {
    ServiceKey owner = ServiceKey.ofOwner(slice);
    var id = new ResourceID(owner.name(), owner.namespace());
    return services.get(id).filter(Trim::isBalanced).isPresent() ? Set.of(id) : Set.of();
  }

  @Override
  public synchronized UpdateControl<Service> decide(Service object, Context<Service> context) {
    Optional<Service> service =
        context
            .getPrimaryCache()
            .get(ResourceID.fromResource(object))
            .filter(_ -> !context.isPrimaryResourceDeleted());
    Optional<Problem> problem = service.flatMap(this::unannounced);
    ServiceKey key = ServiceKey.of(object);
    if (problem.isEmpty()) {
      told.remove(key);
    } else if (told.size() < MOST) {
      told.add(key);
    }
    events.keep(
        TOPIC,
        object,
        problem
            .filter(_ -> told.contains(key))
            .map(each -> Set.of(warning(service.orElseThrow(), each)))
            .orElse(Set.of()));
    boolean local = service.filter(AnnouncementReconciler::isLocal).isPresent();
    return OperatorReconciler.again(
        context, local || problem.isPresent() ? Optional.of(AGAIN) : Optional.empty());
  }

  private static boolean isLocal(Service service) {
    return service.getSpec() != null
        && "Local".equals(service.getSpec().getExternalTrafficPolicy());
  }

  private Optional<Problem> unannounced(Service service) {
    return Trim.isBalanced(service)
        ? fleet().unannounced(service, slices(ServiceKey.of(service)))
        : Optional.empty();
  }

  private List<EndpointSlice> slices(ServiceKey service) {
    return watched().slices().byIndex(OWNER, service.toString());
  }

  private Fleet fleet() {
    Instant now = clock.instant();
    if (looked.plus(FLEET).isAfter(now)) {
      return fleet;
    }
    ClusterView cluster = view.get();
    Set<String> used =
        cluster
            .nodeConfigs()
            .list()
            .flatMap(each -> each.getSpec().bgpInstances().stream())
            .flatMap(instance -> instance.peers().stream())
            .filter(peer -> peer.peerConfigRef() != null)
            .map(peer -> Objects.requireNonNull(peer.peerConfigRef()).name())
            .collect(Collectors.toSet());
    List<Node> nodes =
        cluster
            .nodes()
            .list()
            .filter(node -> cluster.nodeConfig(node.getMetadata().getName()).isPresent())
            .toList();
    fleet =
        new Fleet(
            nodes,
            watched()
                .peerConfigs()
                .list()
                .filter(each -> used.contains(each.getMetadata().getName()))
                .toList(),
            watched().advertisements().list().toList());
    looked = now;
    return fleet;
  }

  private Watched watched() {
    return Objects.requireNonNull(watched, "not registered yet");
  }

  private static Warning warning(Service service, Problem problem) {
    return new Warning(
        Warning.Subject.of(service),
        problem.severity().reason(),
        problem.field() + ": " + problem.what() + "; " + problem.remedy());
  }
}

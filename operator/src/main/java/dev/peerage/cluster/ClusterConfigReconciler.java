package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EndlessRetry;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Wake;
import dev.peerage.kube.Warning;
import dev.peerage.peering.Advice;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the conditions of one ClusterConfig, tells of what is wrong with it by Events, and deletes
 * those of its NodeConfigs that have to go.
 */
final class ClusterConfigReconciler
    implements Reconciler<CiliumBGPClusterConfig>, EndlessRetry<CiliumBGPClusterConfig> {
  /** How long to wait for nodes that have not been decided yet, if none of them tells before. */
  private static final Duration UNDECIDED = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final BgpCluster cluster;
  private final ConditionWrites conditions;
  private final EventWriter events;
  private @Nullable InformerEventSource<CiliumBGPPeerConfig, CiliumBGPClusterConfig> peerConfigs;
  private @Nullable Wake<CiliumBGPClusterConfig> wake;

  ClusterConfigReconciler(
      InstantSource clock, BgpCluster cluster, ConditionWrites conditions, EventWriter events) {
    this.clock = clock;
    this.cluster = cluster;
    this.conditions = conditions;
    this.events = events;
  }

  /** All its changes, its status as well: what others do to our conditions is put back. */
  static void configure(ControllerConfigurationOverrider<CiliumBGPClusterConfig> configuration) {
    configuration
        .withName("clusterconfigs")
        .withGenerationAware(false)
        .withTriggerReconcilerOnAllEvents(true);
  }

  /**
   * Besides its own changes: PeerConfigs that come and go, and what the nodes say of it,
   * NodeConfigs that have to go among it.
   */
  @Override
  public List<EventSource<?, CiliumBGPClusterConfig>> prepareEventSources(
      EventSourceContext<CiliumBGPClusterConfig> context) {
    IndexerResourceCache<CiliumBGPClusterConfig> configs = context.getPrimaryCache();
    var peers =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(
                    CiliumBGPPeerConfig.class, CiliumBGPClusterConfig.class)
                .withName("CiliumBGPPeerConfig")
                .withItemStore(new TrimmedStore<>(Trim::peerConfig))
                .withOnUpdateFilter((_, _) -> false)
                .withPrimaryToSecondaryMapper((CiliumBGPClusterConfig _) -> Set.of())
                .withSecondaryToPrimaryMapper(_ -> configs.keys().collect(Collectors.toSet()))
                .build(),
            context);
    var nodes = new Wake<CiliumBGPClusterConfig>("nodes", configs);
    peerConfigs = peers;
    wake = nodes;
    return List.of(peers, nodes);
  }

  /** Has ClusterConfigs reconciled. */
  void wake(Collection<String> names) {
    Objects.requireNonNull(wake, "not registered yet").up(names);
  }

  @Override
  public UpdateControl<CiliumBGPClusterConfig> reconcile(
      CiliumBGPClusterConfig config, Context<CiliumBGPClusterConfig> context) {
    cluster.start();
    if (context.isPrimaryResourceDeleted()) {
      conditions.forget(config);
      events.keep(config, Set.of());
      return UpdateControl.noUpdate();
    }
    return cluster
        .metrics()
        .round(() -> {
          try {
            boolean waiting = cluster.deleteWhatMayGo(config);
            return again(
                Stream.concat(
                    report(config, context).stream(),
                    waiting ? Stream.of(DeletionBudget.PACE) : Stream.empty()));
          } catch (RuntimeException e) {
            var _ =
                report(config, context); // What cannot be deleted keeps nothing from being said.
            throw e;
          }
        });
  }

  private static UpdateControl<CiliumBGPClusterConfig> again(Stream<Duration> delays) {
    var none = UpdateControl.<CiliumBGPClusterConfig>noUpdate();
    return delays.min(Duration::compareTo).map(none::rescheduleAfter).orElse(none);
  }

  private Optional<Duration> report(
      CiliumBGPClusterConfig config, Context<CiliumBGPClusterConfig> context) {
    Optional<DeletionBudget.Hold> hold = cluster.hold(config);
    Set<Warning> warnings = new HashSet<>(Advice.of(config));
    hold.ifPresent(it ->
        warnings.add(
            new Warning(
                Advice.subject(config),
                "NodeConfigDeletionsHeldBack",
                ClusterConditions.held(it))));
    events.keep(config, warnings);
    Optional<Tally> tally = cluster.ledger().tally(config, cluster.view()::hasNode);
    if (tally.isEmpty() && conditions.statusReport()) {
      return Optional.of(UNDECIDED);
    }
    InformerEventSource<CiliumBGPPeerConfig, CiliumBGPClusterConfig> peers =
        Objects.requireNonNull(peerConfigs, "not registered yet");
    return conditions.write(
        config,
        context,
        config.getStatus() == null ? List.of() : config.getStatus().conditions(),
        ClusterConditions.TYPES,
        ClusterConditions.of(
            config,
            new Candidate(config).missing(name -> peers.get(new ResourceID(name)).isPresent()),
            tally.orElseGet(Tally::new),
            hold,
            clock.instant()));
  }
}

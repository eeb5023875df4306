package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Wake;
import dev.peerage.kube.Warning;
import dev.peerage.peering.Advice;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the conditions of one ClusterConfig, tells of what is wrong with it by Events, and deletes
 * those of its NodeConfigs that have to go.
 */
final class ClusterConfigReconciler
    implements Reconciler<CiliumBGPClusterConfig>, OperatorReconciler<CiliumBGPClusterConfig> {
  /** How long to wait for nodes that have not been decided yet, if none of them tells before. */
  private static final Duration UNDECIDED = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final BgpCluster cluster;
  private final ConditionWrites conditions;
  private final EventWriter events;
  private final Wake<CiliumBGPClusterConfig> wake = new Wake<>("nodes");
  private @Nullable InformerEventSource<CiliumBGPPeerConfig, CiliumBGPClusterConfig> peerConfigs;

  ClusterConfigReconciler(
      InstantSource clock, BgpCluster cluster, ConditionWrites conditions, EventWriter events) {
    this.clock = clock;
    this.cluster = cluster;
    this.conditions = conditions;
    this.events = events;
  }

  /** All its changes, its status as well: what others do to our conditions is put back. */
  @Override
  public void configure(ControllerConfigurationOverrider<CiliumBGPClusterConfig> configuration) {
    configuration.withName("clusterconfigs");
  }

  /**
   * Besides its own changes: PeerConfigs that come and go, and what the nodes say of it,
   * NodeConfigs that have to go among it.
   */
  @Override
  public List<EventSource<?, CiliumBGPClusterConfig>> prepareEventSources(
      EventSourceContext<CiliumBGPClusterConfig> context) {
    InformerEventSource<CiliumBGPPeerConfig, CiliumBGPClusterConfig> peers =
        Watches.of(
            context,
            CiliumBGPPeerConfig.class,
            it ->
                it.withItemStore(new TrimmedStore<>(Trim::peerConfig))
                    .withOnUpdateFilter((_, _) -> false));
    peerConfigs = peers;
    return List.of(peers, wake.in(context.getPrimaryCache()));
  }

  /** Has ClusterConfigs reconciled. */
  void wake(Collection<String> names) {
    wake.up(names);
  }

  @Override
  public UpdateControl<CiliumBGPClusterConfig> decide(
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
            Optional<Duration> again = report(config, context);
            return OperatorReconciler.again(
                context,
                waiting
                    ? again
                        .filter(it -> it.compareTo(DeletionBudget.PACE) < 0)
                        .or(() -> Optional.of(DeletionBudget.PACE))
                    : again);
          } catch (RuntimeException e) {
            var _ =
                report(config, context); // What cannot be deleted keeps nothing from being said.
            throw e;
          }
        });
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

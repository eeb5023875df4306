package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EndlessRetry;
import dev.peerage.kube.EventWriter;
import dev.peerage.peering.Advice;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells of what is wrong with one Advertisement by Events; there is no status to write. */
final class AdvertisementReconciler
    implements Reconciler<CiliumBGPAdvertisement>, EndlessRetry<CiliumBGPAdvertisement> {
  private final EventWriter events;
  private @Nullable InformerEventSource<CiliumBGPPeerConfig, CiliumBGPAdvertisement> peerConfigs;

  AdvertisementReconciler(EventWriter events) {
    this.events = events;
  }

  /** Its spec and its labels, by which PeerConfigs select it. */
  static void configure(ControllerConfigurationOverrider<CiliumBGPAdvertisement> configuration) {
    configuration
        .withName("advertisements")
        .withGenerationAware(false)
        .withTriggerReconcilerOnAllEvents(true);
  }

  /** Besides its own changes: the specs of all PeerConfigs. */
  @Override
  public List<EventSource<?, CiliumBGPAdvertisement>> prepareEventSources(
      EventSourceContext<CiliumBGPAdvertisement> context) {
    IndexerResourceCache<CiliumBGPAdvertisement> all = context.getPrimaryCache();
    var source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(
                    CiliumBGPPeerConfig.class, CiliumBGPAdvertisement.class)
                .withName("CiliumBGPPeerConfig")
                .withOnUpdateFilter((now, before) ->
                    !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration()))
                .withPrimaryToSecondaryMapper((CiliumBGPAdvertisement _) -> Set.of())
                .withSecondaryToPrimaryMapper(_ -> all.keys().collect(Collectors.toSet()))
                .build(),
            context);
    peerConfigs = source;
    return List.of(source);
  }

  @Override
  public UpdateControl<CiliumBGPAdvertisement> reconcile(
      CiliumBGPAdvertisement advertisement, Context<CiliumBGPAdvertisement> context) {
    events.keep(
        advertisement,
        context.isPrimaryResourceDeleted()
            ? Set.of()
            : Advice.of(
                advertisement,
                Objects.requireNonNull(peerConfigs).list().toList(),
                context.getPrimaryCache().list().toList()));
    return UpdateControl.noUpdate();
  }
}

package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.peering.Advice;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells of what is wrong with one Advertisement by Events; there is no status to write. */
final class AdvertisementReconciler
    implements Reconciler<CiliumBGPAdvertisement>, OperatorReconciler<CiliumBGPAdvertisement> {
  private final EventWriter events;
  private @Nullable InformerEventSource<CiliumBGPPeerConfig, CiliumBGPAdvertisement> peerConfigs;

  AdvertisementReconciler(EventWriter events) {
    this.events = events;
  }

  /** Its spec and its labels, by which PeerConfigs select it. */
  @Override
  public void configure(ControllerConfigurationOverrider<CiliumBGPAdvertisement> configuration) {
    configuration.withName("advertisements");
  }

  /** Besides its own changes: the specs of all PeerConfigs. */
  @Override
  public List<EventSource<?, CiliumBGPAdvertisement>> prepareEventSources(
      EventSourceContext<CiliumBGPAdvertisement> context) {
    InformerEventSource<CiliumBGPPeerConfig, CiliumBGPAdvertisement> source =
        Watches.of(
            context, CiliumBGPPeerConfig.class, it -> it.withOnUpdateFilter(Watches::isNewSpec));
    peerConfigs = source;
    return List.of(source);
  }

  @Override
  public UpdateControl<CiliumBGPAdvertisement> decide(
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

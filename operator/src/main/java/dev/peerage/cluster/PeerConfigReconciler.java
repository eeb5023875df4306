package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.Advice;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.Secret;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the condition {@code cilium.io/MissingAuthSecret} of one PeerConfig, and tells of what is
 * wrong with it by Events. Of the Secrets only what is wrong with them is kept, no password.
 */
final class PeerConfigReconciler
    implements Reconciler<CiliumBGPPeerConfig>, OperatorReconciler<CiliumBGPPeerConfig> {
  private final InstantSource clock;
  private final BgpCluster.Settings settings;
  private final ConditionWrites conditions;
  private final EventWriter events;
  private @Nullable InformerEventSource<CiliumBGPAdvertisement, CiliumBGPPeerConfig> advertisements;
  private Optional<InformerEventSource<Secret, CiliumBGPPeerConfig>> secrets = Optional.empty();

  PeerConfigReconciler(
      InstantSource clock,
      BgpCluster.Settings settings,
      ConditionWrites conditions,
      EventWriter events) {
    this.clock = clock;
    this.settings = settings;
    this.conditions = conditions;
    this.events = events;
  }

  /** All its changes, its status as well: what others do to our condition is put back. */
  @Override
  public void configure(ControllerConfigurationOverrider<CiliumBGPPeerConfig> configuration) {
    configuration.withName("peerconfigs");
  }

  /** Besides its own changes: the Secret that it names, and all Advertisements. */
  @Override
  public List<EventSource<?, CiliumBGPPeerConfig>> prepareEventSources(
      EventSourceContext<CiliumBGPPeerConfig> context) {
    IndexerResourceCache<CiliumBGPPeerConfig> configs = context.getPrimaryCache();
    var sources = new ArrayList<EventSource<?, CiliumBGPPeerConfig>>();
    InformerEventSource<CiliumBGPAdvertisement, CiliumBGPPeerConfig> announced =
        Watches.of(context, CiliumBGPAdvertisement.class, it -> it);
    sources.add(announced);
    advertisements = announced;
    if (!settings.secretsNamespace().isEmpty() && settings.secretsReadable()) {
      InformerEventSource<Secret, CiliumBGPPeerConfig> source =
          Watches.of(
              context,
              Secret.class,
              it ->
                  it.withNamespaces(Set.of(settings.secretsNamespace()))
                      .withItemStore(new TrimmedStore<>(Passwords::withoutPassword))
                      .withSecondaryToPrimaryMapper(secret ->
                          configs
                              .list(config ->
                                  secret
                                      .getMetadata()
                                      .getName()
                                      .equals(config.getSpec().authSecretRef()))
                              .map(ResourceID::fromResource)
                              .collect(Collectors.toSet())));
      sources.add(source);
      secrets = Optional.of(source);
    }
    return sources;
  }

  @Override
  public UpdateControl<CiliumBGPPeerConfig> decide(
      CiliumBGPPeerConfig config, Context<CiliumBGPPeerConfig> context) {
    if (context.isPrimaryResourceDeleted()) {
      conditions.forget(config);
      events.keep(config, Set.of());
      return UpdateControl.noUpdate();
    }
    Optional<Passwords> passwords = passwords();
    events.keep(
        config,
        Advice.of(config, Objects.requireNonNull(advertisements).list().toList(), passwords));
    if (settings.secretsNamespace().isEmpty() || settings.secretsReadable()) {
      Optional<Duration> again =
          conditions.write(
              config,
              context,
              config.getStatus() == null ? List.of() : config.getStatus().conditions(),
              List.of(AuthSecret.MISSING),
              settings.secretsNamespace().isEmpty()
                  ? List.of()
                  : List.of(
                      AuthSecret.condition(
                          config, settings.secretsNamespace(), this::secret, clock.instant())));
      return OperatorReconciler.again(context, again);
    }
    return UpdateControl.noUpdate();
  }

  private Optional<Secret> secret(String name) {
    return secrets.flatMap(it -> it.get(new ResourceID(name, settings.secretsNamespace())));
  }

  /** Empty when they must not be read. */
  private Optional<Passwords> passwords() {
    if (settings.secretsNamespace().isEmpty()) {
      return Optional.of(Passwords.NONE);
    }
    return secrets.map(it -> Passwords.of(settings.secretsNamespace(), it.list().toList()));
  }
}

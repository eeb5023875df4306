package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.peering.Passwords;
import dev.peerage.watch.Controller;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the condition {@code cilium.io/MissingAuthSecret} of the PeerConfigs. Of the Secrets it
 * keeps the names and whether there is a password, no password.
 */
public final class PeerConfigController extends Controller {
  private static final String FIELD_MANAGER = "peerage-operator";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Optional<String> namespace;
  private final ClusterMetrics metrics;
  private final Watched<CiliumBGPPeerConfig> peerConfigs;
  private final Optional<Watched<Secret>> secrets;

  /**
   * A controller that does nothing yet.
   *
   * @param namespace where the Secrets are; empty: nothing is reported, and what was is removed
   */
  public PeerConfigController(
      KubernetesClient client,
      InstantSource clock,
      Optional<String> namespace,
      MeterRegistry registry) {
    super("peerconfigs", registry);
    this.client = client;
    this.clock = clock;
    this.namespace = namespace;
    this.metrics = new ClusterMetrics(registry);
    peerConfigs = watches.add(client.resources(CiliumBGPPeerConfig.class), it -> it);
    secrets =
        namespace.map(where ->
            watches.add(client.secrets().inNamespace(where), Passwords::read, AuthSecret::trimmed));
  }

  @Override
  protected Duration reconcile() {
    // Few, and one Secret may concern several.
    for (var peerConfig : peerConfigs.all()) {
      var name = peerConfig.getMetadata().getName();
      var key = "CiliumBGPPeerConfig " + name;
      StatusConditions.change(
              peerConfig, stored(peerConfig), List.of(AuthSecret.MISSING), condition(peerConfig))
          .ifPresentOrElse(
              patch ->
                  writes.submit(
                      key,
                      patch,
                      "writing the condition of " + key,
                      () ->
                          metrics.counted(
                              "CiliumBGPPeerConfig",
                              name,
                              () ->
                                  peerConfigs.remember(
                                      Patch.MERGE.sendStatus(
                                          client, peerConfig, FIELD_MANAGER, patch)))),
              () -> writes.cancel(key));
    }
    return ReconcileLoop.RESYNC;
  }

  private List<Condition> condition(CiliumBGPPeerConfig peerConfig) {
    return namespace.stream()
        .map(where ->
            AuthSecret.condition(
                peerConfig,
                where,
                name -> secrets.flatMap(it -> it.get(where, name)),
                clock.instant()))
        .toList();
  }

  private static List<Condition> stored(CiliumBGPPeerConfig peerConfig) {
    return peerConfig.getStatus() == null ? List.of() : peerConfig.getStatus().conditions();
  }
}

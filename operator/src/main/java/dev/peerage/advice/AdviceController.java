package dev.peerage.advice;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.EventWriter;
import dev.peerage.peering.Advice;
import dev.peerage.peering.Passwords;
import dev.peerage.watch.ReconcileLoop;
import dev.peerage.watch.Watched;
import dev.peerage.watch.Watches;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Keeps Events about objects that do nothing, or not what they seem to ask for. */
public final class AdviceController implements AutoCloseable {
  private final EventWriter events;
  private final String secretsNamespace;
  private final ReconcileLoop loop;
  private final Watches watches;
  private final Watched<CiliumBGPClusterConfig> clusterConfigs;
  private final Watched<CiliumBGPPeerConfig> peerConfigs;
  private final Watched<CiliumBGPAdvertisement> advertisements;
  private final Watched<CiliumLoadBalancerIPPool> pools;

  /** Of their own, so that what cannot be read of them does not keep the rest from being said. */
  private final Watches watchesOfSecrets;

  private final Optional<Watched<Secret>> secrets;

  /**
   * A controller that does nothing yet.
   *
   * @param events closed with it
   * @param secretsNamespace where the Secrets of peer configs are; empty: nowhere
   */
  public AdviceController(
      KubernetesClient client, EventWriter events, String secretsNamespace, MeterRegistry metrics) {
    this.events = events;
    this.secretsNamespace = secretsNamespace;
    this.loop = new ReconcileLoop("advice", () -> {}, this::reconcile, metrics);
    this.watches = new Watches(loop::signal);
    this.clusterConfigs =
        watches.add(
            client.resources(CiliumBGPClusterConfig.class), CiliumBGPClusterConfig::getSpec);
    this.peerConfigs =
        watches.add(client.resources(CiliumBGPPeerConfig.class), CiliumBGPPeerConfig::getSpec);
    this.advertisements =
        watches.add(
            client.resources(CiliumBGPAdvertisement.class),
            it -> Arrays.asList(it.getMetadata().getLabels(), it.getSpec()));
    this.pools = watches.add(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
    this.watchesOfSecrets = new Watches(loop::signal);
    this.secrets =
        Optional.of(secretsNamespace)
            .filter(namespace -> !namespace.isEmpty())
            .map(namespace ->
                watchesOfSecrets.add(
                    client.secrets().inNamespace(namespace),
                    secret -> Passwords.withoutPassword(secret).getData(),
                    Passwords::withoutPassword));
  }

  /** Starts to watch; nothing is written yet. */
  public void watch() {
    watches.start();
    watchesOfSecrets.start();
  }

  /** Starts to write: this process is the leader. */
  public void lead() {
    loop.start();
  }

  /** The kinds that have not been listed yet. */
  public List<String> missing() {
    return watches.missing();
  }

  /** Whether the loop runs or waits to be started. */
  public boolean alive() {
    return loop.alive();
  }

  @Override
  public void close() {
    loop.close();
    watches.close();
    watchesOfSecrets.close();
    events.close();
  }

  private Duration reconcile() {
    if (watches.missing().isEmpty()) {
      events.keep(
          Advice.of(
              new Advice.Objects(
                  clusterConfigs.all(),
                  peerConfigs.all(),
                  advertisements.all(),
                  pools.all(),
                  passwords())));
    }
    return ReconcileLoop.RESYNC;
  }

  private Optional<Passwords> passwords() {
    if (secrets.isEmpty()) {
      return Optional.of(Passwords.NONE);
    }
    return secrets
        .filter(_ -> watchesOfSecrets.missing().isEmpty())
        .map(watched -> Passwords.of(secretsNamespace, watched.all()));
  }
}

package dev.peerage.operator;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.Warning;
import dev.peerage.kube.Writes;
import dev.peerage.peering.Advice;
import dev.peerage.peering.CiliumConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this operator from writing what Cilium's operator writes: while Cilium's own BGP control
 * plane is on, nothing is started, and everybody is told. It asks from time to time, so that it
 * goes on by itself when Cilium's is turned off, and stands back when it is turned on.
 */
final class BesideCilium implements AutoCloseable {
  static final String REASON = "CiliumBGPControlPlaneEnabled";

  private static final Logger log = LoggerFactory.getLogger(BesideCilium.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final String namespace;
  private final EventWriter events;
  private final Readiness readiness;
  private final Duration period;
  private volatile Map<String, String> missing = Map.of();
  private boolean refused;
  private @Nullable Thread watcher;

  /**
   * Asks nothing yet.
   *
   * @param namespace where Cilium's ConfigMap is; empty: it is not looked at
   * @param events where ClusterConfigs get an Event while they are left to Cilium
   * @param readiness waits while the API server does not answer
   */
  BesideCilium(KubernetesClient client, String namespace, EventWriter events, Readiness readiness) {
    this(client, namespace, events, readiness, PERIOD);
  }

  BesideCilium(
      KubernetesClient client,
      String namespace,
      EventWriter events,
      Readiness readiness,
      Duration period) {
    this.client = client;
    this.namespace = namespace;
    this.events = events;
    this.readiness = readiness;
    this.period = period;
  }

  /** Why nothing is started; empty unless it is for Cilium. */
  Map<String, String> missing() {
    return missing;
  }

  /** Returns once Cilium's own BGP control plane is off, or not there. */
  void await() throws InterruptedException {
    CiliumConfig config = config();
    while (config.bgp()) {
      if (missing.isEmpty()) {
        log.error(
            "{}; nothing is written until it is off, which is looked at every {} s; {}",
            CiliumConfig.bgpIsOn(namespace),
            period.toSeconds(),
            CiliumConfig.remedy());
      }
      missing =
          Map.of(
              "cilium",
              CiliumConfig.bgpIsOn(namespace)
                  + "; nothing is written until it is off; "
                  + CiliumConfig.remedy());
      tell();
      Thread.sleep(period);
      config = config();
    }
    if (!missing.isEmpty()) {
      log.info("Cilium's own BGP control plane is off");
      missing = Map.of();
      events.keep(Set.of());
    }
    if (config.lbIpam()) {
      log.warn(
          "Cilium's operator gives addresses of CiliumLoadBalancerIPPools too, and both write the"
              + " statuses of pools and Services; set enable-lb-ipam to \"false\" in ConfigMap {}/{}"
              + " (extraConfig of Cilium's chart)",
          namespace,
          CiliumConfig.NAME);
    }
  }

  /** Looks again and again, and calls once when Cilium's own BGP control plane is turned on. */
  void watch(Runnable turnedOn) {
    if (namespace.isEmpty()) {
      return;
    }
    watcher =
        Thread.ofVirtual()
            .name("beside-cilium")
            .start(() -> {
              try {
                do {
                  Thread.sleep(period);
                } while (!config().bgp());
                log.error(
                    "{}; stopping, so that only one writes; {}",
                    CiliumConfig.bgpIsOn(namespace),
                    CiliumConfig.remedy());
                turnedOn.run();
              } catch (InterruptedException _) {
                log.debug("No longer looking at Cilium's settings");
              }
            });
  }

  /** What there is now; waits until the API server answers. */
  private CiliumConfig config() throws InterruptedException {
    if (namespace.isEmpty()) {
      return CiliumConfig.ABSENT;
    }
    for (var attempt = 1; ; attempt++) {
      try {
        @Nullable ConfigMap map =
            client.configMaps().inNamespace(namespace).withName(CiliumConfig.NAME).get();
        return map == null ? CiliumConfig.ABSENT : CiliumConfig.of(map);
      } catch (KubernetesClientException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
          if (!refused) {
            log.warn(
                "It is not known whether Cilium's own BGP control plane is on, and assumed that it"
                    + " is not: {}",
                Writes.reason(e));
          }
          refused = true;
          return CiliumConfig.ABSENT;
        }
        readiness.retry(attempt, "Cilium's settings cannot be read", e);
      }
    }
  }

  private void tell() {
    try {
      events.keep(
          warnings(namespace, client.resources(CiliumBGPClusterConfig.class).list().getItems()));
    } catch (KubernetesClientException e) {
      log.warn("The CiliumBGPClusterConfigs get no Event about it: {}", Writes.reason(e));
    }
  }

  /** The warnings about ClusterConfigs that are left to Cilium. */
  static Set<Warning> warnings(String namespace, Collection<CiliumBGPClusterConfig> configs) {
    return configs.stream()
        .map(config ->
            new Warning(
                Advice.subject(config),
                REASON,
                CiliumConfig.bgpIsOn(namespace)
                    + ", and writes the CiliumBGPNodeConfigs; Peerage's operator writes nothing and"
                    + " its agents hold no session until it is off; "
                    + CiliumConfig.remedy()))
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.interrupt();
    }
  }
}

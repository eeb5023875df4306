package dev.peerage.operator;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ApiServerAway;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the API server serves every kind that is watched. The SDK starts all watches or none,
 * and gives up when one fails; an operator that comes before its definitions, or while the API
 * server is away, waits here without end instead.
 */
final class Readiness {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);
  private static final String WAITING = "not listed yet";

  /** How often an API server that does not answer is asked again. */
  private static final Duration AWAY = Duration.ofSeconds(1);

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          CiliumBGPClusterConfig.class,
          CiliumBGPPeerConfig.class,
          CiliumBGPAdvertisement.class,
          CiliumBGPNodeConfig.class,
          CiliumBGPNodeConfigOverride.class,
          CiliumLoadBalancerIPPool.class,
          Node.class,
          Service.class);

  private final KubernetesClient client;
  private volatile Map<String, String> missing = all();

  Readiness(KubernetesClient client) {
    this.client = client;
  }

  private static TreeMap<String, String> all() {
    var all = new TreeMap<String, String>();
    KINDS.forEach(kind -> all.put(kind.getSimpleName(), WAITING));
    return all;
  }

  /** The kinds that are not served, and why. */
  Map<String, String> missing() {
    return missing;
  }

  /** Returns once all kinds can be listed. */
  void await() throws InterruptedException {
    for (var attempt = 1; ; attempt++) {
      var found = new TreeMap<String, KubernetesClientException>();
      for (Class<? extends HasMetadata> kind : KINDS) {
        try {
          var _ =
              client
                  .resources(kind)
                  .inAnyNamespace()
                  .list(new ListOptionsBuilder().withLimit(1L).build());
        } catch (KubernetesClientException e) {
          found.put(kind.getSimpleName(), e);
          if (ApiServerAway.isMeantBy(e)) {
            break;
          }
        }
      }
      if (found.isEmpty()) {
        missing = Map.of();
        return;
      }
      TreeMap<String, String> all = all();
      found.forEach((kind, e) -> all.put(kind, WAITING + ": " + Writes.reason(e)));
      missing = all;
      retry(
          attempt,
          "Kinds cannot be listed: " + String.join(", ", found.keySet()),
          found.firstEntry().getValue());
    }
  }

  /**
   * Waits a little longer each time, but not while nobody answers: that costs the server little.
   */
  void retry(int attempt, String what, Throwable why) throws InterruptedException {
    if (ApiServerAway.tell(client, why)) {
      log.debug("{}", what, why);
      Thread.sleep(AWAY);
      return;
    }
    Duration delay = RetryPolicy.STANDARD.after(attempt);
    log.warn(
        "{}; nothing is written; trying again in {} s: {}",
        what,
        delay.toSeconds(),
        why instanceof KubernetesClientException e ? Writes.reason(e) : why.toString());
    Thread.sleep(delay);
  }

  /** Whether Secrets of a namespace may be read; waits until the API server says so. */
  boolean secretsReadable(String namespace) throws InterruptedException {
    if (namespace.isEmpty()) {
      return false;
    }
    for (var attempt = 1; ; attempt++) {
      try {
        boolean readable = allowed(namespace, "list") && allowed(namespace, "watch");
        if (!readable) {
          log.warn(
              "Secrets of namespace {} cannot be read: nothing is said of the passwords of"
                  + " CiliumBGPPeerConfigs; allow list and watch, and restart",
              namespace);
        }
        return readable;
      } catch (KubernetesClientException e) {
        retry(attempt, "It is not known whether Secrets may be read", e);
      }
    }
  }

  private boolean allowed(String namespace, String verb) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withResource("secrets")
            .withVerb(verb)
            .endResourceAttributes()
            .endSpec()
            .build();
    return client.resource(review).create().getStatus().getAllowed();
  }
}
